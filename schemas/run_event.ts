// The one union of what happens in a run: log line, SSE event and API record alike.
// `run_event.schema.json` is the contract; this file says the same to the compiler.
import type { Breakpoint } from "./breakpoint.ts";
import type { AssistantMessage, ChatMessage, Usage } from "./conversation.ts";
import type { NodeType } from "./package.ts";
import type { Answer, ApprovalDecision, ApprovalRequest, Question } from "./question.ts";
import type { ToolResult } from "./tool.ts";

/** Where a run stands. */
export const RUN_PHASES = [
  "idle",
  "running",
  "waiting",
  "paused",
  "completed",
  "failed",
  "interrupted",
] as const;

/** A word of `RUN_PHASES`. */
export type RunPhase = (typeof RUN_PHASES)[number];

/** What an event says, without its envelope. */
export type RunEventBody =
  | RunStarted
  | RunResumed
  | PhaseChanged
  | NodeEntered
  | NodeCompleted
  | SubworkflowCalled
  | SubworkflowReturned
  | PromptComposed
  | RequestSent
  | RetryScheduled
  | AssistantSaid
  | UsageCounted
  | ToolCalled
  | ToolAnswered
  | StateChanged
  | StateRejected
  | FileChanged
  | QuestionAsked
  | QuestionAnswered
  | ApprovalRequested
  | ApprovalDecided
  | UserInput
  | NudgeSent
  | ContextTrimmed
  | BreakpointsChanged
  | NodeRetried
  | StateEdited
  | LogDamaged
  | RunError;

/** A logged event: body and envelope. `seq` starts at 1 and has no gaps. */
export type RunEvent = RunEventEnvelope & RunEventBody;

/** Text as it streams: for listeners only, never logged, without `seq`. */
export interface RunDelta {
  readonly type: "text_delta" | "reasoning_delta";
  readonly runId: string;
  readonly text: string;
}

/** Around every logged event. */
export interface RunEventEnvelope {
  readonly seq: number;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly runId: string;
  readonly nodeId?: string;
  /** Counts model requests of the run, from 1. */
  readonly turn?: number;
}

/** Which package a run uses; `hash` names its whole content. */
export interface PackageIdentity {
  readonly name: string;
  readonly version: string;
  readonly hash: string;
}

/** A run began. */
export interface RunStarted {
  readonly type: "run_started";
  readonly package: PackageIdentity;
  readonly workflowId: string;
  /** A chat or a script in place of a workflow of the package; absent for a workflow. */
  readonly runType?: "chat" | "script";
  readonly agentId?: string;
  readonly model: string;
  readonly provider: string;
  readonly simulated: boolean;
  readonly options: Readonly<Record<string, unknown>>;
  /** The run and visit whose state this one began with. */
  readonly forkedFrom?: ForkPoint;
}

/** A visit of a node in another run; `seq` is its `node_entered`. */
export interface ForkPoint {
  readonly runId: string;
  readonly nodeId: string;
  readonly seq: number;
}

/** A process took the run up again; finished calls are not repeated. */
export interface RunResumed {
  readonly type: "run_resumed";
  /** Number of finished tool calls that are not repeated. */
  readonly finishedCalls: number;
  /** Calls that had begun and have no result. */
  readonly interruptedCalls: readonly string[];
  readonly package?: PackageIdentity;
  /** The person gave a package to go on with; `same` put a damaged copy right. */
  readonly packageChange?: {
    readonly from: PackageIdentity;
    readonly verdict: "same" | "compatible";
    readonly reasons: readonly string[];
  };
}

/** The run's phase; `code` and `reason` say why it stopped, `breakpoints` at which of them. */
export interface PhaseChanged {
  readonly type: "phase_changed";
  readonly phase: RunPhase;
  readonly code?: string;
  readonly reason?: string;
  /** With the code `BREAKPOINT`: the ids of those the run has stopped at. */
  readonly breakpoints?: readonly string[];
  /** With the code `BREAKPOINT` on a tool: the call that has not run. */
  readonly callId?: string;
}

/** A visit of a node begins. */
export interface NodeEntered {
  readonly type: "node_entered";
  readonly node: {
    readonly id: string;
    readonly type: NodeType;
    readonly title?: string;
  };
  readonly workflowId: string;
  readonly agentId?: string;
  /** 0 in the first workflow, +1 inside each subworkflow. */
  readonly depth: number;
  /** Blob with the state documents as they were then (`StateSnapshot`), for a fork. */
  readonly snapshot?: string;
}

/** The visit ended with evidence; `next` is absent at an end node. */
export interface NodeCompleted {
  readonly type: "node_completed";
  readonly next?: string;
  readonly label?: string;
}

/** A subworkflow node called its workflow. */
export interface SubworkflowCalled {
  readonly type: "subworkflow_called";
  readonly workflowId: string;
  readonly depth: number;
}

/** The called workflow completed. */
export interface SubworkflowReturned {
  readonly type: "subworkflow_returned";
  readonly workflowId: string;
  readonly artifacts: readonly string[];
  readonly depth: number;
}

/** Messages the shell composed. `fresh`: the conversation starts anew from them; else they replace its system messages and are appended. */
export interface PromptComposed {
  readonly type: "prompt_composed";
  readonly reason: "start" | "node" | "resume" | "input";
  /** True if the conversation starts anew from these messages. */
  readonly fresh: boolean;
  readonly messages: readonly ChatMessage[];
}

/** A request to the model; `digest` is the SHA-256 over the SHA-256 of each message and of the tools, each as JSON. */
export interface RequestSent {
  readonly type: "request_sent";
  readonly model: string;
  readonly digest: string;
  /** The tools' part of the digest, so that it can be made again from the log alone. */
  readonly toolsSha256?: string;
  readonly messageCount: number;
  readonly estimatedTokens: number;
}

/** A request failed and is tried again. */
export interface RetryScheduled {
  readonly type: "retry_scheduled";
  readonly attempt: number;
  readonly delayMs: number;
  readonly code: string;
  readonly message: string;
}

/** The model's whole answer. */
export interface AssistantSaid {
  readonly type: "assistant_message";
  readonly message: AssistantMessage;
  readonly finishReason: string;
  /** What the engine mended in the model's answer. */
  readonly repairs?: readonly string[];
}

/** Tokens of one request as the provider counted them. */
export interface UsageCounted {
  readonly type: "usage";
  readonly usage: Usage;
  readonly durationMs: number;
}

/** Intent: logged before the call runs. */
export interface ToolCalled {
  readonly type: "tool_call";
  readonly callId: string;
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** What the call returned to the model. */
export interface ToolAnswered {
  readonly type: "tool_result";
  readonly callId: string;
  readonly tool: string;
  readonly result: ToolResult;
  readonly durationMs: number;
}

/** The guard let a change of the state document through. */
export interface StateChanged {
  readonly type: "state_changed";
  readonly document: string;
  readonly currentNodeId: string;
  readonly stepsCompleted: readonly string[];
  readonly sha256Before: string;
  readonly sha256After: string;
}

/** The guard refused a change; the document is what it was. */
export interface StateRejected {
  readonly type: "state_rejected";
  readonly document: string;
  readonly code: string;
  readonly message: string;
}

/** A project file is about to change; its content before is the blob `sha256Before`. `null`: no file. */
export interface FileChanged {
  readonly type: "file_changed";
  readonly callId: string;
  /** Mount path. */
  readonly path: string;
  /** `null` if there was no file. The content before is the blob of this name. */
  readonly sha256Before: string | null;
  /** What the file holds once the call is done, `null` if it is removed; logged before the effect. */
  readonly sha256After: string | null;
}

/** The model asks a person. */
export interface QuestionAsked {
  readonly type: "question_asked";
  readonly callId: string;
  readonly question: Question;
}

/** The answer, as it returns to the model. */
export interface QuestionAnswered {
  readonly type: "question_answered";
  readonly callId: string;
  readonly answer: Answer;
  readonly by: "person" | "answers" | "simulation";
}

/** A call waits for a person's consent; it has not run. */
export interface ApprovalRequested {
  readonly type: "approval_requested";
  readonly approval: ApprovalRequest;
}

/** Consent given or refused. */
export interface ApprovalDecided {
  readonly type: "approval_decided";
  readonly callId: string;
  readonly decision: ApprovalDecision;
  readonly by: "person" | "policy";
}

/** Words of the user outside a question. */
export interface UserInput {
  readonly type: "user_input";
  readonly forNodeId: string;
  readonly text: string;
  /** Of words that waited for the run: each is read once. */
  readonly inputId?: string;
}

/** The shell's reminder after an answer that finished nothing. */
export interface NudgeSent {
  readonly type: "nudge_sent";
  readonly text: string;
}

/** Old rounds were left out of a request to stay inside the model's window; the log keeps them. */
export interface ContextTrimmed {
  readonly type: "context_trimmed";
  readonly removedMessages: number;
  /** Messages that were sent without their middle. */
  readonly shortenedMessages?: number;
  readonly estimatedTokens: number;
}

/** The driver took notice of the breakpoints that a person has set: all there are now. */
export interface BreakpointsChanged {
  readonly type: "breakpoints_changed";
  readonly breakpoints: readonly Breakpoint[];
}

/** A person had the current node, the envelope's `nodeId`, begun afresh. */
export interface NodeRetried {
  readonly type: "node_retried";
  readonly workflowId: string;
  /** The project and the state were put back to the node's beginning first; mount paths. */
  readonly revertedFiles?: readonly string[];
}

/** A person edited the state document while the run had stopped. */
export interface StateEdited {
  readonly type: "state_edited";
  readonly document: string;
  readonly workflowId: string;
  readonly currentNodeId: string;
  /** The node that was current, if the person made another the current one. */
  readonly movedFrom?: string;
  readonly changes: readonly StateEditChange[];
  /** The whole documents are the blobs of these names. */
  readonly sha256Before: string;
  readonly sha256After: string;
}

/** One value of the state document; `before` or `after` is missing where there was, or is, none. */
export interface StateEditChange {
  /** `currentNodeId`, `variables.topic`. */
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** A line of the log could not be read: it and what followed were set aside; state and graph remain. */
export interface LogDamaged {
  readonly type: "log_damaged";
  /** 1-based. */
  readonly line: number;
}

/** What went wrong, as the person is told. */
export interface RunError {
  readonly type: "error";
  readonly code: string;
  readonly message: string;
}
