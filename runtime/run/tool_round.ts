// Runs the calls of one assistant message, in order: consent, intent on disk, effect, result.
import type { GraphNode } from "../../schemas/package.ts";
import { type ToolCall, toolFailure, type ToolResult } from "../../schemas/tool.ts";
import type { ApprovalDecision } from "../../schemas/question.ts";
import { parseArguments } from "../llm/repair.ts";
import { readQuestion } from "../tools/ask_user.ts";
import { nameOf, parsePlace } from "../tools/mounts.ts";
import { toToolName } from "../tools/names.ts";
import type { CallOptions, CallPlan } from "../tools/tool_host.ts";
import { askForAdvice } from "./advice.ts";
import { consentFor } from "./consent.ts";
import { callKey, consentKey, type PendingCall } from "./conversation.ts";
import { noteEvidence } from "./evidence.ts";
import { interruptedResult } from "./interrupted_call.ts";
import { sha256Of, storeBlob } from "./run_folder.ts";
import { offerAt, type Session, type Stop } from "./session.ts";

/** The same call failing this often makes the run wait (`runtime.md`). */
const MAX_EQUAL_FAILURES = 3;

/** A call taken apart. */
interface ReadCall {
  readonly callId: string;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

type CallOutcome = { readonly result: ToolResult } | { readonly stop: Stop };

/** Runs what has no result yet. A call that had begun before a crash is never run again. */
export async function runPendingCalls(session: Session, node: GraphNode): Promise<Stop> {
  for (const pending of session.recorder.conversation().pending) {
    if (session.signal.aborted) return { phase: "interrupted", code: "ENGINE_ABORTED" };
    const stop = await runCall(session, node, pending);
    if (stop !== null) return stop;
  }
  return null;
}

async function runCall(session: Session, node: GraphNode, pending: PendingCall): Promise<Stop> {
  const read = readCall(session, node, pending.call);
  const started = performance.now();
  const { callId, tool, args } = read;
  const outcome = "refusal" in read
    ? announce(session, read, read.refusal)
    : await answerCall(session, node, pending, read);
  if ("stop" in outcome) return outcome.stop;
  const durationMs = Math.round((performance.now() - started) * 10) / 10;
  session.recorder.emit({ type: "tool_result", callId, tool, result: outcome.result, durationMs });
  noteEvidence(session.workflow.state, tool, outcome.result);
  const failures = session.recorder.conversation().failures.get(callKey(tool, args)) ?? 0;
  if (outcome.result.ok || failures < MAX_EQUAL_FAILURES) return null;
  return await askForAdvice(session, node, {
    code: "ENGINE_LOOP_DETECTED",
    reason:
      `The same call of ${tool} failed ${failures} times at "${node.id}" (${outcome.result.error.code}: ${outcome.result.error.message})`,
  });
}

function readCall(
  session: Session,
  node: GraphNode,
  call: ToolCall,
): ReadCall | (ReadCall & { refusal: ToolResult }) {
  const offered = offerAt(session, node).names;
  const tool = toToolName(call.name, offered);
  const known = { callId: call.id, tool: tool ?? call.name, args: {} };
  if (session.recorder.conversation().nodeLeft) {
    return { ...known, refusal: toolFailure("E_NODE_CHANGED", nodeChangedMessage(node)) };
  }
  if (tool === null) {
    const refusal = toolFailure(
      "E_TOOL_UNKNOWN",
      `There is no tool "${call.name}" here. The tools are: ${offered.join(", ")}`,
    );
    return { ...known, refusal };
  }
  const parsed = parseArguments(call.arguments);
  if (parsed.ok) return { ...known, args: parsed.args };
  return { ...known, refusal: toolFailure("E_TOOL_ARGS", parsed.message) };
}

function nodeChangedMessage(node: GraphNode): string {
  return `An earlier call of the same message finished node "${node.id}", so this call was not run. Read the next NODE_BRIEF and begin there`;
}

/** A call that is refused before it runs is logged like any other. */
function announce(
  session: Session,
  { callId, tool, args }: ReadCall,
  result: ToolResult,
): CallOutcome {
  session.recorder.emit({ type: "tool_call", callId, tool, arguments: args });
  return { result };
}

async function answerCall(
  session: Session,
  node: GraphNode,
  pending: PendingCall,
  read: ReadCall,
): Promise<CallOutcome> {
  if (read.tool === "ui.ask_user") return await askUser(session, node, pending, read);
  const options = callOptions(session, node, read.callId);
  if (pending.begun) {
    const { tool, args } = read;
    const call = { pending, tool, path: mountPath(args.path), options };
    return { result: await interruptedResult(session.host, call) };
  }
  const refused = await seekConsent(session, node, { pending, read, options });
  if (refused) return refused;
  const { callId, tool, args } = read;
  session.recorder.emit({ type: "tool_call", callId, tool, arguments: args });
  return { result: await session.host.call(tool, args, options) };
}

function callOptions(session: Session, node: GraphNode, callId: string): CallOptions {
  return {
    policy: offerAt(session, node).policy,
    signal: session.signal,
    beforeChange({ path, before, after }) {
      const sha256Before = before === null ? null : storeBlob(session.run.folder, before);
      const sha256After = sha256Of(after);
      session.recorder.emit({ type: "file_changed", callId, path, sha256Before, sha256After });
      session.recorder.sync();
      return Promise.resolve();
    },
  };
}

/** Returns why the call does not run, or `null` if it may. */
async function seekConsent(
  session: Session,
  node: GraphNode,
  { pending, read, options }: { pending: PendingCall; read: ReadCall; options: CallOptions },
): Promise<CallOutcome | null> {
  const { recorder, run, host } = session;
  const { callId, tool, args } = read;
  if (pending.approved === true || mayRun(mountPath(args.path))) return null;
  const plan = await host.plan(tool, args, options);
  if (plan.effect !== "project-write" || mayRun(plan.path)) return null;
  const decision = pending.approved === false
    ? DENIED_EARLIER
    : await askConsent(session, node, { callId, tool, args, plan });
  if (decision === null) {
    const reason = `${tool} ${plan.path ?? ""} needs your consent`;
    return { stop: { phase: "waiting", code: "APPROVAL", reason } };
  }
  if (decision.decision === "allow") return null;
  const why = decision.reason ? ` The reason: ${decision.reason}` : "";
  const denied = toolFailure("E_TOOL_DENIED", `The user does not allow this call.${why}`);
  return announce(session, read, denied);

  function mayRun(path: string | undefined): boolean {
    return consentFor({ tool, path }, run.record.options) === "allow" ||
      recorder.conversation().allowedForRun.has(consentKey(tool, path));
  }
}

/** The mount path of an argument, as far as it can be told without looking at the disk. */
function mountPath(path: unknown): string | undefined {
  if (typeof path !== "string") return undefined;
  const parsed = parsePlace(path, "write");
  return parsed.ok ? nameOf(parsed.place) : undefined;
}

const DENIED_EARLIER: ApprovalDecision = { decision: "deny", scope: "once" };

async function askConsent(
  { recorder, person, signal }: Session,
  node: GraphNode,
  { callId, tool, args, plan }: ReadCall & { plan: CallPlan },
): Promise<ApprovalDecision | null> {
  const approval = {
    callId,
    tool,
    arguments: args,
    ...(plan.path !== undefined && { path: plan.path }),
    ...(plan.diff !== undefined && { diff: plan.diff }),
  };
  recorder.emit({ type: "approval_requested", approval });
  recorder.sync();
  const decision = await person.approve(approval, { nodeId: node.id, signal });
  if (decision) {
    recorder.emit({ type: "approval_decided", callId, decision, by: "person" });
    recorder.sync();
  }
  return decision;
}

async function askUser(
  { recorder, person, signal }: Session,
  node: GraphNode,
  pending: PendingCall,
  { callId, tool, args }: ReadCall,
): Promise<CallOutcome> {
  const question = readQuestion(args);
  if (!pending.begun) recorder.emit({ type: "tool_call", callId, tool, arguments: args });
  if (!question.ok) return { result: question.failure };
  if (!pending.question) {
    recorder.emit({ type: "question_asked", callId, question: question.value });
    recorder.sync();
  }
  if (pending.answer !== undefined) return { result: { ok: true, answer: pending.answer } };
  const given = await person.ask(question.value, { nodeId: node.id, signal });
  if (given === null) {
    return { stop: { phase: "waiting", code: "QUESTION", reason: question.value.question } };
  }
  recorder.emit({ type: "question_answered", callId, ...given });
  return { result: { ok: true, answer: given.answer } };
}
