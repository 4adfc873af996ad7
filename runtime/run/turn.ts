// One turn: what is pending is called, else the model is asked once and its calls are run.
import type { ChatMessage } from "../../schemas/conversation.ts";
import { AppError } from "../../schemas/error.ts";
import type { GraphNode } from "../../schemas/package.ts";
import type { ToolCall } from "../../schemas/tool.ts";
import { toToolName, toWireName } from "../../schemas/tool_names.ts";
import type { LlmReply } from "../llm/llm.ts";
import { budgetSpent } from "./budget.ts";
import { calibrated, tokenFactor } from "./calibration.ts";
import { trimContext } from "./context.ts";
import { askForAdvice } from "./advice.ts";
import { boundedOptions } from "./engine_limits.ts";
import { nodeBrief, promptVisit, tellResumed, tellUserInput } from "./enter_node.ts";
import { listen, personSpeaksNext } from "./listen.ts";
import { nudge } from "./prompt.ts";
import { messageTokens, requestDigest } from "./request_size.ts";
import { offerAt, type Session, type Stop } from "./session.ts";
import { SCRIPT_NUDGE } from "./talk_prompt.ts";
import { runPendingCalls } from "./tool_round.ts";

/** Share of the window a prompt may fill; the rest is for the answer. */
const PROMPT_SHARE = 0.8;

/** Takes one turn at a node that is entered. Returns why the run stops, or `null` to go on. */
export async function takeTurn(session: Session, node: GraphNode): Promise<Stop> {
  const { recorder } = session;
  if (recorder.conversation().pending.length > 0) return await runPendingCalls(session, node);
  if (!recorder.conversation().prompted) promptVisit(session, node);
  else if (recorder.conversation().briefDue) takeUpAgain(session, node);
  listen(session, node);
  const stop = personSpeaksNext(session) ?? limitReached(session) ?? budgetSpent(session);
  if (stop) return stop;
  const reply = await askModel(session, node);
  recordReply(session, node, reply);
  if (reply.toolCalls.length === 0) return await afterIdleAnswer(session, node);
  session.workflow.state.beginMessage();
  return await runPendingCalls(session, node);
}

function takeUpAgain(session: Session, node: GraphNode): void {
  const { advice } = session.run;
  if (advice === undefined) tellResumed(session, node);
  else tellUserInput(session, node, advice);
}

function limitReached({ recorder, run, limits }: Session): Stop {
  const { turns, turnsInNode } = recorder.conversation();
  const { maxTurns, maxTurnsPerNode } = boundedOptions(run.record.options, limits);
  const pause = (reason: string): Stop => ({ phase: "paused", code: "ENGINE_MAX_TURNS", reason });
  if (turns >= maxTurns) {
    return pause(`The run has taken ${turns} turns, its limit. Resuming it grants as many again`);
  }
  if (turnsInNode >= maxTurnsPerNode) {
    return pause(
      `The node has taken ${turnsInNode} turns, its limit. Resuming the run grants as many again`,
    );
  }
  return null;
}

async function askModel(session: Session, node: GraphNode): Promise<LlmReply> {
  const { llm, recorder, signal } = session;
  const { tools, tokens, sha256 } = offerAt(session, node);
  const messages = fitMessages(session, tokens);
  recorder.place = { ...recorder.place, turn: recorder.conversation().totalTurns + 1 };
  recorder.emit({
    type: "request_sent",
    model: llm.model,
    digest: requestDigest(messages, sha256),
    toolsSha256: sha256,
    messageCount: messages.length,
    estimatedTokens: messageTokens(messages) + tokens,
  });
  const started = performance.now();
  const reply = await llm.complete({
    messages,
    tools,
    signal,
    onDelta: ({ kind, text }) =>
      recorder.delta(kind === "text" ? "text_delta" : "reasoning_delta", text),
    onRetry: (retry) => recorder.emit({ type: "retry_scheduled", ...retry }),
  });
  if (reply.usage) {
    const durationMs = Math.round(performance.now() - started);
    recorder.emit({ type: "usage", usage: reply.usage, durationMs });
  }
  return reply;
}

/** The only place that decides what a request holds, so the window is checked for every request. */
function fitMessages({ llm, recorder }: Session, toolTokens: number): readonly ChatMessage[] {
  const { messages, calibration } = recorder.conversation();
  const factor = tokenFactor(calibration, llm.model);
  const share = Math.floor(llm.contextWindowTokens * PROMPT_SHARE / factor);
  const budget = share - toolTokens;
  const trimmed = trimContext(messages, budget, messageTokens);
  if (!trimmed.fits) {
    throw new AppError(
      "CONTEXT_TOO_LARGE",
      `The prompt needs about ${
        calibrated(trimmed.estimatedTokens, factor)
      } tokens, but the model's window of ${llm.contextWindowTokens} leaves ${
        calibrated(budget, factor)
      }. Use a model with a larger window or a shorter step`,
    );
  }
  const { removedMessages, shortenedMessages, estimatedTokens } = trimmed;
  if (removedMessages + shortenedMessages > 0) {
    recorder.emit({
      type: "context_trimmed",
      removedMessages,
      ...(shortenedMessages > 0 && { shortenedMessages }),
      estimatedTokens,
    });
  }
  return trimmed.messages;
}

function recordReply(session: Session, node: GraphNode, reply: LlmReply): void {
  const { recorder } = session;
  const unique = withUniqueIds(reply.toolCalls, recorder.conversation().totalTurns);
  const { toolCalls, repairs } = withOfferedNames(unique, offerAt(session, node).names);
  const mended = [...reply.repairs ?? [], ...repairs];
  recorder.emit({
    type: "assistant_message",
    message: {
      role: "assistant",
      content: reply.content,
      ...(toolCalls.length > 0 && { toolCalls }),
      ...(reply.extras && { extras: reply.extras }),
    },
    finishReason: reply.finishReason,
    ...(mended.length > 0 && { repairs: mended }),
  });
}

/** Some servers repeat ids or send none; every call of a message needs an id of its own, and a name. */
function withUniqueIds(calls: readonly ToolCall[], turn: number): ToolCall[] {
  const seen = new Set<string>();
  return calls.map((call, index) => {
    const id = call.id && !seen.has(call.id) ? call.id : `call_${turn}_${index + 1}`;
    seen.add(id);
    return { ...call, id, name: call.name || "unnamed" };
  });
}

/** The model reads its own calls again, so a name that it had nearly right stands there as it should. */
function withOfferedNames(
  calls: readonly ToolCall[],
  offered: readonly string[],
): { toolCalls: ToolCall[]; repairs: string[] } {
  const repairs: string[] = [];
  const toolCalls = calls.map((call) => {
    const tool = toToolName(call.name, offered);
    if (tool === null || call.name === tool || call.name === toWireName(tool)) return call;
    const name = toWireName(tool);
    repairs.push(`Read the name "${call.name}" as "${name}"`);
    return { ...call, name };
  });
  return { toolCalls, repairs };
}

/** An answer without a tool call: one nudge, then a person decides. */
async function afterIdleAnswer(session: Session, node: GraphNode): Promise<Stop> {
  const { recorder, run: { record: { talk } } } = session;
  // Whoever drives the chat learns at the next turn that the person speaks next.
  if (talk?.runType === "chat" || listen(session, node)) return null;
  if (!recorder.conversation().nudged) {
    const text = talk ? SCRIPT_NUDGE : nudge(nodeBrief(session, node));
    recorder.emit({ type: "nudge_sent", text });
    return null;
  }
  const reason = `The model stopped at "${node.id}" without finishing it`;
  return await askForAdvice(session, node, { code: "ENGINE_IDLE", reason });
}
