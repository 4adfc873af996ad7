import assert from "node:assert/strict";
import { join } from "node:path";
import { makeFolder, syncFolder, writeFileAtomic } from "../../../runtime/disk/durable.ts";

async function inFolder(test: (dir: string) => void): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "crewagent-durable-" });
  try {
    test(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("writeFileAtomic() makes missing folders and replaces what was there", async () => {
  await inFolder((dir) => {
    const path = join(dir, "a", "b", "file");
    writeFileAtomic(path, "one");
    writeFileAtomic(path, new TextEncoder().encode("two"));
    assert.equal(Deno.readTextFileSync(path), "two");
    assert.deepEqual([...Deno.readDirSync(join(dir, "a", "b"))].map(({ name }) => name), ["file"]);
  });
});

Deno.test("makeFolder() and writeFileAtomic() keep what they make from other users", async () => {
  if (Deno.build.os === "windows") return;
  await inFolder((dir) => {
    writeFileAtomic(join(dir, "a", "file"), "secret");
    assert.equal((Deno.statSync(join(dir, "a")).mode ?? 0) & 0o777, 0o700);
    assert.equal((Deno.statSync(join(dir, "a", "file")).mode ?? 0) & 0o777, 0o600);
  });
});

Deno.test("makeFolder() takes a folder that is there, and refuses a file in its place", async () => {
  await inFolder((dir) => {
    makeFolder(dir);
    Deno.writeTextFileSync(join(dir, "file"), "");
    assert.throws(() => makeFolder(join(dir, "file", "below")));
  });
});

Deno.test("syncFolder() tells of a folder that is not there", async () => {
  if (Deno.build.os === "windows") return;
  await inFolder((dir) => assert.throws(() => syncFolder(join(dir, "missing"))));
});
