// A person has the current node of a run begun afresh: a new conversation from the state. What the node
// did stays, unless it is to be put back first.
import { AppError } from "../../schemas/error.ts";
import type { RunEvent } from "../../schemas/run_event.ts";
import type { LoadedWorkflow } from "../package/load.ts";
import type { ProjectFiles } from "../tools/project_files.ts";
import { atRest, closePending, type RestingRun } from "./at_rest.ts";
import { revertInLog } from "./changes.ts";
import { readVisit } from "./fork_run.ts";
import { readRecord, type RunFolder } from "./run_folder.ts";
import { readPlace } from "./run_place.ts";
import { writeSnapshot } from "./snapshot.ts";
import { finishStateEdit } from "./state_edit.ts";

/** How a node is begun afresh. */
export interface RetryRequest {
  readonly folder: RunFolder;
  readonly workflows: readonly LoadedWorkflow[];
  /** Puts project and state back to how they were when the node began. */
  readonly revert?: {
    readonly files: ProjectFiles;
    /** Files that others changed since, too. */
    readonly force: boolean;
  };
}

/**
 * Logs that the node is begun afresh; the run goes on with `executeRun`. The state is put back with the
 * project, unless a person edited it since.
 * @returns the paths that were put back
 * @throws AppError `RUN_BUSY`, `RUN_PHASE` if the run is completed, `RUN_FOLDER_DAMAGED`, `FILE_EXISTS`
 * naming files that others changed since; nothing is done then
 */
export async function retryNode(
  { folder, workflows, revert }: RetryRequest,
): Promise<readonly string[]> {
  return await atRest(folder, async (run) => {
    if (readRecord(folder).phase === "completed") {
      throw new AppError("RUN_PHASE", "The run is completed; fork it to do a node again");
    }
    finishStateEdit(folder, run.log.history);
    const { workflowId, nodeId } = readPlace(folder, workflows);
    const reverted = revert && await revertVisit(run, revert);
    closePending(run, nodeId);
    run.emit({
      type: "node_retried",
      workflowId,
      ...(reverted && { revertedFiles: reverted }),
    }, { nodeId });
    return reverted ?? [];
  });
}

async function revertVisit(
  { folder, runId, log, conversation }: RestingRun,
  { files, force }: NonNullable<RetryRequest["revert"]>,
): Promise<readonly string[]> {
  const visit = log.history.findLast((event) => event.type === "node_entered");
  if (conversation().openNode === null || visit?.type !== "node_entered") return [];
  const { seq, node, snapshot } = visit;
  const paths = await revertInLog(log, { folder, files, fromSeq: seq, force });
  if (!log.history.some((event) => isEditSince(event, seq))) {
    writeSnapshot(folder, readVisit(folder, { nodeId: node.id, snapshot }), runId);
  }
  return paths;
}

function isEditSince(event: RunEvent, seq: number): boolean {
  return event.type === "state_edited" && event.seq > seq;
}
