// Which workflow of a package is active, and who waits for it: `state/run.md`.
import { join } from "node:path";
import { AppError } from "../../schemas/error.ts";
import { readFrontMatter, writeFrontMatter } from "../../schemas/front_matter.ts";
import { writeFileAtomic } from "../disk/durable.ts";

/** A subworkflow node that waits for the workflow it called. */
export interface Caller {
  readonly workflowId: string;
  readonly nodeId: string;
}

/** The active workflow and its callers, outermost first. */
export interface CallStack {
  readonly activeWorkflowId: string;
  readonly callers: readonly Caller[];
}

/** Deeper calls than this are refused (`package-format.md`). */
export const MAX_CALL_DEPTH = 8;

const BODY = "\nThe active workflow of this run, and the subworkflow nodes that wait for it.\n";

/** Saves the stack atomically. */
export function saveCallStack(stateDir: string, stack: CallStack): void {
  const data = { activeWorkflowId: stack.activeWorkflowId, callers: stack.callers };
  writeFileAtomic(join(stateDir, "run.md"), writeFrontMatter(data, BODY));
}

/** Reads the stack. @throws AppError `RUN_FOLDER_DAMAGED` */
export function readCallStack(stateDir: string): CallStack {
  const read = readFrontMatter(Deno.readTextFileSync(join(stateDir, "run.md")));
  if (read.ok && typeof read.value.data.activeWorkflowId === "string") {
    return read.value.data as unknown as CallStack;
  }
  throw new AppError("RUN_FOLDER_DAMAGED", "The run's state/run.md names no active workflow");
}
