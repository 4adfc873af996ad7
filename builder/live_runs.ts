// Runs as the builder knows them: started, watched and answered from pages and over the API. Not here:
// what a run does (`runtime/run/`), and the code behind this contract (`open_live_runs.ts`).
import type { ConnectionRecord, RunOptions, RunRecord } from "../runtime/run/run_folder.ts";
import type { OpenMatter } from "../runtime/run/answer_run.ts";
import type { Spent } from "../runtime/run/usage.ts";
import type { ApprovalDecision } from "../schemas/question.ts";
import type { RunPhase } from "../schemas/run_event.ts";
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
  spent(view: RunView): Spent;
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
  /** A new run from a node of this one, started. Returns its id. @throws AppError `USAGE` and as `resume` */
  fork(user: RunUser, runId: string, request: ForkStart): Promise<string>;
  /**
   * Tells every event, from disk and then live. Returns what ends it.
   * @throws AppError `RUN_NOT_FOUND`, `RUN_FOLDER_DAMAGED`
   */
  subscribe(user: RunUser, runId: string, hearing: RunHearing): Promise<() => void>;
  /** Stops what this server drives, and resolves when all has stopped. Again does no harm. */
  close(): Promise<void>;
}
