// The log read back as a conversation. Pure: the same fold serves a running engine, resume and replay.
import type { AssistantMessage, ChatMessage } from "../../schemas/conversation.ts";
import type { FileChanged, RunEvent, StateEditChange } from "../../schemas/run_event.ts";
import type { Answer, ApprovalDecision } from "../../schemas/question.ts";
import type { ToolCall, ToolResult } from "../../schemas/tool.ts";
import { type ActiveSkill, withActivation } from "./active_skills.ts";
import { calibrate, type Calibration, UNCALIBRATED } from "./calibration.ts";
import { NO_STOPS, passStops, type StopsPassed } from "./stops_passed.ts";
import { NOTHING_SPENT, spend, type Spent } from "./usage.ts";

/** Where a run stands by its log. */
export interface Conversation {
  readonly messages: readonly ChatMessage[];
  /** The node visit that is open: entered and neither completed nor left. */
  readonly openNode: { readonly nodeId: string; readonly workflowId: string } | null;
  /** Calls of the last assistant message that have no result yet, in order. */
  readonly pending: readonly PendingCall[];
  /** Model requests of the whole run. */
  readonly totalTurns: number;
  /** Model requests since the run was last taken up, and of these in the open visit. */
  readonly turns: number;
  readonly turnsInNode: number;
  /** What requests took since the run was last taken up. */
  readonly spent: Spent;
  /** What all requests of the run took. */
  readonly spentInAll: Spent;
  /** What the provider's counts say of the estimate. */
  readonly calibration: Calibration;
  readonly nudged: boolean;
  /** The run was taken up inside an open visit, and the model has not been told yet. */
  readonly briefDue: boolean;
  /** The open visit has its first prompt. */
  readonly prompted: boolean;
  /** True once a call of the last assistant message has finished the node. */
  readonly nodeLeft: boolean;
  /** True once a call of the last assistant message was cut off without its effect being known as done. */
  readonly cutOff: boolean;
  /** Finished calls of this visit: the evidence for declared outputs. */
  readonly finished: readonly FinishedCall[];
  /** How often each failing call was made in this visit, by tool and arguments. */
  readonly failures: ReadonlyMap<string, number>;
  /** `tool path` pairs allowed for the rest of the run. */
  readonly allowedForRun: ReadonlySet<string>;
  readonly finishedCalls: number;
  /** What was taken up in this visit, in order, each once; a new visit begins with none. */
  readonly activeSkills: readonly ActiveSkill[];
  /** What going on need not stop at again. */
  readonly stopsPassed: StopsPassed;
  /** What a person changed in the state document since the model was last told of it. */
  readonly personChanges: readonly StateEditChange[];
}

/** A tool call with its result. */
export interface FinishedCall {
  readonly tool: string;
  readonly result: ToolResult;
}

/** A tool call without a result. */
export interface PendingCall {
  readonly call: ToolCall;
  /** It was logged as begun, so it may have had its effect. */
  readonly begun: boolean;
  readonly question: boolean;
  /** The change it had announced, which may or may not have happened. */
  readonly change?: Pick<FileChanged, "path" | "sha256Before" | "sha256After">;
  /** A person's answer that was taken before the process ended. */
  readonly answer?: Answer;
  /** A person's decision that was taken before the process ended. */
  readonly decision?: ApprovalDecision;
}

interface State {
  messages: ChatMessage[];
  openNode: { nodeId: string; workflowId: string } | null;
  assistant: AssistantMessage | null;
  begun: Set<string>;
  questions: Set<string>;
  answered: Set<string>;
  approvals: Map<string, { allow: boolean; key: string }>;
  decided: Map<string, ApprovalDecision>;
  answers: Map<string, Answer>;
  changes: Map<string, FileChanged>;
  totalTurns: number;
  turns: number;
  turnsInNode: number;
  spent: Spent;
  spentInAll: Spent;
  calibration: Calibration;
  nudged: boolean;
  briefDue: boolean;
  prompted: boolean;
  nodeLeft: boolean;
  cutOff: boolean;
  finished: FinishedCall[];
  failures: Map<string, number>;
  allowedForRun: Set<string>;
  finishedCalls: number;
  activeSkills: readonly ActiveSkill[];
  arguments: Map<string, string>;
  stopsPassed: StopsPassed;
  personChanges: readonly StateEditChange[];
  /** As they were when the visit began, for a node that is begun afresh. */
  messagesBefore: readonly ChatMessage[];
}

/** A conversation that grows event by event. */
export interface ConversationFold {
  push(event: RunEvent): void;
  read(): Conversation;
}

/** Starts a fold and feeds it what the log holds already. Linear in the number of events. */
export function foldConversation(events: Iterable<RunEvent>): ConversationFold {
  const state = emptyState();
  for (const event of events) apply(state, event);
  return {
    push: (event) => apply(state, event),
    read: () => ({ ...state, pending: pendingCalls(state) }),
  };
}

/** The key under which equal calls are counted. */
export function callKey(tool: string, args: unknown): string {
  return `${tool} ${JSON.stringify(args)}`;
}

/** The key under which consent for the rest of the run is remembered. */
export function consentKey(tool: string, path: string | undefined): string {
  return path === undefined ? tool : `${tool} ${path}`;
}

function emptyState(): State {
  return {
    messages: [],
    openNode: null,
    assistant: null,
    begun: new Set(),
    questions: new Set(),
    answered: new Set(),
    approvals: new Map(),
    decided: new Map(),
    answers: new Map(),
    changes: new Map(),
    totalTurns: 0,
    turns: 0,
    turnsInNode: 0,
    spent: NOTHING_SPENT,
    calibration: UNCALIBRATED,
    nudged: false,
    briefDue: false,
    prompted: false,
    nodeLeft: false,
    cutOff: false,
    finished: [],
    failures: new Map(),
    allowedForRun: new Set(),
    finishedCalls: 0,
    activeSkills: [],
    arguments: new Map(),
    spentInAll: NOTHING_SPENT,
    stopsPassed: NO_STOPS,
    personChanges: [],
    messagesBefore: [],
  };
}

function apply(state: State, event: RunEvent): void {
  state.calibration = calibrate(state.calibration, event);
  state.stopsPassed = passStops(state.stopsPassed, event);
  switch (event.type) {
    case "node_entered":
      state.openNode = { nodeId: event.node.id, workflowId: event.workflowId };
      state.turnsInNode = 0;
      state.messagesBefore = [...state.messages];
      state.prompted = false;
      state.nudged = false;
      state.nodeLeft = false;
      state.finished = [];
      state.activeSkills = [];
      state.failures = new Map();
      return;
    case "node_completed":
      state.openNode = null;
      state.nodeLeft = true;
      return;
    case "subworkflow_called":
      state.openNode = null;
      return;
    case "log_damaged":
      state.openNode = null;
      state.messages = [];
      state.assistant = null;
      return;
    case "node_retried":
      if (state.openNode) state.messages = [...state.messagesBefore];
      state.openNode = null;
      state.assistant = null;
      return;
    case "state_edited":
      state.personChanges = [...state.personChanges, ...event.changes];
      if (event.movedFrom !== undefined) state.openNode = null;
      return;
    case "prompt_composed":
      state.messages = event.fresh
        ? [...event.messages]
        : replaceSystem(state.messages, event.messages);
      state.briefDue = false;
      state.personChanges = [];
      state.prompted = true;
      state.assistant = null;
      return;
    case "request_sent":
      state.totalTurns += 1;
      state.turns += 1;
      state.turnsInNode += 1;
      return;
    case "assistant_message":
      startMessage(state, event.message);
      return;
    case "usage":
      state.spent = spend(state.spent, event);
      state.spentInAll = spend(state.spentInAll, event);
      return;
    case "run_resumed":
      state.spent = NOTHING_SPENT;
      state.turns = 0;
      state.turnsInNode = 0;
      state.failures = new Map();
      state.briefDue = state.openNode !== null;
      return;
    case "user_input":
      state.nudged = false;
      state.failures = new Map();
      return;
    case "nudge_sent":
      state.nudged = true;
      state.messages.push({ role: "user", content: event.text });
      return;
    default:
      applyCallEvent(state, event);
  }
}

function applyCallEvent(state: State, event: RunEvent): void {
  switch (event.type) {
    case "approval_requested": {
      const { callId, tool, path } = event.approval;
      state.approvals.set(callId, { allow: false, key: consentKey(tool, path) });
      return;
    }
    case "approval_decided": {
      const { decision } = event;
      state.decided.set(event.callId, decision);
      const asked = state.approvals.get(event.callId);
      if (decision.decision === "allow" && asked && decision.scope !== "once") {
        state.allowedForRun.add(asked.key);
      }
      return;
    }
    case "question_asked":
      state.questions.add(event.callId);
      return;
    case "question_answered":
      state.answers.set(event.callId, event.answer);
      return;
    case "file_changed":
      state.changes.set(event.callId, event);
      return;
    case "tool_call":
      state.begun.add(event.callId);
      state.arguments.set(event.callId, callKey(event.tool, event.arguments));
      return;
    case "tool_result":
      finishCall(state, event.callId, event.result);
      state.finished.push({ tool: event.tool, result: event.result });
      state.activeSkills = withActivation(state.activeSkills, event);
      return;
  }
}

function startMessage(state: State, message: AssistantMessage): void {
  state.messages.push(message);
  state.assistant = message;
  state.cutOff = false;
  for (const set of [state.begun, state.questions, state.answered]) set.clear();
  for (
    const map of [state.approvals, state.decided, state.answers, state.changes, state.arguments]
  ) map.clear();
}

function finishCall(state: State, callId: string, result: ToolResult): void {
  state.answered.add(callId);
  state.finishedCalls += 1;
  state.messages.push({ role: "tool", callId, content: JSON.stringify(result) });
  if (result.ok) {
    state.nudged = false;
    return;
  }
  const { code, details } = result.error;
  if (code === "E_INTERRUPTED" && details?.known !== "done") state.cutOff = true;
  // A call that was not run has not failed: it is no sign of a loop.
  if (code === "E_INTERRUPTED" || code === "E_NODE_CHANGED") return;
  const key = state.arguments.get(callId);
  if (key !== undefined) state.failures.set(key, (state.failures.get(key) ?? 0) + 1);
}

function pendingCalls(state: State): PendingCall[] {
  return (state.assistant?.toolCalls ?? [])
    .filter((call) => !state.answered.has(call.id))
    .map((call) => {
      const decision = state.decided.get(call.id);
      const answer = state.answers.get(call.id);
      const change = state.changes.get(call.id);
      return {
        call,
        begun: state.begun.has(call.id),
        question: state.questions.has(call.id),
        ...(decision && { decision }),
        ...(answer !== undefined && { answer }),
        ...(change && { change }),
      };
    });
}

/** In a conversation that grows through the run, a new node brings its own system messages. */
function replaceSystem(
  messages: readonly ChatMessage[],
  composed: readonly ChatMessage[],
): ChatMessage[] {
  return [
    ...composed.filter((message) => message.role === "system"),
    ...messages.filter((message) => message.role !== "system"),
    ...composed.filter((message) => message.role !== "system"),
  ];
}
