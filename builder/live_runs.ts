// Runs as the builder knows them: started, watched and answered from pages and over the API. Not here:
// what a run does (`runtime/run/`), and the code behind this contract (`open_live_runs.ts`).
import type { ConnectionRecord, RunOptions, RunRecord } from "../runtime/run/run_folder.ts";
import type { OpenMatter } from "../runtime/run/answer_run.ts";
import type { RunPlace } from "../runtime/run/run_place.ts";
import type { RunState, StateEdit } from "../runtime/run/state_edit.ts";
import type { Breakpoint, BreakpointRequest } from "../schemas/breakpoint.ts";
import type { DecisionLogEntry } from "../schemas/package.ts";
import type { Spent } from "../runtime/run/usage.ts";
import type { ApprovalDecision } from "../schemas/question.ts";
import type { RunPhase } from "../schemas/run_event.ts";
import type { CanvasGraph } from "../views/editor/canvas_graph.ts";
import type { Agent } from "../schemas/package.ts";
import type { RunUser } from "./projects.ts";
import type { RunHearing } from "./run_feed.ts";

/** What a person asks for. */
export interface RunStart {
  /** One of the user's packages, as it is now. */
  readonly packageId: string;
  /** A folder that the user may work on. */
  readonly projectDir: string;
  /** With its profile, or the simulation. */
  readonly connection: ConnectionRecord;
  readonly options: RunOptions;
  readonly workflowId?: string | undefined;
  /** Without a workflow the input goes through this agent's menu. */
  readonly agentId?: string | undefined;
  readonly input?: string | undefined;
  /** Talk with the agent, whatever the words. */
  readonly entry?: "chat" | undefined;
  /** Values for what the workflow declares; checked if they are given. */
  readonly inputs?: Readonly<Record<string, unknown>> | undefined;
  /** Set before the run begins. */
  readonly breakpoints?: readonly BreakpointRequest[] | undefined;
}

/** A run as it stands. */
export interface RunView {
  readonly record: RunRecord;
  /** `interrupted` for one that nobody drives although its record says it runs. */
  readonly phase: RunPhase;
  readonly code: string | undefined;
  /** Why it does not go on; of a run that failed before it could log anything, too. */
  readonly reason: string | undefined;
  /** This server drives it. */
  readonly isDrivenHere: boolean;
}

/** A run that waits, and for what; `null`: for words. */
export interface WaitingRun extends RunView {
  readonly matter: OpenMatter | null;
}

/** How a run is taken up. */
export interface ResumeRequest {
  /** Words for the model. */
  readonly advice?: string | undefined;
  /** Another model from now on. */
  readonly connection?: ConnectionRecord | undefined;
}

/** What is asked of a fork. */
export interface ForkStart {
  /** Its last visit is where the fork begins. */
  readonly nodeId: string;
  readonly input?: string | undefined;
}

/** A node to run to. */
export interface RunToRequest {
  readonly nodeId: string;
  /** Its workflow; the active one unless told. */
  readonly workflowId?: string | undefined;
}

/** Where a run stands in its package, as it was when the run began. */
export interface RunMap {
  readonly place: RunPlace;
  /** Of the active workflow, by its state document. */
  readonly decisions: readonly DecisionLogEntry[];
  /** Ids of the active workflow's nodes; of a fork, also those that were done before it began. */
  readonly stepsCompleted: readonly string[];
  /** A workflow of the package as the canvas shows it; the same object each time. */
  graph(workflowId: string): CanvasGraph | undefined;
}

/** How the current node is begun afresh. */
export interface NodeRetry {
  /** Puts project and state back to how they were when the node began. */
  readonly revert?: "node" | undefined;
  /** With `revert`: files that others changed since, too. */
  readonly force?: true | undefined;
}

/** An answer names the call that asked, so that it cannot answer another question than was read. */
export interface QuestionReply {
  readonly callId: string;
  /** As `answerQuestion` reads it. */
  readonly text: string;
}

/** A decision and the call that it is about. */
export interface ApprovalReply {
  readonly callId: string;
  readonly decision: ApprovalDecision;
}

/**
 * The runs of this installation; this server drives those that are started or taken up here. A run of
 * somebody else is `RUN_NOT_FOUND`. Runs of the command line are the owner's. What a run did is in its
 * folder, so all of it survives the death of the server: a run that was driven then is `interrupted`
 * until a person resumes it.
 */
export interface LiveRuns {
  /**
   * Starts a run and returns its id once its folder is made.
   * @throws AppError `PKG_*`, `PROJECT_NOT_FOUND`, `AUTH_FORBIDDEN`, `ENGINE_PRECONDITION`,
   * `LLM_NOT_CONFIGURED`, `FILE_WRITE_FAILED`
   */
  start(user: RunUser, request: RunStart): Promise<string>;
  /** Newest first. */
  list(user: RunUser): Promise<readonly RunView[]>;
  /** @throws AppError `RUN_NOT_FOUND`, `RUN_FOLDER_DAMAGED` */
  get(user: RunUser, runId: string): Promise<RunView>;
  /** What a run took so far, by its log. */
  spent(view: RunView): Promise<Spent>;
  /** What the run waits for; `null` where it waits for nothing that has an answer of its own. */
  matter(user: RunUser, runId: string): Promise<OpenMatter | null>;
  /** All that waits for this user, newest first. */
  waiting(user: RunUser): Promise<readonly WaitingRun[]>;
  /**
   * Answers a question, and the run goes on. The answer is on disk when this resolves.
   * @throws AppError `RUN_PHASE` if this question is not open, `RUN_BUSY`, `ANSWERS_INVALID`
   */
  answer(user: RunUser, runId: string, reply: QuestionReply): Promise<void>;
  /**
   * Decides on a tool call, and the run goes on. `always` is a rule of the installation and the owner's.
   * @throws AppError as `answer`, `AUTH_FORBIDDEN`
   */
  decide(user: RunUser, runId: string, reply: ApprovalReply): Promise<void>;
  /** Lets the turn end, then pauses. @throws AppError `RUN_PHASE` if this server does not drive it */
  pause(user: RunUser, runId: string): Promise<void>;
  /** Stops at once, but for a file write under way. Resolves when it has stopped. @throws as `pause` */
  stop(user: RunUser, runId: string): Promise<void>;
  /**
   * Goes on with a run that has stopped.
   * @throws AppError `RUN_PHASE` if it is completed or asks something, `RUN_BUSY`, `PKG_INTEGRITY`,
   * `PROJECT_NOT_FOUND`, `AUTH_FORBIDDEN`, `LLM_NOT_CONFIGURED`, `PROFILE_NOT_FOUND`
   */
  resume(user: RunUser, runId: string, request?: ResumeRequest): Promise<void>;
  /**
   * Says something to a run. It is kept until the run reads it, before its next request to the model; a
   * run that has stopped is taken up for it, unless it waits for an answer or a decision first.
   * @throws AppError `RUN_PHASE` if it is completed, and as `resume`
   */
  say(user: RunUser, runId: string, text: string): Promise<void>;
  /**
   * Dismisses the agent of a run: a chat is completed, any other run stopped. Resolves when it is.
   * @throws AppError `RUN_BUSY` if another process drives the run, `LLM_NOT_CONFIGURED`, `PROFILE_NOT_FOUND`
   */
  dismiss(user: RunUser, runId: string): Promise<void>;
  /** The agent of a run; `null` where its package cannot be read any more. @throws AppError `RUN_NOT_FOUND` */
  agent(user: RunUser, runId: string): Promise<Agent | null>;
  /**
   * Starts an item of the agent's menu as a run of its own, with package, folder, model and options of this
   * one. Returns its id. @throws AppError as `start`
   */
  pick(user: RunUser, runId: string, says: string): Promise<string>;
  /** A new run from a node of this one, started. Returns its id. @throws AppError `USAGE` and as `resume` */
  fork(user: RunUser, runId: string, request: ForkStart): Promise<string>;
  /** Those that are set, in that order. @throws AppError `RUN_NOT_FOUND`, `RUN_FOLDER_DAMAGED` */
  breakpoints(user: RunUser, runId: string): Promise<readonly Breakpoint[]>;
  /**
   * Sets a breakpoint, whether the run is driven (here or elsewhere) or not; the same one again is the
   * one there is. It is on disk when this resolves and holds from the run's next turn or tool call on.
   * @throws AppError `BREAKPOINT_INVALID`, `RUN_NOT_FOUND`, `PKG_INTEGRITY`
   */
  setBreakpoint(user: RunUser, runId: string, request: BreakpointRequest): Promise<Breakpoint>;
  /** @throws AppError `BREAKPOINT_NOT_FOUND`, `RUN_NOT_FOUND` */
  removeBreakpoint(user: RunUser, runId: string, breakpointId: string): Promise<void>;
  /**
   * Goes on until the run comes to a node and pauses before it. A run that is driven already goes on.
   * @throws AppError as `setBreakpoint` and `resume`
   */
  runTo(user: RunUser, runId: string, request: RunToRequest): Promise<void>;
  /**
   * Begins the current node afresh, with a new conversation, and drives it. What was asked is asked no
   * more. Returns the paths that were put back.
   * @throws AppError `RUN_PHASE` if the run is completed, `FILE_EXISTS` as a revert, and as `resume`
   */
  retry(user: RunUser, runId: string, request?: NodeRetry): Promise<readonly string[]>;
  /** The active state document. @throws AppError `RUN_NOT_FOUND`, `RUN_FOLDER_DAMAGED`, `PKG_INTEGRITY` */
  state(user: RunUser, runId: string): Promise<RunState>;
  /**
   * Saves a person's edit of the state of a run that nobody drives; it does not go on by that.
   * @throws AppError `STATE_CHANGED`, `STATE_INVALID`, `RUN_BUSY`, `RUN_PHASE` if the run is completed
   */
  editState(user: RunUser, runId: string, edit: StateEdit): Promise<RunState>;
  /** Where the run stands. @throws AppError `RUN_NOT_FOUND`, `RUN_FOLDER_DAMAGED`, `PKG_INTEGRITY` */
  place(user: RunUser, runId: string): Promise<RunPlace>;
  /** The same, with the graphs. @throws AppError as `place` */
  map(user: RunUser, runId: string): Promise<RunMap>;
  /**
   * Tells every event, from disk and then live. Returns what ends it.
   * @throws AppError `RUN_NOT_FOUND`, `RUN_FOLDER_DAMAGED`
   */
  subscribe(user: RunUser, runId: string, hearing: RunHearing): Promise<() => void>;
  /** Stops what this server drives, and resolves when all has stopped. Again does no harm. */
  close(): Promise<void>;
}
