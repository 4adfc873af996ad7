// What a finished call proves: work on a file. Not here: which files a node owes (`state/outputs.ts`).
import type { ToolResult } from "../../schemas/tool.ts";
import type { GuardedState } from "../state/state_document.ts";

const WRITING_TOOLS: ReadonlySet<string> = new Set(["fs.write", "fs.edit", "fs.apply_patch"]);

/** Tells the state document what a call has read or written; a failed call proves nothing. */
export function noteEvidence(state: GuardedState, tool: string, result: ToolResult): void {
  if (!result.ok) return;
  const path = String(result.path);
  if (tool === "fs.read") state.noteRead(path);
  if (WRITING_TOOLS.has(tool)) state.noteWritten(path);
}
