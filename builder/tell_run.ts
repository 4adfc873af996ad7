// From the events of a run to what its page tells: a fold that takes one event after the other, so that
// a page of history and a live stream are made by the same hand. Pure.
import { CHAT_WAITS } from "../runtime/run/talk.ts";
import { NOTHING_SPENT, spend, type Spent } from "../runtime/run/usage.ts";
import { breakpointText } from "../schemas/breakpoint.ts";
import type { AssistantMessage } from "../schemas/conversation.ts";
import type { RunEvent } from "../schemas/run_event.ts";
import type {
  NoteBody,
  RunTale,
  TaleBody,
  TaleFile,
  TaleItem,
  TaleStep,
} from "../views/run/run_tale.ts";

/** A tale that grows. */
export interface RunTeller {
  /** Takes the next event. */
  hear(event: RunEvent): void;
  /** What has been told so far; entries that did not change are the same objects. */
  tale(): RunTale;
}

/** Begins a tale. */
export function tellRun(): RunTeller {
  return new Teller();
}

/** The tale of all events of a log. */
export function taleOf(events: readonly RunEvent[]): RunTale {
  const teller = tellRun();
  for (const event of events) teller.hear(event);
  return teller.tale();
}

const TALK_TRIFLES: ReadonlySet<RunEvent["type"]> = new Set([
  "run_resumed",
  "node_entered",
  "node_completed",
]);

/** Reasons to stop that stand on the page already: a question, an approval, a turn in a chat. */
const SAYS_ITSELF: ReadonlySet<string> = new Set(["QUESTION", "APPROVAL", CHAT_WAITS]);

const THINKING = ["thinking", "reasoning_content", "reasoning"];

class Teller implements RunTeller {
  readonly #items: TaleItem[] = [];
  readonly #steps: TaleStep[] = [];
  readonly #files = new Map<string, TaleFile>();
  /** `kind callId` → index of the entry that its later events change. */
  readonly #byCall = new Map<string, number>();
  #reason = "";
  #isChat = false;
  #spent: Spent = NOTHING_SPENT;
  #requests = 0;
  #drivenMs = 0;
  #drivenSince: string | undefined;
  #last: RunEvent | undefined;

  hear(event: RunEvent): void {
    this.#time(event);
    this.#last = event;
    if (event.type === "request_sent") this.#requests += 1;
    if (event.type === "run_started") this.#isChat = event.runType === "chat";
    // A chat is taken up for every message and has one node: that is no news to who talks.
    if (this.#isChat && TALK_TRIFLES.has(event.type)) return;
    if (event.type === "usage") this.#spent = spend(this.#spent, event);
    else if (event.type === "node_entered") this.#enter(event);
    else if (event.type === "node_completed") this.#complete(event);
    else if (event.type === "file_changed") this.#change(event);
    else if (event.type === "tool_result") {
      this.#amend("call", event, { result: event.result, durationMs: event.durationMs });
    } else if (event.type === "question_answered") {
      this.#amend("question", event, { answer: event.answer, by: event.by });
    } else if (event.type === "approval_decided") {
      this.#amend("approval", event, { decision: event.decision });
    } else this.#append(event, bodyOf(event));
    if (event.type === "tool_call") this.#reason = reasonOf(event.arguments) || this.#reason;
  }

  tale(): RunTale {
    const { inputTokens, outputTokens, durationMs: modelMs } = this.#spent;
    return {
      items: this.#items,
      steps: this.#steps,
      files: [...this.#files.values()],
      requests: this.#requests,
      inputTokens,
      outputTokens,
      modelMs,
      drivenMs: this.#drivenMs,
      drivenSince: this.#drivenSince,
      lastSeq: this.#last?.seq ?? 0,
      lastAt: this.#last?.at,
    };
  }

  /** A driver that died is taken to have driven up to its last event. */
  #time(event: RunEvent): void {
    const isBegin = event.type === "run_started" || event.type === "run_resumed";
    if (!isBegin && event.type !== "phase_changed") return;
    const end = isBegin ? this.#last?.at : event.at;
    const isDriven = event.type === "phase_changed" && event.phase === "running";
    if (this.#drivenSince !== undefined && end !== undefined && !isDriven) {
      this.#drivenMs += Math.max(0, Date.parse(end) - Date.parse(this.#drivenSince));
      this.#drivenSince = undefined;
    }
    if (isDriven) this.#drivenSince ??= event.at;
  }

  #append(event: RunEvent, body: TaleBody | undefined): void {
    if (!body || this.#isSaid(body)) return;
    const callId = callIdOf(body);
    if (callId !== undefined) this.#byCall.set(`${body.kind} ${callId}`, this.#items.length);
    this.#items.push({ seq: event.seq, lastSeq: event.seq, at: event.at, body });
  }

  /** A run that fails is told twice by its log: the error, and the phase for that reason. */
  #isSaid(body: TaleBody): boolean {
    const last = this.#items.at(-1)?.body;
    return body.kind === "note" && body.note === "failed" &&
      last?.kind === "note" && last.note === "error" && last.detail === body.detail;
  }

  /** What has no beginning in this log, such as after damage, is passed over. */
  #amend(kind: string, event: RunEvent & { readonly callId: string }, more: object): void {
    const index = this.#byCall.get(`${kind} ${event.callId}`);
    const item = index === undefined ? undefined : this.#items[index];
    if (!item || index === undefined) return;
    const body = { ...item.body, ...more } as TaleBody;
    this.#items[index] = { ...item, lastSeq: event.seq, body };
  }

  #enter(event: RunEvent & { readonly type: "node_entered" }): void {
    const { node: { id: nodeId, type, title = nodeId }, workflowId, agentId, depth, seq } = event;
    this.#reason = "";
    this.#append(event, { kind: "node", nodeId, title, type, depth, agentId });
    this.#closeStep({ label: "", reason: "", next: "" });
    this.#steps.push({
      seq,
      nodeId,
      workflowId,
      title,
      type,
      depth,
      state: "open",
      label: "",
      reason: "",
      next: "",
    });
  }

  #complete(event: RunEvent & { readonly type: "node_completed" }): void {
    const { label = "", next = "" } = event;
    const step = this.#steps.at(-1);
    const reason = step?.type === "decision" ? this.#reason : "";
    this.#closeStep({ label: label || next, reason, next });
    if (step?.type !== "decision") return;
    const detail = reason ? `${label || next}: ${reason}` : label || next;
    this.#append(event, { kind: "note", note: "left", detail });
  }

  #closeStep(end: Pick<TaleStep, "label" | "reason" | "next">): void {
    const step = this.#steps.at(-1);
    if (step?.state === "open") {
      this.#steps[this.#steps.length - 1] = { ...step, state: "done", ...end };
    }
  }

  #change(event: RunEvent & { readonly type: "file_changed" }): void {
    const { path, callId, at, nodeId = "", sha256After } = event;
    const isRevert = callId.startsWith("revert-");
    if (sha256After === null || isRevert) this.#files.delete(path);
    else this.#files.set(path, { path, callId, at, nodeId });
    if (isRevert) this.#append(event, note("reverted", path));
  }
}

function note(name: NoteBody["note"], detail = ""): NoteBody {
  return { kind: "note", note: name, detail };
}

function bodyOf(event: RunEvent): TaleBody | undefined {
  switch (event.type) {
    case "assistant_message":
      return saidOf(event.message, event.repairs ?? []);
    case "tool_call":
      if (event.tool === "ui.ask_user") return undefined;
      return { kind: "call", callId: event.callId, tool: event.tool, arguments: event.arguments };
    case "question_asked":
      return { kind: "question", callId: event.callId, question: event.question };
    case "approval_requested":
      return { kind: "approval", approval: event.approval };
    case "user_input":
      return { kind: "input", text: event.text };
    default:
      return noteOf(event);
  }
}

function noteOf(event: RunEvent): NoteBody | undefined {
  switch (event.type) {
    case "run_started":
      if (event.forkedFrom) return note("forked", event.forkedFrom.nodeId);
      return event.simulated ? note("simulated") : note("started", event.model);
    case "run_resumed":
      return note("resumed");
    case "phase_changed":
      return event.phase === "running" || SAYS_ITSELF.has(event.code ?? "")
        ? undefined
        : note(event.phase, event.reason);
    case "subworkflow_called":
      return note("called", event.workflowId);
    case "subworkflow_returned":
      return note("returned", event.workflowId);
    case "nudge_sent":
      return note("nudged");
    case "context_trimmed":
      return note("trimmed", String(event.removedMessages));
    case "retry_scheduled":
      return note("retried", event.message);
    case "state_rejected":
      return note("rejected", event.message);
    case "breakpoints_changed":
      return note("breakpoints", event.breakpoints.map(breakpointText).join(", "));
    case "node_retried":
      return note("begunAfresh", event.nodeId);
    case "state_edited":
      return note("edited", event.changes.map(({ path }) => path).join(", "));
    case "log_damaged":
      return note("damaged", String(event.line));
    case "error":
      return note("error", event.message);
    default:
      return undefined;
  }
}

function saidOf(message: AssistantMessage, repairs: readonly string[]): TaleBody | undefined {
  const thoughts = THINKING.map((key) => message.extras?.[key])
    .find((value) => typeof value === "string");
  const thinking = typeof thoughts === "string" ? thoughts.trim() : "";
  const text = message.content.trim();
  return text || thinking || repairs.length > 0
    ? { kind: "said", text, thinking, repairs }
    : undefined;
}

function callIdOf(body: TaleBody): string | undefined {
  if (body.kind === "approval") return body.approval.callId;
  return body.kind === "call" || body.kind === "question" ? body.callId : undefined;
}

function reasonOf({ decision }: Readonly<Record<string, unknown>>): string {
  if (typeof decision !== "object" || decision === null || !("reason" in decision)) return "";
  return typeof decision.reason === "string" ? decision.reason : "";
}
