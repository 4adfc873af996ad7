// Where a run stands, by its state documents alone. Pure reading; takes no lock.
import { currentNodeIdOf, findNode } from "../../schemas/graph.ts";
import { AppError } from "../../schemas/error.ts";
import type { LoadedWorkflow } from "../package/load.ts";
import { type ReadState, readState } from "../state/read_state.ts";
import { stateDocumentPath } from "./active_workflow.ts";
import { type Caller, readCallStack } from "./call_stack.ts";
import type { RunFolder } from "./run_folder.ts";

/** Where a run stands. */
export interface RunPlace {
  readonly workflowId: string;
  readonly nodeId: string;
  /** Subworkflow nodes that wait for this workflow, outermost first. */
  readonly callers: readonly Caller[];
}

/** The active state document as it is on disk. */
export interface ActiveState {
  readonly workflow: LoadedWorkflow;
  readonly callers: readonly Caller[];
  readonly path: string;
  readonly text: string;
  readonly read: ReadState;
  /** The entry node where the document names none. */
  readonly nodeId: string;
}

/** Where a run stands. @throws AppError `RUN_FOLDER_DAMAGED` */
export function readPlace(folder: RunFolder, workflows: readonly LoadedWorkflow[]): RunPlace {
  const { workflow, nodeId, callers } = readActiveState(folder, workflows);
  return { workflowId: workflow.id, nodeId, callers };
}

/** Reads the active state document. @throws AppError `RUN_FOLDER_DAMAGED` */
export function readActiveState(
  folder: RunFolder,
  workflows: readonly LoadedWorkflow[],
): ActiveState {
  const { activeWorkflowId, callers } = readCallStack(folder.stateDir);
  const workflow = workflows.find(({ id }) => id === activeWorkflowId);
  if (!workflow) throw damaged(`the package has no workflow "${activeWorkflowId}"`);
  const path = stateDocumentPath(folder, activeWorkflowId);
  const text = readDocument(path);
  const read = readState(text);
  if (!read.ok) throw damaged(read.error.message);
  const nodeId = currentNodeIdOf(workflow.graph, read.state.currentNodeId);
  if (!findNode(workflow.graph, nodeId)) throw damaged(`it names no node "${nodeId}"`);
  return { workflow, callers, path, text, read, nodeId };
}

function readDocument(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (cause) {
    throw new AppError("RUN_FOLDER_DAMAGED", "The run's state document is missing", { cause });
  }
}

function damaged(why: string): AppError {
  return new AppError("RUN_FOLDER_DAMAGED", `The run's state cannot be read: ${why}`);
}
