// What a finished call proves: work on a file. Not here: which files a node owes (`state/outputs.ts`).
import type { ToolResult } from "../../schemas/tool.ts";
import type { GuardedState } from "../state/state_document.ts";
import { writesFiles } from "../tools/names.ts";

/** Tells the state document what a call has read or written; a failed call proves nothing. */
export function noteEvidence(state: GuardedState, tool: string, result: ToolResult): void {
  if (!result.ok) {
    const { code, details } = result.error;
    if (code === "E_INTERRUPTED" && details?.known === "done" && writesFiles(tool)) {
      state.noteWritten(String(details.path));
    }
    return;
  }
  const path = String(result.path);
  if (tool === "fs.read" || tool === "csv.read") state.noteRead(path);
  if (writesFiles(tool)) state.noteWritten(path);
}
