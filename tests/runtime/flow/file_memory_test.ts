import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openFileMemory } from "../../../runtime/flow/file_memory.ts";
import { testMemory } from "./memory_suite.ts";

const APPEND_PROCESS = fileURLToPath(new URL("./append_process.ts", import.meta.url));

testMemory("openFileMemory()", {
  ignore: false,
  makePlace: async () => {
    const folder = await Deno.makeTempDir();
    return {
      open: () => openFileMemory({ folder }),
      remove: () => Deno.remove(folder, { recursive: true }),
    };
  },
});

async function inTemporaryFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function startAppending(folder: string, ...args: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-all", APPEND_PROCESS, folder, ...args],
    stdout: "piped",
    stderr: "inherit",
    stdin: "null",
  }).spawn();
}

/** The lines a process prints, as they come. */
async function* linesOf(child: Deno.ChildProcess): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

Deno.test("openFileMemory() names files as the design says", () =>
  inTemporaryFolder(async (folder) => {
    const memory = openFileMemory({ folder });
    await memory.set("isolated:senior_dev:story-1", "a", 1);
    await memory.set("shared:team", "a", 1);
    await memory.set("story:default:s_1", "a", 1);
    await memory.close();
    for (
      const file of [
        "isolated/senior%5Fdev_story-1.jsonl",
        "shared/team.jsonl",
        "story/default_s%5F1.jsonl",
      ]
    ) {
      const text = await Deno.readTextFile(join(folder, file));
      assert.match(text, /^\{"key":"a","value":1,"at":"\d{4}-[^"]+Z"\}\n$/);
    }
  }));

Deno.test("openFileMemory() drops a line torn at any byte of its text and goes on behind it", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "shared", "team.jsonl");
    const first = openFileMemory({ folder });
    await first.set("shared:team", "whole", "äöü 你好");
    await first.set("shared:team", "torn", "äöü 你好");
    await first.close();
    const bytes = await Deno.readFile(path);
    const firstEnd = bytes.indexOf(0x0a) + 1;
    for (let end = firstEnd; end < bytes.length - 1; end++) {
      await Deno.writeFile(path, bytes.subarray(0, end));
      const memory = openFileMemory({ folder });
      assert.deepEqual((await memory.list("shared:team")).map(({ key }) => key), ["whole"]);
      await memory.set("shared:team", "next", end);
      await memory.close();
      const again = openFileMemory({ folder });
      assert.deepEqual(
        (await again.list("shared:team")).map(({ key, value }) => [key, value]),
        [["next", end], ["whole", "äöü 你好"]],
        `torn at byte ${end}`,
      );
      await again.close();
    }
  }));

Deno.test("openFileMemory() passes over damaged lines, tells of them and keeps them aside", () =>
  inTemporaryFolder(async (folder) => {
    await Deno.mkdir(join(folder, "shared"), { recursive: true });
    const path = join(folder, "shared", "team.jsonl");
    const damaged = ["{not json", '"text"', "[1]", '{"key":1,"value":2}', '{"key":"k"}'];
    const lines = ['{"key":"a","value":1}', ...damaged, "", '{"key":"b","value":null}'];
    await Deno.writeTextFile(path, lines.map((line) => `${line}\n`).join(""));
    const notices: string[] = [];
    const memory = openFileMemory({ folder, onNotice: (message) => notices.push(message) });
    assert.deepEqual(await memory.list("shared:team"), [
      { key: "a", value: 1 },
      { key: "b", value: null },
    ]);
    await memory.set("shared:team", "c", 1);
    await memory.close();
    assert.match(notices.join("\n"), /^Reading memory: 5 damaged lines in "team\.jsonl"[^\n]*$/);
    const aside = await Deno.readTextFile(`${path}.damaged`);
    assert.equal(aside, damaged.map((line) => `${line}\n`).join(""));
    assert.doesNotMatch(await Deno.readTextFile(path), /not json/);
  }));

Deno.test("openFileMemory() compacts a file whose lines are mostly of the past", () =>
  inTemporaryFolder(async (folder) => {
    const memory = openFileMemory({ folder });
    const value = "x".repeat(1_000);
    await memory.set("shared:team", "kept", "for ever");
    for (let turn = 0; turn < 400; turn++) await memory.set("shared:team", "k", [turn, value]);
    await memory.close();
    const { size } = await Deno.stat(join(folder, "shared", "team.jsonl"));
    assert.ok(size < 140_000, `${size} bytes`);
    const again = openFileMemory({ folder });
    assert.equal((await again.get("shared:team", "kept"))?.value, "for ever");
    assert.deepEqual((await again.get("shared:team", "k"))?.value, [399, value]);
    await again.close();
    const names = Array.from(Deno.readDirSync(join(folder, "shared")), ({ name }) => name);
    assert.deepEqual(names, ["team.jsonl"]);
  }));

Deno.test("openFileMemory() finishes a compaction whose process died behind its seal", () =>
  inTemporaryFolder(async (folder) => {
    await Deno.mkdir(join(folder, "shared"), { recursive: true });
    const lines = [
      '{"key":"a","value":1}',
      '{"sealed":true}',
      '{"key":"a","value":"written behind the seal, never acknowledged"}',
    ];
    const path = join(folder, "shared", "team.jsonl");
    await Deno.writeTextFile(path, lines.map((line) => `${line}\n`).join(""));
    const memory = openFileMemory({ folder });
    assert.equal((await memory.get("shared:team", "a"))?.value, 1);
    await memory.set("shared:team", "b", 2);
    assert.deepEqual(await memory.list("shared:team"), [
      { key: "a", value: 1 },
      { key: "b", value: 2 },
    ]);
    await memory.close();
    assert.doesNotMatch(await Deno.readTextFile(path), /seal/);
  }));

Deno.test("openFileMemory() writes anew when somebody removes the folder under it", () =>
  inTemporaryFolder(async (folder) => {
    const memory = openFileMemory({ folder });
    await memory.set("shared:team", "a", 1);
    await Deno.remove(join(folder, "shared"), { recursive: true });
    assert.deepEqual(await memory.list("shared:team"), []);
    await memory.set("shared:team", "b", 2);
    await memory.close();
    const again = openFileMemory({ folder });
    assert.deepEqual(await again.list("shared:team"), [{ key: "b", value: 2 }]);
    await again.close();
  }));

Deno.test("openFileMemory() says that memory is unavailable where a file stands in its way", () =>
  inTemporaryFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "shared"), "not a folder");
    const memory = openFileMemory({ folder });
    await assert.rejects(memory.set("shared:team", "a", 1), {
      code: "FLOW_MEMORY_UNAVAILABLE",
      message: /^Using memory scope "shared:team" failed: /,
    });
    await memory.close();
  }));

Deno.test("two processes append at once, compact at once, and lose nothing", () =>
  inTemporaryFolder(async (folder) => {
    const children = ["a", "b"].map((name) => startAppending(folder, name, "300", "900"));
    const outputs = await Promise.all(children.map((child) => child.output()));
    assert.deepEqual(outputs.map(({ code }) => code), [0, 0]);
    const memory = openFileMemory({ folder });
    const turns = (await memory.list("shared:team"))
      .map(({ key, value }) => [key, (value as { turn: number }).turn]);
    await memory.close();
    const last = (name: string) =>
      Array.from({ length: 7 }, (_, key) => [`${name}-${key}`, 299 - ((299 - key) % 7)]);
    assert.deepEqual(turns, [...last("a"), ...last("b")]);
  }));

Deno.test("kill -9 while writing costs nothing that was promised, and others go on", () =>
  inTemporaryFolder(async (folder) => {
    const survivor = startAppending(folder, "survivor", "0", "2000");
    const survived: string[] = [];
    const reading = (async () => {
      for await (const line of linesOf(survivor)) survived.push(line);
    })();
    const promised = new Map<string, number>();
    for (let death = 0; death < 6; death++) {
      const child = startAppending(folder, `victim${death}`, "0", "3000");
      for await (const line of linesOf(child)) {
        promised.set(`victim${death}`, Number(line));
        if (Number(line) === 20 + death * 13) child.kill("SIGKILL");
      }
      await child.status;
    }
    survivor.kill("SIGKILL");
    await survivor.status;
    await reading;
    promised.set("survivor", Number(survived.at(-1)));
    const memory = openFileMemory({ folder });
    const turns = new Map(
      (await memory.list("shared:team"))
        .map(({ key, value }) => [key, (value as { turn: number }).turn]),
    );
    await memory.close();
    for (const [name, turn] of promised) {
      const newest = Math.max(...[0, 1, 2, 3, 4, 5, 6].map((key) => turns.get(`${name}-${key}`)!));
      // The one after the last promise may have been written without being told.
      assert.ok(newest === turn || newest === turn + 1, `${name}: ${newest} for ${turn}`);
    }
    assert.equal(promised.size, 7);
  }));

Deno.test("openFileMemory() keeps scopes apart whose ids differ in case only, whatever the file system", () =>
  inTemporaryFolder(async (folder) => {
    const memory = openFileMemory({ folder });
    for (const id of ["Ab", "aB", "ab", "AB"]) await memory.set(`shared:${id}`, "k", id);
    await memory.close();
    const names = Array.from(Deno.readDirSync(join(folder, "shared")), ({ name }) => name);
    assert.equal(new Set(names.map((name) => name.toLowerCase())).size, 4, names.join());
  }));
