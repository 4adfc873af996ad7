// Runs the calls of one assistant message, in order: consent, intent on disk, effect, result.
import type { GraphNode } from "../../schemas/package.ts";
import { type ToolFailure, toolFailure, type ToolResult } from "../../schemas/tool.ts";
import { toToolName } from "../../schemas/tool_names.ts";
import type { ApprovalDecision } from "../../schemas/question.ts";
import { parseArguments } from "../llm/repair.ts";
import { readQuestion } from "../tools/ask_user.ts";
import { nameOf, parsePlace } from "../tools/mounts.ts";
import { writesFiles } from "../tools/names.ts";
import type { CallOptions, CallPlan } from "../tools/tool_host.ts";
import { AppError, messageOf } from "../../schemas/error.ts";
import { activateSkill } from "./activate_skill.ts";
import { isLeft, refusedBySkills, toolsLeft } from "./active_skills.ts";
import { askForAdvice } from "./advice.ts";
import { stopBeforeCall } from "./breakpoint_stop.ts";
import { asksAlways, type ConsentVerdict } from "./consent.ts";
import { diskFailure } from "./disk_failure.ts";
import { callKey, consentKey, type PendingCall } from "./conversation.ts";
import { noteEvidence } from "./evidence.ts";
import { interruptedResult } from "./interrupted_call.ts";
import { sha256Of, storeBlob } from "./run_folder.ts";
import { effectiveAgent, offerAt, type Session, type Stop } from "./session.ts";

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
    if (isAnswered(session, pending)) continue;
    const stop = await runCall(session, node, pending);
    if (stop !== null) return stop;
  }
  return null;
}

/** A call of the same message may have answered those behind it. */
function isAnswered({ recorder }: Session, { call }: PendingCall): boolean {
  return !recorder.conversation().pending.some((open) => open.call.id === call.id);
}

async function runCall(session: Session, node: GraphNode, pending: PendingCall): Promise<Stop> {
  const read = readCall(session, node, pending);
  const started = performance.now();
  const { callId, tool, args } = read;
  const isNew = !("refusal" in read) && !pending.begun;
  const breakpoint = isNew ? stopBeforeCall(session, read) : null;
  if (breakpoint) return breakpoint;
  const outcome = "refusal" in read
    ? announce(session, read, read.refusal)
    : await answerCall(session, node, pending, read);
  if ("stop" in outcome) return outcome.stop;
  const durationMs = Math.round((performance.now() - started) * 10) / 10;
  session.recorder.emit({ type: "tool_result", callId, tool, result: outcome.result, durationMs });
  noteEvidence(session.workflow.state, tool, outcome.result);
  const failures = session.recorder.conversation().failures.get(callKey(tool, args)) ?? 0;
  if (outcome.result.ok || failures < MAX_EQUAL_FAILURES) return null;
  refuseRest(session, node);
  return await askForAdvice(session, node, {
    code: "ENGINE_LOOP_DETECTED",
    reason:
      `The same call of ${tool} failed ${failures} times at "${node.id}" (${outcome.result.error.code}: ${outcome.result.error.message})`,
  });
}

/** Before a person speaks, every call of the message has its answer: the rest is not run. */
function refuseRest(session: Session, node: GraphNode): void {
  for (const pending of session.recorder.conversation().pending) {
    const { callId, tool, args } = readCall(session, node, pending);
    if (!pending.begun) {
      session.recorder.emit({ type: "tool_call", callId, tool, arguments: args });
    }
    const result = toolFailure(
      "E_PRECONDITION_FAILED",
      "An earlier call of the same message failed again and again, so this call was not run",
    );
    session.recorder.emit({ type: "tool_result", callId, tool, result, durationMs: 0 });
  }
}

function readCall(
  session: Session,
  node: GraphNode,
  { call, begun }: PendingCall,
): ReadCall | (ReadCall & { refusal: ToolResult }) {
  const offered = offerAt(session, node).names;
  const tool = toToolName(call.name, offered);
  const known = { callId: call.id, tool: tool ?? call.name, args: {} };
  if (session.recorder.conversation().nodeLeft) {
    return { ...known, refusal: toolFailure("E_NODE_CHANGED", nodeChangedMessage(node)) };
  }
  if (!begun && session.recorder.conversation().cutOff) {
    const refusal = toolFailure("E_INTERRUPTED", NOT_RUN, { known: "not_done" });
    return { ...known, refusal };
  }
  if (tool === null) {
    const left = toolsLeft(session.recorder.conversation().activeSkills);
    const names = offered.filter((name) => isLeft(name, left)).join(", ");
    const refusal = toolFailure(
      "E_TOOL_UNKNOWN",
      `There is no tool "${call.name}" here. The tools are: ${names}`,
    );
    return { ...known, refusal };
  }
  const parsed = parseArguments(call.arguments);
  if (!parsed.ok) return { ...known, refusal: toolFailure("E_TOOL_ARGS", parsed.message) };
  const { args } = parsed;
  const narrowed = begun ? null : withheldBySkills(session, node, { tool, args });
  return narrowed ? { ...known, args, refusal: narrowed } : { ...known, args };
}

/** A call that had begun was allowed then. */
function withheldBySkills(
  { recorder, workflow: { workflow } }: Session,
  node: GraphNode,
  call: Omit<ReadCall, "callId">,
): ToolFailure | null {
  const stepFile = `@pkg/${workflow.nodeFiles.get(node.id)}`;
  return refusedBySkills(recorder.conversation().activeSkills, { ...call, stepFile });
}

const NOT_RUN =
  "An earlier call of the same message was cut off when the program stopped, so this call was not run. Call it again if you still need it, after the earlier one";

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
  const grant = { isGiven: pending.decision?.decision === "allow" };
  const options = callOptions(session, node, { read, grant });
  if (pending.begun) {
    const { tool, args } = read;
    const call = { pending, tool, path: mountPath(args.path), options };
    return { result: await interruptedResult(session.host, call) };
  }
  const refused = await seekConsent(session, node, { pending, read, options, grant });
  if (refused) return refused;
  const { callId, tool, args } = read;
  session.recorder.emit({ type: "tool_call", callId, tool, arguments: args });
  if (tool === "skill.activate") return { result: activateSkill(session, node, args) };
  return { result: await callTool(session, read, options) };
}

/** A failure of our own is data for the model too; only a disk that fails stops the run. */
async function callTool(
  { host }: Session,
  { tool, args }: ReadCall,
  options: CallOptions,
): Promise<ToolResult> {
  try {
    return await host.call(tool, args, options);
  } catch (thrown) {
    if (thrown instanceof AppError || diskFailure(thrown)) throw thrown;
    const message = `The tool failed in a way it should not (${
      messageOf(thrown)
    }). Try another way`;
    return toolFailure("E_INTERNAL", message);
  }
}

/** Whether a person consented to where the call really leads. */
interface Grant {
  isGiven: boolean;
}

function callOptions(
  session: Session,
  node: GraphNode,
  { read, grant }: { read: ReadCall; grant: Grant },
): CallOptions {
  const { callId } = read;
  return {
    policy: offerAt(session, node).policy,
    signal: session.signal,
    beforeChange({ path, before, after }) {
      if (!grant.isGiven && judge(session, node, read, path).consent !== "allow") {
        return Promise.resolve(linkRefused(path));
      }
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
  { pending, read, options, grant }: {
    pending: PendingCall;
    read: ReadCall;
    options: CallOptions;
    grant: Grant;
  },
): Promise<CallOutcome | null> {
  const { callId, tool, args } = read;
  if (grant.isGiven) return null;
  const named = judge(session, node, read, mountPath(args.path));
  if (named.consent === "deny") return denyByRule(session, read, named);
  if (named.consent === "allow" && !session.consent.looksAtPath(tool)) return null;
  const plan = await session.host.plan(tool, args, options);
  // What is refused anyway or changes nothing needs nobody's consent, unless a rule asks for it.
  if (plan.refusal || (writesFiles(tool) && plan.effect !== "project-write")) return null;
  const real = judge(session, node, read, plan.path);
  if (real.consent === "deny") return denyByRule(session, read, real);
  if (real.consent === "allow") return null;
  const decision = pending.decision ??
    await askConsent(session, node, { callId, tool, args, plan });
  if (decision === null) {
    const reason = `${tool} ${plan.path ?? ""} needs your consent`;
    return { stop: { phase: "waiting", code: "APPROVAL", reason } };
  }
  grant.isGiven = decision.decision === "allow";
  if (grant.isGiven) return null;
  const why = decision.reason ? ` The reason: ${decision.reason}` : "";
  const denied = toolFailure("E_TOOL_DENIED", `The user does not allow this call.${why}`);
  return announce(session, read, denied);
}

/** Consent went by the name that the model gave; a link made of it another file. */
function linkRefused(path: string): ToolFailure {
  return toolFailure(
    "E_TOOL_DENIED",
    `A link leads from this path to ${path}, which needs the user's consent. Name that path itself, and the user is asked`,
  );
}

function judge(
  session: Session,
  node: GraphNode,
  { tool, args }: ReadCall,
  path: string | undefined,
): ConsentVerdict {
  const { recorder, consent } = session;
  const agentId = effectiveAgent(session, node)?.id;
  const verdict = consent.judge({ tool, arguments: args, path }, agentId);
  const isAllowed = recorder.conversation().allowedForRun.has(consentKey(tool, path));
  const isCovered = isAllowed && !asksAlways(tool);
  return verdict.consent === "ask" && isCovered ? { consent: "allow" } : verdict;
}

function denyByRule(session: Session, read: ReadCall, { rule }: ConsentVerdict): CallOutcome {
  const message =
    `A rule of the user refuses this call (${rule}). Do it in another way, or ask the user`;
  return announce(session, read, toolFailure("E_TOOL_DENIED", message));
}

/** The mount path of an argument, as far as it can be told without looking at the disk. */
function mountPath(path: unknown): string | undefined {
  if (typeof path !== "string") return undefined;
  const parsed = parsePlace(path, "write");
  return parsed.ok ? nameOf(parsed.place) : undefined;
}

async function askConsent(
  session: Session,
  node: GraphNode,
  { callId, tool, args, plan }: ReadCall & { plan: CallPlan },
): Promise<ApprovalDecision | null> {
  const { recorder, person, signal, consent } = session;
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
  if (decision?.decision === "allow" && decision.scope === "always" && !asksAlways(tool)) {
    consent.remember({ tool, path: plan.path, agentId: effectiveAgent(session, node)?.id });
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
  recorder.sync();
  return { result: { ok: true, answer: given.answer } };
}
