import assert from "node:assert/strict";
import { join } from "node:path";
import { openFileDocuments } from "../../../runtime/flow/file_documents.ts";

async function inTemporaryFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("openFileDocuments() writes {story}__{agent}.md with its times, and keeps the first", () =>
  inTemporaryFolder(async (folder) => {
    const documents = openFileDocuments({ folder: join(folder, "docs") });
    const first = await documents.write("s-1__analyst", "# One\n");
    const second = await documents.write("s-1__analyst.md", "# Two\n");
    assert.equal(second.createdAt, first.createdAt);
    assert.notEqual(second.etag, first.etag);
    const text = await Deno.readTextFile(join(folder, "docs", "s-1__analyst.md"));
    assert.equal(
      text,
      `---\ncreated_at: ${first.createdAt}\nupdated_at: ${second.updatedAt}\n---\n\n# Two\n`,
    );
    assert.deepEqual(await documents.read("s-1__analyst"), second);
    assert.deepEqual(Array.from(Deno.readDirSync(join(folder, "docs"))).length, 1);
  }));

Deno.test("openFileDocuments() gives back any content as it was", () =>
  inTemporaryFolder(async (folder) => {
    const documents = openFileDocuments({ folder });
    const contents = [
      "",
      "\n",
      "---\n",
      "---\ntitle: x\n---\nbody",
      "---\ncreated_at: 2020-01-01\nupdated_at: 2020-01-01\n---\n\nlooks like ours",
      "\n\n---\n\n",
      "äöü 你好 🙂\r\n\0",
    ];
    for (const content of contents) {
      const { etag } = await documents.write("a", content);
      const read = await documents.read("a");
      assert.equal(read?.content, content);
      assert.equal(read?.etag, etag);
    }
  }));

Deno.test("openFileDocuments() reads a person's file that carries no times", () =>
  inTemporaryFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "prd.md"), "---\ntitle: Mine\n---\nText");
    const documents = openFileDocuments({ folder });
    const read = await documents.read("prd");
    assert.equal(read?.content, "---\ntitle: Mine\n---\nText");
    assert.match(read?.createdAt ?? "", /^\d{4}-\d\d-\d\dT.*Z$/);
  }));

Deno.test("openFileDocuments() follows no link and reads nothing but files", () =>
  inTemporaryFolder(async (folder) => {
    const docs = join(folder, "docs");
    await Deno.mkdir(join(docs, "folder.md"), { recursive: true });
    await Deno.writeTextFile(join(folder, "secret.txt"), "secret");
    await Deno.symlink(join(folder, "secret.txt"), join(docs, "link.md"));
    await Deno.symlink(join(folder, "nowhere"), join(docs, "dangling.md"));
    await new Deno.Command("mkfifo", { args: [join(docs, "pipe.md")] }).output();
    const documents = openFileDocuments({ folder: docs });
    for (const id of ["link", "dangling", "folder", "pipe"]) {
      assert.equal(await documents.read(id), undefined, id);
      assert.equal(await documents.exists(id), false, id);
    }
    assert.deepEqual(await documents.list(), []);
    await documents.write("link", "mine now");
    assert.equal(await Deno.readTextFile(join(folder, "secret.txt")), "secret");
    assert.equal((await documents.read("link"))?.content, "mine now");
  }));

Deno.test("openFileDocuments() refuses ids that lead elsewhere", () =>
  inTemporaryFolder(async (folder) => {
    const documents = openFileDocuments({ folder: join(folder, "docs") });
    for (const id of ["", "..", "../x", "/etc/passwd", "a/b", "a\\b", "a\0", ".md", "a____b!"]) {
      await assert.rejects(documents.read(id), { code: "REQUEST_INVALID" }, id);
      await assert.rejects(documents.write(id, "x"), { code: "REQUEST_INVALID" }, id);
    }
    assert.deepEqual(Array.from(Deno.readDirSync(folder)), []);
  }));

Deno.test("openFileDocuments() lets exactly one of many writers with the same ETag win", () =>
  inTemporaryFolder(async (folder) => {
    const documents = openFileDocuments({ folder });
    const { etag } = await documents.write("a", "seen by all");
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => documents.write("a", `by ${index}`, etag)),
    );
    const lost = outcomes.filter((outcome) => outcome.status === "rejected");
    assert.equal(lost.length, 19);
    assert.ok(lost.every(({ reason }) => reason.code === "FLOW_DOC_CONFLICT"));
    await assert.rejects(documents.write("new", "x", "*"), { code: "FLOW_DOC_CONFLICT" });
  }));

Deno.test("openFileDocuments() lets one of many writers win also where each of them opened the folder by itself", () =>
  inTemporaryFolder(async (folder) => {
    const replicas = Array.from({ length: 8 }, () => openFileDocuments({ folder }));
    for (let round = 0; round < 10; round++) {
      const { etag } = await openFileDocuments({ folder }).write("a", `round ${round}`);
      const outcomes = await Promise.allSettled(
        replicas.map((replica, index) => replica.write("a", `${round} by ${index}`, etag)),
      );
      const won = outcomes.filter(({ status }) => status === "fulfilled");
      assert.equal(won.length, 1, `round ${round}`);
    }
    assert.deepEqual(Array.from(Deno.readDirSync(folder), ({ name }) => name), ["a.md"]);
  }));

Deno.test("openFileDocuments() writes on where a process died with the lock of a document", () =>
  inTemporaryFolder(async (folder) => {
    const lock = join(folder, ".a.md.lock");
    const documents = openFileDocuments({ folder, lockStaleMs: 50 });
    await documents.write("a", "before");
    await Deno.writeTextFile(lock, "");
    assert.equal((await documents.write("a", "after all")).content, "after all");
    assert.deepEqual(Array.from(Deno.readDirSync(folder), ({ name }) => name), ["a.md"]);
  }));
