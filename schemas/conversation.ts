// Messages of a conversation with a model, free of any provider's protocol.
import type { ToolCall } from "./tool.ts";

/** One message. Every tool call of an assistant message is answered by exactly one tool message. */
export type ChatMessage =
  | { readonly role: "system"; readonly content: string }
  | { readonly role: "user"; readonly content: string }
  | AssistantMessage
  | { readonly role: "tool"; readonly callId: string; readonly content: string };

/** What the model said. `extras` are provider fields (reasoning) to echo unchanged. */
export interface AssistantMessage {
  readonly role: "assistant";
  readonly content: string;
  readonly toolCalls?: readonly ToolCall[];
  readonly extras?: Readonly<Record<string, unknown>>;
}

/** Tokens of one request, as the provider counted them. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}
