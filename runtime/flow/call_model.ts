// One agent's conversation with its model: requests and tool calls until there is an answer. Not here:
// what the agent is asked (`compose_prompt.ts`) and what becomes of the answer (`perform_agent.ts`).
import type { ChatMessage } from "../../schemas/conversation.ts";
import { AppError } from "../../schemas/error.ts";
import {
  type ToolCall,
  type ToolDefinition,
  toolFailure,
  type ToolResult,
} from "../../schemas/tool.ts";
import type { LlmReply } from "../llm/llm.ts";
import { parseArguments } from "../llm/repair.ts";
import { toToolName } from "../../schemas/tool_names.ts";
import type { FlowModel, ToolCaller, ToolRunner } from "./flow_ports.ts";
import type { ToolCallNote } from "./flow_result.ts";

/** Requests with tools; an agent that still calls some then is going round in circles. */
const MAX_ROUNDS = 30;
const MAX_RESULT_CHARS = 64 * 1024;

/** A conversation about to begin. */
export interface Conversation {
  readonly messages: readonly ChatMessage[];
  readonly caller: ToolCaller;
  readonly model: FlowModel;
  readonly tools: ToolRunner;
  /** A piece of text; `restarted` when what came before is void. */
  onText(text: string, restarted: boolean): void;
}

/** How a conversation ended. */
export interface ModelAnswer {
  readonly text: string;
  readonly finishReason: LlmReply["finishReason"];
  readonly tokens: { readonly input: number; readonly output: number };
  readonly toolCalls: readonly ToolCallNote[];
  readonly retries: number;
}

/**
 * Asks until the model answers without calling a tool.
 * @throws AppError `LLM_*` of the model, `ENGINE_MAX_TURNS`, `ENGINE_ABORTED`
 */
export async function callModel(conversation: Conversation): Promise<ModelAnswer> {
  const { model, tools, caller } = conversation;
  const offered = caller.agent.tools.length === 0 ? [] : await tools.definitions(caller.agent);
  const messages = [...conversation.messages];
  const toolCalls: ToolCallNote[] = [];
  const tokens = { input: 0, output: 0 };
  let retries = 0;
  let spoken = false;
  let restarted = false;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const reply = await model.complete({
      messages,
      tools: offered,
      signal: caller.signal,
      onDelta({ kind, text }) {
        if (kind !== "text") return;
        conversation.onText(text, restarted);
        [spoken, restarted] = [true, false];
      },
      onRetry() {
        retries += 1;
        restarted = spoken;
      },
    });
    tokens.input += reply.usage?.inputTokens ?? 0;
    tokens.output += reply.usage?.outputTokens ?? 0;
    if (reply.toolCalls.length === 0) {
      return { text: reply.content, finishReason: reply.finishReason, tokens, toolCalls, retries };
    }
    // What a model says beside its calls is no part of the answer.
    restarted = spoken;
    messages.push(assistantMessage(reply));
    for (const call of reply.toolCalls) {
      const { name, result } = await runTool(call, offered, conversation);
      toolCalls.push({ name, ok: result.ok });
      messages.push({ role: "tool", callId: call.id, content: resultText(result) });
    }
  }
  const message =
    `The agent "${caller.agent.id}" has called tools in ${MAX_ROUNDS} rounds without ` +
    "an answer. Give it a clearer task or fewer tools";
  throw new AppError("ENGINE_MAX_TURNS", message);
}

function assistantMessage({ content, toolCalls, extras }: LlmReply): ChatMessage {
  return { role: "assistant", content, toolCalls, ...(extras && { extras }) };
}

async function runTool(
  call: ToolCall,
  offered: readonly ToolDefinition[],
  { tools, caller }: Conversation,
): Promise<{ readonly name: string; readonly result: ToolResult }> {
  const names = offered.map(({ name }) => name);
  const name = toToolName(call.name, names);
  if (name === null) {
    const known = names.length === 0 ? "none" : names.join(", ");
    const message = `There is no tool ${JSON.stringify(call.name)} here. The tools are: ${known}`;
    return { name: call.name, result: toolFailure("E_TOOL_UNKNOWN", message) };
  }
  const parsed = parseArguments(call.arguments);
  if (!parsed.ok) return { name, result: toolFailure("E_TOOL_ARGS", parsed.message) };
  return { name, result: await tools.call(name, parsed.args, caller) };
}

function resultText(result: ToolResult): string {
  const text = JSON.stringify(result);
  if (text.length <= MAX_RESULT_CHARS) return text;
  const preview = text.slice(0, MAX_RESULT_CHARS / 2);
  const message = `The result has ${text.length} characters, more than ${MAX_RESULT_CHARS}`;
  return JSON.stringify(toolFailure("E_READ_LIMIT", message, { preview }));
}
