// Drives a run from wherever its state and log say it stands. The only function that runs anything.
import { AppError } from "../../schemas/error.ts";
import { openToolHost } from "../tools/open_tool_host.ts";
import type { Llm } from "../llm/llm.ts";
import { openActiveWorkflow } from "./active_workflow.ts";
import { withDiskFailures } from "./disk_failure.ts";
import { enterNode, reconcile } from "./enter_node.ts";
import type { Person } from "./person.ts";
import { lockRun, readRecord, saveRecord } from "./run_folder.ts";
import { openRecorder, type RunListener, type RunRecorder } from "./run_recorder.ts";
import { currentNode, type RunOutcome, type Session, type Stop } from "./session.ts";
import type { OpenRun } from "./start_run.ts";
import { callSubworkflow, returnFromSubworkflow } from "./subworkflow.ts";
import { takeTurn } from "./turn.ts";

/** What a run needs from outside. */
export interface RunDependencies {
  readonly llm: Llm;
  readonly person: Person;
  readonly listener: RunListener;
  /** Stops the run at the next safe point; a file write that has begun is finished. */
  readonly signal: AbortSignal;
}

/**
 * Drives the run until it completes, waits for a person, pauses, fails or is stopped. The same call
 * starts and resumes: finished tool calls are never repeated, and the state document decides where it
 * goes on. Failures of the model end in the outcome `failed`, from which a run can be resumed.
 * @throws AppError `RUN_BUSY` if another process drives the run, `RUN_FOLDER_DAMAGED`,
 * `FILE_WRITE_FAILED` if the data folder's disk is full or read-only
 */
export async function executeRun(run: OpenRun, needs: RunDependencies): Promise<RunOutcome> {
  return await withDiskFailures(() => executeLocked(run, needs));
}

async function executeLocked(run: OpenRun, needs: RunDependencies): Promise<RunOutcome> {
  using _lock = lockRun(run.folder);
  const { runId } = run.record;
  const recorder = openRecorder({ path: run.folder.logPath, runId, listener: needs.listener });
  try {
    const outcome = await driveToOutcome(run, recorder, needs);
    recorder.place = {};
    setPhase(run, recorder, outcome);
    return outcome;
  } finally {
    recorder.close();
  }
}

async function driveToOutcome(
  run: OpenRun,
  recorder: RunRecorder,
  needs: RunDependencies,
): Promise<RunOutcome> {
  beginOrResume(run, recorder, needs.llm);
  const workflow = openActiveWorkflow(
    run,
    recorder,
    async (path) => (await host.inspect(path)).exists,
  );
  const host = await openToolHost({
    projectDir: run.record.projectDir,
    packageDir: run.packageDir,
    state: workflow.document,
    hiddenDirs: [run.dataDir],
  });
  const session: Session = { ...needs, run, recorder, host, workflow };
  try {
    return await drive(session);
  } catch (thrown) {
    return outcomeOf(thrown, session);
  } finally {
    await host.close();
  }
}

function beginOrResume(run: OpenRun, recorder: RunRecorder, llm: Llm): void {
  const { record } = run;
  if (recorder.history.length === 0) {
    recorder.emit({
      type: "run_started",
      package: record.package,
      workflowId: record.workflowId,
      ...(record.agentId !== undefined && { agentId: record.agentId }),
      model: llm.model,
      provider: llm.provider,
      simulated: llm.simulated,
      options: { ...record.options },
    });
  } else {
    const { finishedCalls, pending, openNode } = recorder.conversation();
    if (openNode) recorder.place = { nodeId: openNode.nodeId };
    recorder.emit({
      type: "run_resumed",
      finishedCalls,
      interruptedCalls: pending.filter(({ begun, question }) => begun && !question).map((
        { call },
      ) => call.id),
    });
  }
  setPhase(run, recorder, { phase: "running" });
}

async function drive(session: Session): Promise<RunOutcome> {
  reconcile(session);
  let stop: Stop = null;
  while (stop === null) {
    if (session.signal.aborted) return interrupted();
    stop = await advance(session);
  }
  return session.signal.aborted ? interrupted() : stop;
}

/** One move: return from a finished workflow, call another, or let the model take a turn. */
async function advance(session: Session): Promise<Stop> {
  const { state, depth } = session.workflow;
  if (state.position().completed) {
    return depth === 0 ? { phase: "completed" } : returnFromSubworkflow(session);
  }
  const node = currentNode(session);
  if (node.type === "subworkflow") return callSubworkflow(session, node);
  if (session.recorder.conversation().openNode === null) enterNode(session, node);
  return await takeTurn(session, node);
}

function outcomeOf(thrown: unknown, session: Session): RunOutcome {
  if (session.signal.aborted) return interrupted();
  if (!(thrown instanceof AppError)) throw thrown;
  session.recorder.emit({ type: "error", code: thrown.code, message: thrown.message });
  return { phase: "failed", code: thrown.code, reason: thrown.message };
}

function interrupted(): RunOutcome {
  return { phase: "interrupted", code: "ENGINE_ABORTED", reason: "The run was stopped" };
}

/** Logs a phase and mirrors it in `run.json`; the log is the truth, the record is its shortcut. */
function setPhase(run: OpenRun, recorder: RunRecorder, outcome: RunOutcome): void {
  recorder.emit({ type: "phase_changed", ...outcome });
  recorder.sync();
  const { code: _code, reason: _reason, ...record } = readRecord(run.folder);
  saveRecord(run.folder, { ...record, ...outcome, updatedAt: new Date().toISOString() });
}
