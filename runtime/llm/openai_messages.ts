// Conversation ↔ chat completions: the one place where both vocabularies meet. Pure.
import type {
  ChatCompletionMessageParam,
  ChatCompletionTool,
} from "openai/resources/chat/completions";
import type { AssistantMessage, ChatMessage, Usage } from "../../schemas/conversation.ts";
import type { ToolCall, ToolDefinition } from "../../schemas/tool.ts";
import { asMap, type JsonMap } from "./json_map.ts";
import type { LlmReply } from "./llm.ts";
import { joinNeighbours, toSafeArguments, toSafeName } from "./wire_conversation.ts";

/** Fields in which servers send what a model thought, in order of preference. */
export const REASONING_FIELDS = ["reasoning_content", "reasoning"] as const;

/** Key in `extras` for thoughts of Ollama, which get them back, and for those that stood in the text. */
export const THINKING_FIELD = "thinking";

/** Key in `extras`: call id → fields of that call to send back, such as Gemini's `extra_content`. */
export const CALL_EXTRAS_FIELD = "tool_call_extras";

/** A tool call as a server sent it, in a message or as part of one. */
export interface WireCall {
  readonly id: string;
  readonly name: string;
  /** JSON text. */
  readonly arguments: string;
  readonly extras: JsonMap;
}

/** Messages as every server takes them: neighbours joined, arguments that are no JSON become `{}`. */
export function toWireMessages(messages: readonly ChatMessage[]): ChatCompletionMessageParam[] {
  return joinNeighbours(messages).map((message) => {
    if (message.role === "assistant") return toWireAssistant(message);
    const { role, content } = message;
    return role === "tool" ? { role, tool_call_id: message.callId, content } : { role, content };
  });
}

function toWireAssistant(message: AssistantMessage): ChatCompletionMessageParam {
  const { content, toolCalls = [], extras = {} } = message;
  const callExtras = asMap(extras[CALL_EXTRAS_FIELD]);
  const reasoning = Object.fromEntries(
    REASONING_FIELDS.filter((field) => field in extras).map((field) => [field, extras[field]]),
  );
  if (toolCalls.length === 0) return { role: "assistant", content, ...reasoning };
  return {
    role: "assistant",
    content: content || null,
    ...reasoning,
    tool_calls: toolCalls.map((call) => ({
      ...asMap(callExtras[call.id]),
      id: call.id,
      type: "function",
      function: { name: toSafeName(call.name), arguments: toSafeArguments(call.arguments) },
    })),
  };
}

/** Tools as the server takes them. */
export function toWireTools(tools: readonly ToolDefinition[]): ChatCompletionTool[] {
  return tools.map(({ name, description, parameters }) => ({
    type: "function",
    function: { name, description, parameters: { ...parameters } },
  }));
}

/** The calls of a message or a delta; ids and names may be empty, the old `function_call` counts. */
export function readWireCalls(message: JsonMap): { call: WireCall; index: number | undefined }[] {
  const list = Array.isArray(message.tool_calls) ? message.tool_calls : [];
  const legacy = message.function_call ? [{ function: message.function_call }] : [];
  return (list.length > 0 ? list : legacy).map((item: unknown) => {
    const { id, index, type: _, function: fn, ...extras } = asMap(item);
    const { name, arguments: args } = asMap(fn);
    return {
      index: typeof index === "number" ? index : undefined,
      call: {
        id: typeof id === "string" ? id : "",
        name: typeof name === "string" ? name : "",
        arguments: typeof args === "string" ? args : JSON.stringify(args ?? undefined) ?? "",
        extras,
      },
    };
  });
}

/** Text of a `content`: a string, or a list of parts of which the text counts. */
export function readText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part) => readText(asMap(part).text)).join("");
}

/** Tokens as the server counted them, if it did. */
export function readUsage(usage: unknown): Usage | undefined {
  const { prompt_tokens, completion_tokens } = asMap(usage);
  if (typeof prompt_tokens !== "number" || typeof completion_tokens !== "number") return undefined;
  return { inputTokens: prompt_tokens, outputTokens: completion_tokens };
}

/** Why the answer ended; servers that always say `stop` have calls all the same. */
export function readFinishReason(
  reason: string | undefined,
  calls: readonly ToolCall[],
): LlmReply["finishReason"] {
  if (reason === "length" || reason === "max_tokens") return "length";
  if (reason === "content_filter") return "content_filter";
  if (calls.length > 0) return "tool_calls";
  return reason === undefined || reason === "stop" || reason === "tool_calls" ? "stop" : "other";
}
