import { deepEqual, equal } from "node:assert/strict";
import { TOOL_DEFINITIONS } from "../../runtime/tools/definitions.ts";
import { BUILT_IN_TOOLS, toToolName, toWireName } from "../../schemas/tool_names.ts";

/** What an agent has without turning on more. */
const OWN = TOOL_DEFINITIONS.map(({ name }) => name)
  .filter((name) => !/^(csv|js|terminal|skill)\./.test(name));
const OFFERED = [...OWN, "mcp__files__read_file", "mcp__files__readfile", "mcp__Git__log"];

const SPELLINGS: readonly (readonly [string, string | null])[] = [
  ["fs.read", "fs.read"],
  ["fs_read", "fs.read"],
  ["fs-read", "fs.read"],
  ["FS_Read", "fs.read"],
  ["fsRead", "fs.read"],
  ["fs__read", "fs.read"],
  ["fs/read", "fs.read"],
  ["fs:read", "fs.read"],
  [" fs_read ", "fs.read"],
  ["functions.fs_read", "fs.read"],
  ["function:fs_read", "fs.read"],
  ["tools.fs_read", "fs.read"],
  ["default_api.fs_read", "fs.read"],
  ["read", "fs.read"],
  ["apply_patch", "fs.apply_patch"],
  ["fsApplyPatch", "fs.apply_patch"],
  ["complete_node", "state.complete_node"],
  ["state_complete_node", "state.complete_node"],
  ["stateCompleteNode", "state.complete_node"],
  ["ask_user", "ui.ask_user"],
  ["UI.Ask_User", "ui.ask_user"],
  ["mcp__files__read_file", "mcp__files__read_file"],
  ["functions.mcp__files__read_file", "mcp__files__read_file"],
  ["mcp__files__readfile", "mcp__files__readfile"],
  ["mcp__git__log", "mcp__Git__log"],
  ["mcp__files__read.file", null],
  ["read_file", null],
  ["bash", null],
  ["", null],
  ["constructor", null],
];

for (const [written, tool] of SPELLINGS) {
  Deno.test(`toToolName() understands ${JSON.stringify(written)} as ${tool}`, () => {
    equal(toToolName(written, OFFERED), tool);
  });
}

Deno.test("toToolName() takes a lone read for fs.read where csv.read is offered, too", () => {
  const offered = [...OFFERED, "csv.read", "js.run", "terminal.run"];
  for (const written of ["read", "Read", "functions.read"]) {
    equal(toToolName(written, offered), "fs.read");
  }
  equal(toToolName("csvRead", offered), "csv.read");
  equal(toToolName("read", ["csv.read"]), "csv.read");
  equal(toToolName("run", offered), null);
});

Deno.test("BUILT_IN_TOOLS names the tools that are defined, each once", () => {
  deepEqual(BUILT_IN_TOOLS, TOOL_DEFINITIONS.map(({ name }) => name));
});

Deno.test("toToolName() leaves a spelling open that fits two tools", () => {
  equal(toToolName("list", ["fs.list", "db.list"]), null);
  equal(toToolName("fs-list", ["fs.list", "fs_list"]), null);
});

Deno.test("toWireName() gives every tool a name of its own that servers take", () => {
  const tools = [...TOOL_DEFINITIONS.map(({ name }) => name), "mcp__Git__log"];
  const wire = tools.map(toWireName);
  equal(new Set(wire).size, tools.length);
  deepEqual(wire.filter((name) => !/^[A-Za-z0-9_-]{1,64}$/.test(name)), []);
  deepEqual(wire.map((name) => toToolName(name, tools)), tools);
});
