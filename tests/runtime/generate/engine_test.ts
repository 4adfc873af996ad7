// What generated projects carry is all that it imports, and nothing that Node 20 lacks.
import assert from "node:assert/strict";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { ENGINE_ENTRIES, readEngine } from "../../../runtime/generate/engine.ts";
import { closureOf } from "../../../runtime/generate/engine_closure.ts";

const ROOT = new URL("../../../", import.meta.url);

const FOREIGN =
  /\bDeno\.|Promise\.(withResolvers|try)|Array\.fromAsync|(Object|Map)\.groupBy|\bnew Worker\(|with \{ type: "json" \}|^\s*(await )?using /m;

/** Local modules behind an entry, as Deno itself sees them. */
async function modulesOf(entry: string): Promise<string[]> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", entry],
    cwd: fileURLToPath(ROOT),
    stderr: "null",
  });
  const { stdout } = await command.output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as {
    modules: { specifier: string }[];
  };
  return modules.map(({ specifier }) => specifier)
    .filter((specifier) => specifier.startsWith(ROOT.href))
    .map((specifier) => specifier.slice(ROOT.href.length));
}

Deno.test("readEngine() carries exactly the files that Deno finds behind the entries", async () => {
  const found = new Set((await Promise.all(ENGINE_ENTRIES.map(modulesOf))).flat());
  assert.deepEqual(Object.keys(readEngine().files), [...found].sort());
});

Deno.test("readEngine() carries portable files of known rooms, and pinned libraries", () => {
  const { files, libraries, tools } = readEngine();
  const foreign = Object.entries(files).filter(([, text]) => FOREIGN.test(text));
  assert.deepEqual(foreign.map(([path]) => path), []);
  assert.deepEqual([...new Set(Object.keys(files).map((path) => dirname(path)))], [
    "builder/flow_service",
    "runtime/flow",
    "runtime/llm",
    "runtime/pocketflow",
    "runtime/state",
    "runtime/tools",
    "schemas",
  ]);
  assert.deepEqual(Object.keys(libraries), [
    "@hono/node-server",
    "ajv-formats",
    "ajv",
    "hono",
    "ioredis",
    "json-logic-engine",
    "jsonrepair",
    "openai",
    "pocketflow",
    "re2js",
    "yaml",
  ]);
  const versions = [
    ...Object.values(libraries).map(({ version }) => version),
    ...Object.values(tools),
  ];
  for (const version of versions) assert.match(version, /^\d+\.\d+\.\d+$/);
});

Deno.test("closureOf() follows types, re-exports, dynamic imports and imports for effect", () => {
  const files: Record<string, string> = {
    "a/one.ts": `import type { X } from "./two.ts";\nexport { y } from "../b/three.ts";`,
    "a/two.ts": `const z = await import("lib/deep.js");\nimport "node:fs";`,
    "b/three.ts": `import "../a/one.ts";`,
  };
  const closure = closureOf(["a/one.ts"], (path) => files[path] ?? "");
  assert.deepEqual(closure, { files, specifiers: ["lib/deep.js"] });
});
