// Drives a run from wherever its state and log say it stands. The only function that runs anything.
import { AppError } from "../../schemas/error.ts";
import { openToolHost } from "../tools/open_tool_host.ts";
import type { Llm } from "../llm/llm.ts";
import { openActiveWorkflow } from "./active_workflow.ts";
import { stopBetweenMoves } from "./breakpoint_stop.ts";
import { openConsent } from "./consent.ts";
import { withDiskFailures } from "./disk_failure.ts";
import { enterNode, reconcile } from "./enter_node.ts";
import type { Person } from "./person.ts";
import { openOutputFiles } from "./output_files.ts";
import { lockRun, readRecord, savePhase, saveRecord, settleRunFolder } from "./run_folder.ts";
import { openRecorder, type RunListener, type RunRecorder } from "./run_recorder.ts";
import { readEngineLimits } from "./limits_file.ts";
import { openMcpTools } from "./mcp_tools.ts";
import { currentNode, refreshOffers, type RunOutcome, type Session, type Stop } from "./session.ts";
import { endTalk } from "./listen.ts";
import type { OpenRun } from "./start_run.ts";
import { finishStateEdit } from "./state_edit.ts";
import { callSubworkflow, returnFromSubworkflow } from "./subworkflow.ts";
import { terminalSandbox } from "./terminal_sandbox.ts";
import { takeTurn } from "./turn.ts";
import { openWords } from "./waiting_words.ts";

/** What a run needs from outside. */
export interface RunDependencies {
  readonly llm: Llm;
  readonly person: Person;
  readonly listener: RunListener;
  /** Stops the run at the next safe point; a file write that has begun is finished. */
  readonly signal: AbortSignal;
  /** Pauses the run once its turn is over: no request to the model is given up for it. */
  readonly pauseSignal?: AbortSignal;
}

/**
 * Drives the run until it completes, waits for a person, pauses, fails or is stopped. The same call
 * starts and resumes: finished tool calls are never repeated, and the state document decides where it
 * goes on. Failures of the model end in the outcome `failed`, a prompt that its window cannot take in
 * `paused`; both can be resumed.
 * @throws AppError before anything is logged: `RUN_BUSY` if another process drives the run,
 * `POLICY_INVALID`, `LIMITS_INVALID`, `MCP_CONFIG_INVALID`, `RUN_FOLDER_DAMAGED`; at any time
 * `FILE_WRITE_FAILED` if the data folder's disk is full or read-only
 */
export async function executeRun(run: OpenRun, needs: RunDependencies): Promise<RunOutcome> {
  return await withDiskFailures(() => executeLocked(run, needs));
}

async function executeLocked(run: OpenRun, needs: RunDependencies): Promise<RunOutcome> {
  using _lock = lockRun(run.folder);
  const { runId, package: identity, connection, options } = run.record;
  const consent = openConsent(run.dataDir, identity.hash, options);
  const limits = readEngineLimits(run.dataDir);
  await using mcp = await openMcpTools(run);
  settleRunFolder(run.folder);
  saveRecord(run.folder, { ...readRecord(run.folder), package: identity, connection, options });
  const recorder = openRecorder({ path: run.folder.logPath, runId, listener: needs.listener });
  try {
    finishStateEdit(run.folder, recorder.history);
    const opened = { ...needs, run, recorder, consent, limits };
    const outcome = await driveToOutcome({ ...opened, ...(mcp && { mcp }) });
    recorder.place = {};
    setPhase(run, recorder, outcome);
    return outcome;
  } finally {
    recorder.close();
  }
}

type OpenedRun = Omit<Session, "host" | "workflow" | "words" | "startedAtMs">;

async function driveToOutcome(opened: OpenedRun): Promise<RunOutcome> {
  const { run, recorder, mcp } = opened;
  beginOrResume(run, recorder, opened.llm);
  const workflow = openActiveWorkflow(run, recorder, openOutputFiles(() => host));
  const wrapProgram = terminalSandbox(run);
  const files = await openToolHost({
    projectDir: run.record.projectDir,
    packageDir: run.packageDir,
    state: workflow.document,
    hiddenDirs: [run.dataDir],
    ...(wrapProgram && { wrapProgram }),
  });
  const host = mcp?.beside(files) ?? files;
  const words = openWords(run.folder, recorder.history);
  const session: Session = { ...opened, host, workflow, words, startedAtMs: performance.now() };
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
      ...(record.talk && { runType: record.talk.runType }),
      ...(record.agentId !== undefined && { agentId: record.agentId }),
      model: llm.model,
      provider: llm.provider,
      simulated: llm.simulated,
      options: { ...record.options },
      ...(record.forkedFrom && { forkedFrom: record.forkedFrom }),
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
      package: record.package,
      ...(run.packageChange && { packageChange: run.packageChange }),
    });
  }
  setPhase(run, recorder, { phase: "running" });
}

async function drive(session: Session): Promise<RunOutcome> {
  reconcile(session);
  if (session.run.endsTalk) endTalk(session);
  let stop: Stop = null;
  while (stop === null) {
    if (session.signal.aborted) return interrupted();
    if (session.pauseSignal?.aborted) return PAUSED;
    stop = stopBetweenMoves(session) ?? await advance(session);
  }
  return session.signal.aborted ? interrupted() : stop;
}

const PAUSED: RunOutcome = { phase: "paused", code: "PAUSED", reason: "A person paused the run" };

/** One move: return from a finished workflow, call another, or let the model take a turn. */
async function advance(session: Session): Promise<Stop> {
  const { state, depth } = session.workflow;
  if (state.position().completed) {
    return depth === 0 ? { phase: "completed" } : returnFromSubworkflow(session);
  }
  const node = currentNode(session);
  if (node.type === "subworkflow") return callSubworkflow(session, node);
  await refreshOffers(session);
  if (session.recorder.conversation().openNode === null) enterNode(session, node);
  return await takeTurn(session, node);
}

function outcomeOf(thrown: unknown, session: Session): RunOutcome {
  if (session.signal.aborted) return interrupted();
  if (!(thrown instanceof AppError)) throw thrown;
  session.recorder.emit({ type: "error", code: thrown.code, message: thrown.message });
  const phase = PAUSING.has(thrown.code) ? "paused" : "failed";
  return { phase, code: thrown.code, reason: thrown.message };
}

/** What a person can mend without changing the workflow: a larger window, then `resume`. */
const PAUSING: ReadonlySet<string> = new Set(["LLM_PROMPT_TRUNCATED", "CONTEXT_TOO_LARGE"]);

function interrupted(): RunOutcome {
  return { phase: "interrupted", code: "ENGINE_ABORTED", reason: "The run was stopped" };
}

/** Logs a phase, then mirrors it in `run.json`. */
function setPhase(run: OpenRun, recorder: RunRecorder, outcome: RunOutcome): void {
  recorder.emit({ type: "phase_changed", ...outcome });
  recorder.sync();
  savePhase(run.folder, outcome);
}
