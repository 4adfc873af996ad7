// Performs one agent: prompt, model, tools, answer, result. Whatever goes wrong is the result; only a
// stop from outside is thrown. Knows nothing of flows, stories' state or documents.
import { AppError } from "../../schemas/error.ts";
import { callModel, type ModelAnswer } from "./call_model.ts";
import { type AgentFacts, composePrompt } from "./compose_prompt.ts";
import type { FlowPorts } from "./flow_ports.ts";
import type { AgentMetadata, AgentResult, AgentStatus, FlowFault } from "./flow_result.ts";
import type { FlowAgent } from "./flow_source.ts";
import { readAnswer, summaryOf } from "./read_answer.ts";

/** What performing needs. */
export interface Performance {
  readonly agent: FlowAgent;
  readonly facts: AgentFacts;
  readonly storyId: string;
  /** For the whole agent, its tool calls included. */
  readonly timeLimitMs: number;
  readonly signal: AbortSignal;
  onText(text: string, restarted: boolean): void;
}

/**
 * Asks the model and reads its answer.
 * @throws AppError `ENGINE_ABORTED` when the signal aborts
 */
export async function performAgent(
  performance: Performance,
  ports: Pick<FlowPorts, "model" | "tools" | "clock">,
): Promise<AgentResult> {
  const { agent, facts, storyId, timeLimitMs, signal } = performance;
  const startedAt = ports.clock.now();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeLimitMs);
  try {
    const answer = await callModel({
      messages: composePrompt(agent, facts),
      caller: { agent, storyId, signal: AbortSignal.any([signal, limit.signal]) },
      model: ports.model,
      tools: ports.tools,
      onText: (text, restarted) => performance.onText(text, restarted),
    });
    const metadata = {
      ...metadataOf(agent, startedAt, ports),
      provider: ports.model.provider,
      model: ports.model.model,
      tokens: answer.tokens,
      ...(answer.toolCalls.length > 0 && { tool_calls: answer.toolCalls }),
      ...(answer.retries > 0 && { retries: answer.retries }),
    };
    return resultOf(agent, answer, metadata);
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    const fault = limit.signal.aborted ? tooSlow(agent, timeLimitMs) : faultOf(thrown);
    return failedResult(fault, metadataOf(agent, startedAt, ports));
  } finally {
    clearTimeout(timer);
  }
}

function resultOf(agent: FlowAgent, answer: ModelAnswer, metadata: AgentMetadata): AgentResult {
  const { content, missing, needsInput, checklists } = readAnswer(answer.text, agent.checklists);
  if (needsInput) {
    const summary = `More input is needed: ${missing.join("; ") || "the agent did not say what"}`;
    return { status: "needs_input", content: "", summary, missing_inputs: missing, metadata };
  }
  if (answer.finishReason === "content_filter" || content === "") {
    const why = content === "" ? "has answered nothing" : "was stopped by a content filter";
    const message = `The model ${why} when it was asked for agent "${agent.id}"`;
    return failedResult({ code: "LLM_BAD_RESPONSE", message }, metadata);
  }
  if (answer.finishReason === "length") {
    const message =
      `The answer of agent "${agent.id}" was cut off. Raise "max_tokens" or ask for less`;
    return failedResult({ code: "LLM_BAD_RESPONSE", message }, metadata);
  }
  return {
    status: "completed",
    content,
    summary: summaryOf(content),
    missing_inputs: [],
    metadata: { ...metadata, ...(checklists.length > 0 && { checklists }) },
  };
}

/** A result without content, for an agent that was not even asked. */
export function unaskedResult(
  status: Extract<AgentStatus, "failed" | "skipped" | "needs_input">,
  fault: FlowFault,
  about: { readonly agent: FlowAgent; readonly clock: FlowPorts["clock"] },
): AgentResult {
  const metadata = metadataOf(about.agent, about.clock.now(), about);
  return { ...failedResult(fault, metadata), status };
}

function failedResult(fault: FlowFault, metadata: AgentMetadata): AgentResult {
  return {
    status: "failed",
    content: "",
    summary: fault.message,
    missing_inputs: [],
    metadata: { ...metadata, error: fault },
  };
}

/** An error as data; of one that nobody expected only that there was one. */
export function faultOf(thrown: unknown): FlowFault {
  if (thrown instanceof AppError) return { code: thrown.code, message: thrown.message };
  return { code: "INTERNAL", message: "Something unexpected went wrong; the log has the cause" };
}

function tooSlow({ id }: FlowAgent, timeLimitMs: number): FlowFault {
  const message = `The agent "${id}" was not done after ${timeLimitMs / 1000} s. ` +
    'Raise "limits.request_s" or use a faster model';
  return { code: "LLM_TIMEOUT", message };
}

function metadataOf(
  { id }: FlowAgent,
  startedAt: number,
  { clock }: Pick<FlowPorts, "clock">,
): AgentMetadata {
  const now = clock.now();
  return {
    agent: id,
    started_at: new Date(startedAt).toISOString(),
    completed_at: new Date(now).toISOString(),
    duration_ms: Math.max(0, Math.round(now - startedAt)),
  };
}
