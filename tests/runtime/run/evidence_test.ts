import assert from "node:assert/strict";
import { toolFailure, type ToolResult } from "../../../schemas/tool.ts";
import { noteEvidence } from "../../../runtime/run/evidence.ts";
import type { GuardedState } from "../../../runtime/state/state_document.ts";

Deno.test("noteEvidence() counts reading and writing a file, and neither failures nor listings", () => {
  const done: ToolResult = { ok: true, path: "@project/a.md" };
  const rows: [tool: string, result: ToolResult, noted: string[]][] = [
    ["fs.read", done, ["read @project/a.md"]],
    ["fs.write", done, ["written @project/a.md"]],
    ["fs.edit", done, ["written @project/a.md"]],
    ["fs.apply_patch", done, ["written @project/a.md"]],
    ["fs.list", done, []],
    ["fs.search", done, []],
    ["fs.write", toolFailure("E_WRITE_LIMIT", "Too much"), []],
  ];
  for (const [tool, result, expected] of rows) {
    const noted: string[] = [];
    const state = {
      noteRead: (path: string) => noted.push(`read ${path}`),
      noteWritten: (path: string) => noted.push(`written ${path}`),
    } as Partial<GuardedState> as GuardedState;
    noteEvidence(state, tool, result);
    assert.deepEqual(noted, expected, tool);
  }
});
