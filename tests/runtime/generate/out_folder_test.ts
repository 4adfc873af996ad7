import assert from "node:assert/strict";
import { join } from "node:path";
import { AppError } from "../../../schemas/error.ts";
import { generateProject, readFolder } from "../../../runtime/generate/generate_project.ts";
import { inFolder, writeFiles } from "../flow/flow_world.ts";
import { filesBelow, withProject } from "./generated_project.ts";

const SOURCES = { "bmad/agents/one.md": "First.\n", "bmad/agents/two.md": "Second.\n" };

const refused = (code: string) => (thrown: unknown) =>
  thrown instanceof AppError && thrown.code === code;

/** Inode and time of change of every file. */
async function identities(out: string): Promise<Map<string, string>> {
  const files = [...(await filesBelow(out)).keys()];
  return new Map(files.map((path) => {
    const { ino, mtime } = Deno.statSync(join(out, path));
    return [path, `${ino} ${mtime?.getTime()}`];
  }));
}

Deno.test("generateProject() writes nothing the second time", () =>
  withProject(SOURCES, async ({ out, again }) => {
    const before = await identities(out);
    const { comparison } = await again();
    assert.deepEqual(comparison, {
      added: [],
      changed: [],
      removed: [],
      unchanged: comparison?.unchanged,
    });
    assert.deepEqual(await identities(out), before);
  }));

Deno.test("generateProject() gives the same bytes for the same sources, wherever they lie", () =>
  withProject(SOURCES, (first) =>
    withProject(SOURCES, async (second) => {
      assert.deepEqual(await filesBelow(first.out), await filesBelow(second.out));
    })));

Deno.test("generateProject() rewrites what differs alone and removes what is no longer there", () =>
  withProject(SOURCES, async ({ dir, out, again }) => {
    const before = await identities(out);
    await Deno.writeTextFile(join(out, "stray.txt"), "x");
    await Deno.remove(join(dir, "bmad/agents/two.md"));
    await Deno.writeTextFile(join(dir, "bmad/agents/one.md"), "Changed.\n");
    const { comparison } = await again();
    assert.deepEqual(comparison?.added, []);
    assert.deepEqual(comparison?.changed, ["README.md", "agents/one.ts", "flows.ts"].sort(compare));
    assert.deepEqual(comparison?.removed, ["agents/two.ts", "stray.txt"]);
    const after = await identities(out);
    assert.equal(after.has("stray.txt"), false);
    for (const path of comparison?.unchanged ?? []) assert.equal(after.get(path), before.get(path));
  }));

const ORDER = ["agents/one.ts", "flows.ts", "README.md"];
const compare = (a: string, b: string) => ORDER.indexOf(a) - ORDER.indexOf(b);

Deno.test("generateProject() keeps what a running project gathered", () =>
  withProject(SOURCES, async ({ dir, out, again }) => {
    const gathered = {
      ".env": "OPENAI_API_KEY=mine\n",
      "config/runtime.yaml": "docs_dir: docs\n",
      "docs/story__one.md": "# One\n",
      "memory/shared/default.jsonl": "{}\n",
      "node_modules/library/index.js": "",
    };
    await writeFiles(out, gathered);
    await Deno.writeTextFile(join(dir, "bmad/agents/one.md"), "Changed.\n");
    await again();
    const files = await filesBelow(out);
    for (const [path, text] of Object.entries(gathered)) assert.equal(files.get(path), text, path);
  }));

Deno.test("generateProject() refuses a folder, a file and a link that it has not made", async () => {
  for (const place of ["folder", "file", "link", "marked"]) {
    await inFolder({
      ...SOURCES,
      "folder/mine.txt": "mine",
      "file": "mine",
      "marked/.crewagent-generated.json": '{"madeBy": "somebody else"}',
    }, async (dir) => {
      await Deno.symlink(join(dir, "folder"), join(dir, "link"));
      const before = await filesBelow(join(dir, "folder"));
      const out = join(dir, place);
      const options = { read: readFolder(dir), out, version: "1.2.3", purpose: "write" } as const;
      await assert.rejects(generateProject(options), refused("FLOW_OUT_FOREIGN"), place);
      assert.deepEqual(await filesBelow(join(dir, "folder")), before);
    });
  }
});

Deno.test("generateProject() refuses an output that holds the sources", () =>
  withProject(SOURCES, async ({ out }) => {
    await writeFiles(out, SOURCES);
    for (const dir of [out, join(out, "bmad")]) {
      const options = { read: readFolder(dir), out, version: "1.2.3", purpose: "write" } as const;
      await assert.rejects(generateProject(options), refused("USAGE"));
    }
    assert.equal(await Deno.readTextFile(join(out, "bmad/agents/one.md")), "First.\n");
  }));

Deno.test("generateProject() refuses an output that another process replaces now", () =>
  withProject(SOURCES, async ({ dir, again }) => {
    using lock = Deno.openSync(join(dir, ".generated.crewagent-lock"), {
      create: true,
      write: true,
    });
    lock.lockSync(true);
    await assert.rejects(again(), refused("DATA_FOLDER_BUSY"));
  }));

Deno.test("generateProject() puts the old output back if it was killed between the two renames", () =>
  withProject(SOURCES, async ({ dir, out, again }) => {
    const before = await identities(out);
    await Deno.rename(out, join(dir, ".generated.crewagent-old"));
    await writeFiles(join(dir, ".generated.crewagent-new"), { "half.ts": "written" });
    await again();
    assert.deepEqual(await identities(out), before);
    assert.deepEqual([...Deno.readDirSync(dir)].map(({ name }) => name).sort(), [
      "bmad",
      "generated",
    ]);
  }));

Deno.test("generateProject() moves what is kept if it was killed before that", () =>
  withProject(SOURCES, async ({ dir, out, again }) => {
    await writeFiles(join(dir, ".generated.crewagent-old"), { "docs/s__one.md": "# One\n" });
    await again();
    assert.equal(await Deno.readTextFile(join(out, "docs/s__one.md")), "# One\n");
    assert.equal([...Deno.readDirSync(dir)].length, 2);
  }));
