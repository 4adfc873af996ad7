// Conversation → Ollama's `/api/chat`: the one place that knows its words for messages and tools. Pure.
import type { AssistantMessage, ChatMessage } from "../../schemas/conversation.ts";
import type { ToolDefinition } from "../../schemas/tool.ts";
import { asMap, isMap, type JsonMap, parseJson } from "./json_map.ts";
import { THINKING_FIELD } from "./openai_messages.ts";
import { joinNeighbours, toSafeArguments, toSafeName } from "./wire_conversation.ts";

/** A message as Ollama takes it. `tool_name` is for old servers, `tool_call_id` for new ones. */
export interface OllamaMessage {
  readonly role: ChatMessage["role"];
  readonly content: string;
  readonly thinking?: string;
  readonly tool_calls?: readonly OllamaCall[];
  readonly tool_name?: string;
  readonly tool_call_id?: string;
}

/** A call in an assistant's message. Unlike OpenAI's, its arguments are an object. */
export interface OllamaCall {
  readonly id: string;
  readonly type: "function";
  readonly function: { readonly name: string; readonly arguments: JsonMap };
}

/** A tool as Ollama takes it. */
export interface OllamaTool {
  readonly type: "function";
  readonly function: {
    readonly name: string;
    readonly description: string;
    readonly parameters: JsonMap;
  };
}

/**
 * Messages as Ollama takes them: a result names its tool, arguments are objects (`{}` for what is
 * none), thoughts go back in `thinking`, where templates that need them look.
 */
export function toOllamaMessages(messages: readonly ChatMessage[]): OllamaMessage[] {
  const names = new Map(
    messages.flatMap((message) =>
      message.role === "assistant"
        ? message.toolCalls?.map(({ id, name }) => [id, toSafeName(name)] as const) ?? []
        : []
    ),
  );
  return joinNeighbours(messages).map((message) => {
    if (message.role === "assistant") return toOllamaAssistant(message);
    const { role, content } = message;
    if (role !== "tool") return { role, content };
    const { callId } = message;
    return { role, content, tool_name: names.get(callId) ?? "unknown", tool_call_id: callId };
  });
}

function toOllamaAssistant({ content, toolCalls = [], extras }: AssistantMessage): OllamaMessage {
  const thinking = extras?.[THINKING_FIELD];
  return {
    role: "assistant",
    content,
    ...(typeof thinking === "string" && thinking !== "" && { thinking }),
    ...(toolCalls.length > 0 && {
      tool_calls: toolCalls.map(({ id, name, arguments: args }) => ({
        id,
        type: "function",
        function: { name: toSafeName(name), arguments: asMap(parseJson(toSafeArguments(args))) },
      })),
    }),
  };
}

/** Tools as Ollama takes them. It reads a parameter's schema as an object; `true` would be a 400. */
export function toOllamaTools(tools: readonly ToolDefinition[]): OllamaTool[] {
  return tools.map(({ name, description, parameters }) => ({
    type: "function",
    function: {
      name,
      description,
      parameters: { ...parameters, properties: toObjects(asMap(parameters.properties)) },
    },
  }));
}

function toObjects(schemas: JsonMap): JsonMap {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, isMap(schema) ? schema : {}]),
  );
}
