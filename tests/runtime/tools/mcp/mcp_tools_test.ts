import { deepEqual, equal, match, ok } from "node:assert/strict";
import {
  addTools,
  mcpToolName,
  mcpToolPrefix,
  readTools,
  toDefinition,
} from "../../../../runtime/tools/mcp/mcp_tools.ts";
import { mapPaths } from "../../../../runtime/tools/mcp/path_mapping.ts";

const PAIRS: readonly (readonly [server: string, tool: string])[] = [
  ["files", "read_file"],
  ["files", "read.file"],
  ["files", "read file"],
  ["files", "read_file_"],
  ["a", "b__c"],
  ["a__b", "c"],
  ["a_", "b"],
  ["a", "_b"],
  ["a", "ä"],
  ["a", "ö"],
  ["s".repeat(80), "x"],
  ["s".repeat(80), "y"],
  ["s".repeat(81), "x"],
  ["files", `${"t".repeat(80)}1`],
  ["files", `${"t".repeat(80)}2`],
];

Deno.test("mcpToolName() fits 64 characters that models take, and is never shared", () => {
  const names = PAIRS.map(([server, tool]) => mcpToolName(server, tool));
  for (const name of names) match(name, /^mcp__[A-Za-z0-9_-]{1,59}$/);
  equal(new Set(names).size, PAIRS.length);
});

Deno.test("mcpToolName() leaves a plain name as it is", () => {
  equal(mcpToolName("files", "read_file"), "mcp__files__read_file");
  equal(mcpToolName("my-server", "do-it"), "mcp__my-server__do-it");
});

Deno.test("mcpToolPrefix() is what every name of the server begins with", () => {
  for (const [server, tool] of PAIRS) {
    ok(mcpToolName(server, tool).startsWith(mcpToolPrefix(server)), `${server} ${tool}`);
  }
});

Deno.test("readTools() leaves out what is no tool", () => {
  const read = readTools("s", [null, { name: 1 }, { name: "" }, { name: "x".repeat(600) }, {
    name: "a",
    inputSchema: "none",
  }]);
  deepEqual(read, [{ serverId: "s", name: "a", description: "", inputSchema: {} }]);
  deepEqual(readTools("s", { name: "a" }), []);
});

Deno.test("addTools() keeps the first of a name and has an end", () => {
  const [a, b] = readTools("s", [{ name: "a", description: "1" }, { name: "b" }]);
  ok(a && b);
  const again = { ...a, description: "2" };
  deepEqual(addTools([a], [again, b, b]), [a, b]);
  const many = Array.from({ length: 1000 }, (_, index) => ({ ...a, name: `t${index}` }));
  equal(addTools([], many).length, 256);
});

Deno.test("toDefinition() cuts a long description and drops a huge schema", () => {
  const paths = mapPaths([]);
  const schema = { type: "object", properties: { x: { description: "d".repeat(70_000) } } };
  const tool = { serverId: "s", name: "a", description: "d".repeat(5000), inputSchema: schema };
  const { description, parameters } = toDefinition(tool, paths);
  equal(description.length, 1024);
  ok(description.endsWith("…"));
  deepEqual(parameters, { type: "object", properties: {} });
});
