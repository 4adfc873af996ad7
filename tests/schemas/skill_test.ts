import { deepEqual, equal } from "node:assert/strict";
import { allowedToolNames, isToolName, SKILL_NAME, toolsMeant } from "../../schemas/skill.ts";

const OFFERED = [
  "fs.read",
  "fs.list",
  "csv.read",
  "js.run",
  "terminal.run",
  "mcp__git__log",
  "mcp__git__push",
  "mcp__github__push",
];

const LISTS: readonly (readonly [string, string | string[] | undefined, string[] | undefined])[] = [
  ["nothing", undefined, undefined],
  ["an empty list", [], []],
  ["a list", ["fs.read", " csv.read ", ""], ["fs.read", "csv.read"]],
  ["spaces", "fs.read  csv.read\n js.run", ["fs.read", "csv.read", "js.run"]],
  ["commas", "Read, Write,Edit", ["Read", "Write", "Edit"]],
  ["a bound with spaces", "Bash(git add:*) Read", ["Bash(git add:*)", "Read"]],
  ["brackets in brackets", "a(b (c) d) e", ["a(b (c) d)", "e"]],
  ["a bracket that stays open", "fs.read(a fs.write", ["fs.read(a fs.write"]],
  ["a bracket too many", "a) b", ["a)", "b"]],
];

for (const [what, written, names] of LISTS) {
  Deno.test(`allowedToolNames() takes ${what} apart`, () => {
    deepEqual(allowedToolNames(written), names);
  });
}

const MEANINGS: readonly (readonly [string, readonly string[]])[] = [
  ["fs.read", ["fs.read"]],
  ["fs_read", ["fs.read"]],
  ["Read", ["fs.read"]],
  ["CsvRead", ["csv.read"]],
  ["fs.*", ["fs.read", "fs.list"]],
  ["fs_*", ["fs.read", "fs.list"]],
  ["*", OFFERED],
  ["mcp__git__log", ["mcp__git__log"]],
  ["mcp__git__*", ["mcp__git__log", "mcp__git__push"]],
  ["mcp__git*", ["mcp__git__log", "mcp__git__push", "mcp__github__push"]],
  ["log", []],
  ["run", []],
  ["terminal.run(git:*)", []],
  ["fs.read(*)", []],
  ["fs.read()", []],
  ["Bash", []],
  ["fs.write", []],
  ["", []],
  ["constructor", []],
];

for (const [name, tools] of MEANINGS) {
  Deno.test(`toolsMeant() takes ${JSON.stringify(name)} for ${tools.length} tools`, () => {
    deepEqual(toolsMeant(name, OFFERED), tools);
  });
}

Deno.test("isToolName() knows the program's tools and what an MCP server may have", () => {
  for (
    const name of ["fs.read", "Write", "fs.*", "mcp__a__b", "mcp__a__*", "mcp__a__b*", "mcp__*"]
  ) {
    equal(isToolName(name), true, name);
  }
  const strange = [
    "Bash",
    "WebFetch",
    "mcp__a",
    "mcp__a b__c",
    "x.*",
    "",
    `mcp__${"_".repeat(1e6)}`,
  ];
  for (const name of strange) equal(isToolName(name), false, name.slice(0, 20));
});

Deno.test("SKILL_NAME takes the names of the public format only", () => {
  for (const name of ["a", "read-tables", "a1-2b", "x".repeat(64)]) {
    equal(SKILL_NAME.test(name), true, name);
  }
  for (
    const name of ["", "-a", "a-", "a--b", "A", "a_b", "a b", "ä", "a\n", "../a", "x".repeat(65)]
  ) {
    equal(SKILL_NAME.test(name), false, name);
  }
});
