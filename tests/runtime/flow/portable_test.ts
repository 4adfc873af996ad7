// A generated project carries the very files of the flow engine and runs under Node ≥ 20, too.
import assert from "node:assert/strict";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** What a generated project starts from. */
const ENTRIES = [
  "read_flow_source",
  "run_flow",
  "execute_agent",
  "flow_graph",
  "open_flow_model",
  "tool_runner",
  "file_memory",
  "file_documents",
  "file_story_lock",
  "redis_memory",
  "redis_story_lock",
].map((name) => `runtime/flow/${name}.ts`);

const LIBRARIES = [
  "ajv-formats",
  "ajv/dist/2020.js",
  "ioredis",
  "jsonrepair",
  "openai",
  "openai/resources/chat/completions",
  "re2js",
  "yaml",
];

/** What Node 20 does not have, and what is Deno's alone. */
const FOREIGN =
  /\bDeno\.|Promise\.(withResolvers|try)|Array\.fromAsync|(Object|Map)\.groupBy|\bnew Worker\(|with \{ type: "json" \}|^\s*(await )?using /m;

interface Closure {
  readonly files: ReadonlyMap<string, string>;
  readonly libraries: readonly string[];
}

async function closureOf(entries: readonly string[]): Promise<Closure> {
  const files = new Map<string, string>();
  const libraries = new Set<string>();
  const open = [...entries];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (files.has(path)) continue;
    const text = await Deno.readTextFile(join(ROOT, path));
    files.set(path, text);
    for (const [, specifier = ""] of text.matchAll(/(?:\bfrom|\bimport\(?)\s*"([^"]+)"/g)) {
      if (specifier.startsWith(".")) {
        open.push(relative(ROOT, join(ROOT, dirname(path), specifier)).replaceAll("\\", "/"));
      } else if (!specifier.startsWith("node:")) libraries.add(specifier);
    }
  }
  return { files, libraries: [...libraries].sort() };
}

Deno.test("the flow engine and all it imports use neither Deno nor what Node 20 lacks", async () => {
  const { files, libraries } = await closureOf(ENTRIES);
  const foreign = [...files].filter(([, text]) => FOREIGN.test(text)).map(([path]) => path);
  assert.deepEqual(foreign, []);
  assert.deepEqual(libraries, LIBRARIES);
  const rooms = new Set([...files.keys()].map((path) => dirname(path)));
  assert.deepEqual([...rooms].sort(), ["runtime/flow", "runtime/llm", "runtime/tools", "schemas"]);
});
