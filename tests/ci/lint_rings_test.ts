import { deepStrictEqual, match } from "node:assert/strict";
import plugin from "../../.ci/lint_rings.ts";

/** The messages of the plugin for a file of that path with that source. */
function lint(path: string, source: string): readonly string[] {
  return Deno.lint.runPlugin(plugin, path, source).map(({ message }) => message);
}

const ALLOWED: ReadonlyArray<readonly [path: string, source: string]> = [
  ["main.ts", 'import "./builder/serve.ts";'],
  ["main.ts", 'import("./runtime/commands/run.ts");'],
  ["main.ts", 'import config from "./deno.json" with { type: "json" };'],
  ["builder/pages/run.ts", 'import { page } from "../../views/page.tsx";'],
  ["builder/api/runs.ts", 'import { startRun } from "../../runtime/run/start_run.ts";'],
  ["builder/store/database_worker.ts", 'import { createClient } from "@libsql/client";'],
  ["views/page.tsx", 'import type { Graph } from "../schemas/graph.ts";'],
  ["views/page.tsx", 'import { html } from "hono/html";'],
  ["runtime/run/turn.ts", 'import "../llm/llm.ts"; import "../tools/host.ts";'],
  ["runtime/flow/plan.ts", 'import "../llm/llm.ts"; import "../tools/host.ts";'],
  ["runtime/commands/run.ts", 'import "../run/start_run.ts"; import "../package/load.ts";'],
  [
    "runtime/tools/mcp/client.ts",
    'import "../host.ts"; import "@modelcontextprotocol/sdk/client";',
  ],
  ["runtime/package/load.ts", 'import { join } from "node:path";'],
  ["runtime/package/archive.ts", 'import { unzip } from "fflate";'],
  ["schemas/validate.ts", 'import Ajv from "ajv/dist/2020.js"; import "./graph.schema.json";'],
  ["schemas/front_matter.ts", 'import { parse } from "yaml";'],
  [
    "runtime/tools/host.ts",
    'new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });',
  ],
  ["tests/anything_test.ts", 'import "../builder/x.ts"; import "yaml"; import(name);'],
];

const REFUSED: ReadonlyArray<readonly [path: string, source: string, message: RegExp]> = [
  [
    "runtime/run/turn.ts",
    'import "../../builder/app.ts";',
    /"runtime\/run" may not import "builder"/,
  ],
  ["runtime/run/turn.ts", 'import "../../views/page.tsx";', /may not import "views"/],
  ["runtime/run/turn.ts", 'import "../commands/run.ts";', /may not import "runtime\/commands"/],
  ["runtime/llm/openai.ts", 'import "../tools/host.ts";', /may not import "runtime\/tools"/],
  ["runtime/tools/host.ts", 'import type { A } from "../state/guard.ts";', /"runtime\/state"/],
  ["runtime/state/guard.ts", 'export * from "../package/load.ts";', /"runtime\/package"/],
  ["runtime/state/guard.ts", 'export { a } from "../llm/llm.ts";', /"runtime\/llm"/],
  ["runtime/state/guard.ts", 'await import("../llm/llm.ts");', /"runtime\/llm"/],
  ["runtime/state/guard.ts", 'type A = import("../llm/llm.ts").Llm;', /"runtime\/llm"/],
  ["runtime/state/guard.ts", 'import "../../main.ts";', /may not import "main.ts"/],
  ["runtime/state/guard.ts", 'import "../../tests/x.ts";', /may not import "tests\/x.ts"/],
  ["runtime/state/guard.ts", 'import "../../../x.ts";', /outside the repository/],
  ["runtime/novelty/x.ts", 'import "../../schemas/graph.ts";', /add its folder to MAY_IMPORT/],
  ["views/page.tsx", 'import "../runtime/run/turn.ts";', /"views" may not import "runtime\/run"/],
  ["schemas/graph.ts", 'import "../runtime/state/guard.ts";', /"schemas" may not import/],
  ["schemas/graph.ts", 'import "node:fs";', /does no I\/O/],
  [
    "runtime/commands/run.ts",
    'import { parse } from "yaml";',
    /"yaml" is imported in "schemas\/" only/,
  ],
  ["schemas/graph.ts", 'import Ajv from "ajv";', /"schemas\/validate.ts".* only/],
  ["runtime/run/turn.ts", 'import OpenAI from "openai/index.mjs";', /"openai" is imported in/],
  ["runtime/run/turn.ts", 'import x from "left-pad";', /"left-pad" has no home/],
  ["runtime/llm/openai.ts", 'import OpenAI from "npm:openai";', /is not pinned/],
  ["runtime/run/turn.ts", "await import(name);", /Write the specifier out/],
  ["runtime/run/turn.ts", "await import(`./${name}.ts`);", /Write the specifier out/],
  ["runtime/tools/host.ts", "new Worker(url);", /Write the worker's file out/],
  [
    "runtime/tools/host.ts",
    "new Worker(new URL(file, import.meta.url));",
    /Write the worker's file/,
  ],
];

for (const [path, source] of ALLOWED) {
  Deno.test(`imports-point-down lets ${path} say ${source}`, () => {
    deepStrictEqual(lint(path, source), []);
  });
}

for (const [path, source, message] of REFUSED) {
  Deno.test(`imports-point-down refuses ${path} to say ${source}`, () => {
    match(lint(path, source).join("\n"), message);
  });
}

Deno.test("imports-point-down reads an absolute path from the repository's root", () => {
  const path = new URL("../../runtime/llm/openai.ts", import.meta.url).pathname;
  match(lint(path, 'import "../tools/host.ts";').join("\n"), /"runtime\/llm" may not import/);
});
