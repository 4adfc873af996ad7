// Answers what a waiting run asks, from any process: the answer goes into the log, and whoever drives
// the run next finds it there.
import { AppError } from "../../schemas/error.ts";
import type { Answer, ApprovalDecision, Question } from "../../schemas/question.ts";
import type { RunEvent } from "../../schemas/run_event.ts";
import { asksAlways } from "./consent.ts";
import { foldConversation } from "./conversation.ts";
import { lockRun, readRecord, type RunFolder } from "./run_folder.ts";
import { openRunLog, readRunLog } from "./run_log.ts";
import { rememberConsent } from "./tool_policy_file.ts";

/** What a run waits for. */
export type OpenMatter =
  | { readonly kind: "question"; readonly callId: string; readonly question: Question }
  | {
    readonly kind: "approval";
    readonly callId: string;
    readonly tool: string;
    readonly arguments: Readonly<Record<string, unknown>>;
    readonly path?: string;
    readonly diff?: string;
    /** The agent that asks. */
    readonly agentId?: string;
  };

/** The question or approval a run waits for, or `null`. Reads the log, takes no lock. */
export function openMatter(folder: RunFolder): OpenMatter | null {
  return matterOf(readRunLog(folder.logPath));
}

/**
 * Answers the open question. The answer is on disk when this returns; the run goes on with `resume`.
 * @throws AppError `RUN_BUSY` if a process drives the run, `RUN_PHASE` if it asks nothing,
 * `ANSWERS_INVALID` if the question wants another kind of answer
 */
export function answerQuestion(folder: RunFolder, text: string): void {
  recordAnswer(folder, "question", (matter) => {
    if (matter.kind !== "question") throw new Error("unreachable");
    const { callId, question } = matter;
    return { type: "question_answered", callId, answer: readAnswer(question, text), by: "person" };
  });
}

/**
 * Decides the open approval; a consent for `always` is kept for other runs too.
 * @throws AppError `RUN_BUSY`, `RUN_PHASE` as `answerQuestion`, `POLICY_INVALID`
 */
export function decideApproval(
  dataDir: string,
  folder: RunFolder,
  decision: ApprovalDecision,
): void {
  const matter = recordAnswer(folder, "approval", ({ callId }) => ({
    type: "approval_decided",
    callId,
    decision,
    by: "person",
  }));
  if (matter.kind !== "approval" || decision.decision === "deny") return;
  if (decision.scope !== "always" || asksAlways(matter.tool)) return;
  const { tool, path, agentId = "" } = matter;
  const packageHash = readRecord(folder).package.hash;
  rememberConsent(dataDir, { packageHash, agentId, tool, ...(path !== undefined && { path }) });
}

type LogBody = Parameters<ReturnType<typeof openRunLog>["append"]>[0];

function recordAnswer(
  folder: RunFolder,
  kind: OpenMatter["kind"],
  toEvent: (matter: OpenMatter) => LogBody,
): OpenMatter {
  using _lock = lockRun(folder);
  const runId = readRunLog(folder.logPath)[0]?.runId ?? "";
  const log = openRunLog(folder.logPath, runId);
  try {
    const matter = matterOf(log.history);
    if (matter?.kind !== kind) throw nothingAsked(kind, matter);
    const nodeId = log.history.findLast((event) => event.nodeId !== undefined)?.nodeId;
    log.append(toEvent(matter), nodeId === undefined ? {} : { nodeId });
    log.sync();
    return matter;
  } finally {
    log.close();
  }
}

function matterOf(events: readonly RunEvent[]): OpenMatter | null {
  const [pending] = foldConversation(events).read().pending;
  if (!pending || pending.answer !== undefined || pending.decision !== undefined) return null;
  const callId = pending.call.id;
  for (const event of events.toReversed()) {
    if (event.type === "assistant_message") return null;
    if (event.type === "question_asked" && event.callId === callId) {
      return { kind: "question", callId, question: event.question };
    }
    if (event.type === "approval_requested" && event.approval.callId === callId) {
      const visit = events.findLast(({ type }) => type === "node_entered");
      const agentId = visit?.type === "node_entered" ? visit.agentId : undefined;
      return { kind: "approval", ...event.approval, ...(agentId !== undefined && { agentId }) };
    }
  }
  return null;
}

function nothingAsked(kind: OpenMatter["kind"], matter: OpenMatter | null): AppError {
  const instead = matter === null
    ? "It goes on with: crewagent resume RUN"
    : matter.kind === "question"
    ? "It asks a question: crewagent answer RUN TEXT"
    : "It asks for consent: crewagent answer RUN --allow (or --deny)";
  return new AppError("RUN_PHASE", `The run waits for no ${kind}. ${instead}`);
}

function readAnswer(question: Question, text: string): Answer {
  switch (question.kind) {
    case "selection":
      return readSelection(question.options ?? [], text);
    case "confirmation":
      return readYesNo(text);
    case "form":
    case "review":
      return readMap(question.kind, text);
    default:
      return text;
  }
}

function readSelection(options: readonly string[], text: string): string {
  const wanted = text.trim().toLowerCase();
  const chosen = options[Number(wanted) - 1] ??
    options.find((option) => option.toLowerCase() === wanted);
  if (chosen !== undefined) return chosen;
  const list = options.map((option, index) => `${index + 1}. ${option}`).join(", ");
  throw invalid(`"${text}" is none of the options: ${list}`);
}

function readYesNo(text: string): boolean {
  if (/^(y|yes|true)$/i.test(text.trim())) return true;
  if (/^(n|no|false)$/i.test(text.trim())) return false;
  throw invalid(`"${text}" is neither yes nor no`);
}

/** A review may be answered in words: none means approved. */
function readMap(kind: "form" | "review", text: string): Answer {
  try {
    const value = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    if (kind === "review") return { approved: text.trim() === "", comments: text };
  }
  throw invalid(`A ${kind} wants a JSON object, such as {"name": "value"}`);
}

function invalid(message: string): AppError {
  return new AppError("ANSWERS_INVALID", message);
}
