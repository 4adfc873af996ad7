// The state documents of a run at one moment, kept as a blob with every visit, so that a fork can begin
// there. The active workflow's document and its callers' are the whole state of a run.
import { readFrontMatter } from "../../schemas/front_matter.ts";
import { writeFileAtomic } from "../disk/durable.ts";
import { stateDocumentPath } from "./active_workflow.ts";
import { type CallStack, readCallStack, saveCallStack } from "./call_stack.ts";
import { type RunFolder, storeBlob } from "./run_folder.ts";

/** The state of a run. */
export interface StateSnapshot {
  readonly stack: CallStack;
  /** Workflow id → its whole `workflow.md`. */
  readonly documents: Readonly<Record<string, string>>;
}

/** Reads the state as it is on disk now. @throws AppError `RUN_FOLDER_DAMAGED` */
export function readSnapshot(folder: RunFolder): StateSnapshot {
  const stack = readCallStack(folder.stateDir);
  const open = [...stack.callers.map(({ workflowId }) => workflowId), stack.activeWorkflowId];
  const documents = open.map((id) => [id, Deno.readTextFileSync(stateDocumentPath(folder, id))]);
  return { stack, documents: Object.fromEntries(documents) };
}

/** Keeps the present state as a blob and returns its SHA-256. */
export function storeSnapshot(folder: RunFolder): string {
  return storeBlob(folder, new TextEncoder().encode(JSON.stringify(readSnapshot(folder))));
}

/** Writes a state into the folder of another run, whose id its documents carry from then on. */
export function writeSnapshot(
  folder: RunFolder,
  { stack, documents }: StateSnapshot,
  runId: string,
): void {
  for (const [workflowId, text] of Object.entries(documents)) {
    const read = readFrontMatter(text);
    const own = read.ok ? read.value.withChanges([{ path: ["runId"], set: runId }]) : text;
    writeFileAtomic(stateDocumentPath(folder, workflowId), own);
  }
  saveCallStack(folder.stateDir, stack);
}
