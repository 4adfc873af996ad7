import { deepEqual, equal, ok } from "node:assert/strict";
import { readArguments } from "../../../runtime/tools/arguments.ts";
import { definitionOf } from "../../../runtime/tools/definitions.ts";
import { messageOf } from "./tool_world.ts";

type Values = Readonly<Record<string, unknown>>;

const MENDED: readonly (readonly [string, string, Values, Values])[] = [
  ["numbers as text", "fs.read", { path: "x", startLine: "3" }, { path: "x", startLine: 3 }],
  ["null for not given", "fs.read", { path: "x", endLine: null }, { path: "x" }],
  ["snake case", "fs.read", { path: "x", start_line: 2 }, { path: "x", startLine: 2 }],
  ["file_path", "fs.read", { file_path: "x" }, { path: "x" }],
  ["filename", "fs.read", { filename: "x" }, { path: "x" }],
  ["unknown ones of a reading tool", "fs.read", { path: "x", reason: "because" }, { path: "x" }],
  ["too large a number", "fs.search", { query: "x", maxMatches: 9999 }, {
    query: "x",
    maxMatches: 500,
  }],
  ["one text for a list", "fs.search", { query: "x", globs: "*.md" }, {
    query: "x",
    globs: ["*.md"],
  }],
  ["a list as JSON", "fs.search", { query: "x", globs: '["a","b"]' }, {
    query: "x",
    globs: ["a", "b"],
  }],
  ["a number for text", "fs.write", { path: "x", content: 42 }, { path: "x", content: "42" }],
  [
    "words in another case",
    "fs.write",
    { path: "x", content: "", mode: "Append" },
    { path: "x", content: "", mode: "append" },
  ],
  [
    "names of other tools",
    "fs.edit",
    { path: "x", old_string: "a", new_string: "b", replace_all: "true" },
    { path: "x", oldText: "a", newText: "b", replaceAll: true },
  ],
  [
    "an object as JSON",
    "state.complete_node",
    { nodeId: "a", variables: '{"b":1}' },
    { nodeId: "a", variables: { b: 1 } },
  ],
];

for (const [title, tool, args, values] of MENDED) {
  Deno.test(`readArguments() mends ${title}`, () => {
    deepEqual(readArguments(definitionOf(tool), args), { ok: true, values });
  });
}

const REFUSED: readonly (readonly [string, Values, string])[] = [
  ["fs.read", {}, 'fs_read: "path" is missing; it has to be a text'],
  ["fs.read", { path: null }, 'fs_read: "path" is missing; it has to be a text'],
  ["fs.read", { path: ["x"] }, 'fs_read: "path" is ["x"], but has to be a text'],
  ["fs.read", { path: { a: 1 } }, 'fs_read: "path" is {"a":1}, but has to be a text'],
  [
    "fs.read",
    { path: "x", startLine: 0 },
    'fs_read: "startLine" is 0, but has to be a whole number from 1',
  ],
  [
    "fs.read",
    { path: "x", startLine: "first" },
    'fs_read: "startLine" is "first", but has to be a whole number from 1',
  ],
  [
    "fs.read",
    { path: "x", startLine: 1.5 },
    'fs_read: "startLine" is 1.5, but has to be a whole number from 1',
  ],
  [
    "fs.write",
    { path: "x", content: "", mode: "prepend" },
    'fs_write: "mode" is "prepend", but has to be one of "overwrite", "append"',
  ],
  [
    "fs.write",
    { path: "x", content: "", dryRun: true },
    'fs_write: there is no parameter "dryRun". The parameters are: path, content, mode, ifMatchSha256',
  ],
  [
    "fs.write",
    { path: "x", content: { a: 1 } },
    'fs_write: "content" is {"a":1}, but has to be a text',
  ],
  [
    "fs.edit",
    { path: "x", oldText: "", newText: "" },
    'fs_edit: "oldText" is "", but has to be a text that is not empty',
  ],
  [
    "fs.edit",
    { path: "x", oldText: "a", newText: "", replaceAll: "yes" },
    'fs_edit: "replaceAll" is "yes", but has to be true or false',
  ],
  [
    "fs.search",
    { query: "x", globs: [{}] },
    'fs_search: "globs" is [{}], but has to be a list of texts',
  ],
  [
    "state.complete_node",
    { nodeId: "a", decision: {} },
    'state_complete_node: in "decision", "label" is missing; it has to be a text that is not empty',
  ],
];

for (const [tool, args, message] of REFUSED) {
  Deno.test(`readArguments() refuses ${tool} ${JSON.stringify(args)}`, () => {
    const read = readArguments(definitionOf(tool), args);
    equal(messageOf(read as never), message);
    ok(!read.ok && read.error.code === "E_TOOL_ARGS");
  });
}

Deno.test("readArguments() prefers a parameter's own name to an alias", () => {
  const read = readArguments(definitionOf("fs.read"), { file: "wrong", path: "right" });
  deepEqual(read, { ok: true, values: { path: "right" } });
});

Deno.test("readArguments() shows only the beginning of a long value", () => {
  const read = readArguments(definitionOf("fs.read"), { path: ["x".repeat(5000)] });
  ok(messageOf(read as never).length < 200);
});
