import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { SearchMatch } from "../../../runtime/tools/worker_protocol.ts";
import { codeOf, messageOf, openWorld, type ToolWorld } from "./tool_world.ts";
import { PATIENCE_MS } from "../../patience.ts";

async function matchesOf(world: ToolWorld, args: Record<string, unknown>): Promise<SearchMatch[]> {
  const result = await world.call("fs.search", args);
  ok(result.ok, messageOf(result));
  return result.matches as SearchMatch[];
}

async function pathsOf(world: ToolWorld, args: Record<string, unknown>): Promise<string[]> {
  return (await matchesOf(world, args)).map(({ path }) => path);
}

Deno.test("fs.search answers path, line, column, text and context", async () => {
  await using world = await openWorld();
  world.put("project/a.md", "one\ntwo\nthree needle\nfour\nfive\n");
  deepEqual(await matchesOf(world, { query: "needle", before: 2, after: 1 }), [{
    path: "@project/a.md",
    line: 3,
    column: 7,
    text: "three needle",
    before: ["one", "two"],
    after: ["four"],
  }]);
});

Deno.test("fs.search ignores case for a query in lower case only", async () => {
  await using world = await openWorld();
  world.put("project/a.md", "Needle\nneedle\nNEEDLE\n");
  equal((await matchesOf(world, { query: "needle" })).length, 3);
  equal((await matchesOf(world, { query: "Needle" })).length, 1);
});

Deno.test("fs.search takes a query literally", async () => {
  await using world = await openWorld();
  world.put("project/a.md", "axb\na.b\n");
  deepEqual((await matchesOf(world, { query: "a.b" })).map(({ line }) => line), [2]);
});

Deno.test("fs.search takes a pattern as a regular expression over single lines", async () => {
  await using world = await openWorld();
  world.put("project/a.ts", "const total = 42;\r\nlet x;\r\nconst sum = 7;\r\n");
  const found = await matchesOf(world, { pattern: "^const\\s+(?<name>\\w+) = \\d+;$" });
  deepEqual(found.map(({ line, text }) => [line, text]), [
    [1, "const total = 42;"],
    [3, "const sum = 7;"],
  ]);
  deepEqual(await matchesOf(world, { pattern: "42;\\s+let" }), []);
});

const BAD_PATTERNS = ["(", "a{99999}", "(?=x)", "(a)\\1", "[z-a]", "*"];

for (const pattern of BAD_PATTERNS) {
  Deno.test(`fs.search refuses the pattern ${pattern} and says why`, async () => {
    await using world = await openWorld();
    const result = await world.call("fs.search", { pattern });
    equal(codeOf(result), "E_TOOL_ARGS");
    match(messageOf(result), /no regular expression of RE2 syntax \(.+\)/);
  });
}

const HOSTILE_PATTERNS = ["(a+)+$", "(a|a)*b", "(a*)*c", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*)*x"];

for (const pattern of HOSTILE_PATTERNS) {
  Deno.test(`fs.search does not hang on ${pattern}`, async () => {
    await using world = await openWorld();
    world.put("project/a.md", "a".repeat(50_000) + "!\n");
    const started = performance.now();
    ok((await world.call("fs.search", { pattern })).ok);
    ok(performance.now() - started < PATIENCE_MS);
  });
}

Deno.test("fs.search skips .git, node_modules, hidden, binary files and links", async () => {
  await using world = await openWorld();
  for (const folder of [".git", "node_modules/x", ".cache", "src"]) {
    world.put(`project/${folder}/a.md`, "needle");
  }
  world.put("project/.env", "needle");
  world.put("project/image.bin", new Uint8Array([...new TextEncoder().encode("needle"), 0]));
  world.put("outside/a.md", "needle");
  await Deno.symlink("../outside/a.md", `${world.project}/link.md`);
  await Deno.symlink("../outside", `${world.project}/link`);
  await Deno.symlink(".", `${world.project}/circle`);
  deepEqual(await pathsOf(world, { query: "needle" }), ["@project/src/a.md"]);
});

const GLOBS: readonly (readonly [Record<string, unknown>, readonly string[]])[] = [
  [{ globs: ["*.md"] }, ["@project/a.md", "@project/docs/b.md", "@project/docs/deep/c.md"]],
  [{ globs: ["docs/*.md"] }, ["@project/docs/b.md"]],
  [{ globs: ["docs/**"] }, [
    "@project/docs/b.md",
    "@project/docs/d.txt",
    "@project/docs/deep/c.md",
  ]],
  [{ globs: ["**/c.*"] }, ["@project/docs/deep/c.md"]],
  [{ globs: ["*.{md,txt}", "!deep/**", "!**/deep/**"] }, [
    "@project/a.md",
    "@project/docs/b.md",
    "@project/docs/d.txt",
  ]],
  [{ globs: ["?.txt"] }, ["@project/docs/d.txt"]],
  [{ globs: ["@pkg/**"] }, ["@pkg/steps/s.md"]],
  [{ globs: ["steps/*.md"] }, ["@pkg/steps/s.md"]],
  [{ path: "@project/docs" }, [
    "@project/docs/b.md",
    "@project/docs/d.txt",
    "@project/docs/deep/c.md",
  ]],
  [{ path: "@project/docs", globs: ["deep/*"] }, ["@project/docs/deep/c.md"]],
  [{ path: "@project/docs/d.txt" }, ["@project/docs/d.txt"]],
  [{ path: "@pkg" }, ["@pkg/steps/s.md"]],
  [{ globs: ["*.none"] }, []],
];

Deno.test("fs.search looks where path and globs say", async (t) => {
  await using world = await openWorld();
  for (const name of ["a.md", "docs/b.md", "docs/d.txt", "docs/deep/c.md"]) {
    world.put(`project/${name}`, "needle");
  }
  world.put("pkg/steps/s.md", "needle");
  for (const [scope, paths] of GLOBS) {
    await t.step(JSON.stringify(scope), async () => {
      deepEqual(await pathsOf(world, { query: "needle", ...scope }), paths);
    });
  }
});

Deno.test("fs.search stops at maxMatches, and says so only if there are more", async () => {
  await using world = await openWorld();
  world.put("project/a.md", "x\n".repeat(60));
  const cut = await world.call("fs.search", { query: "x" });
  const whole = await world.call("fs.search", { query: "x", maxMatches: 60 });
  ok(cut.ok && whole.ok);
  deepEqual([(cut.matches as unknown[]).length, cut.truncated], [50, true]);
  deepEqual([(whole.matches as unknown[]).length, whole.truncated], [60, undefined]);
});

Deno.test("fs.search shortens long lines round the match and keeps the answer small", async () => {
  await using world = await openWorld();
  world.put("project/min.js", `${"y".repeat(5000)}needle${"z".repeat(5000)}\n`.repeat(400));
  const found = await matchesOf(world, { query: "needle", maxMatches: 500 });
  equal(found[0]?.column, 5001);
  match(found[0]?.text ?? "", /^…y+needlez+…$/);
  ok(JSON.stringify(found).length < 150_000);
});

Deno.test("fs.search finds what lies across two chunks of reading", async () => {
  await using world = await openWorld();
  world.put("project/a.txt", `${"ü".repeat(131_070)}needle\n`);
  deepEqual((await matchesOf(world, { query: "needle" })).map(({ column }) => column), [131_071]);
});

const REFUSED: readonly (readonly [Record<string, unknown>, RegExp])[] = [
  [{}, /"query" is missing/],
  [{ query: "a", pattern: "b" }, /not both/],
  [{ query: "a\nb" }, /line break/],
  [{ query: "a", path: "@state" }, /read "@state\/workflow.md"/],
  [{ query: "a", path: "@project/none" }, /There is no "@project\/none"/],
];

for (const [args, message] of REFUSED) {
  Deno.test(`fs.search refuses ${JSON.stringify(args)}`, async () => {
    await using world = await openWorld();
    match(messageOf(await world.call("fs.search", args)), message);
  });
}
