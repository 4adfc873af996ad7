// How many tokens a request takes, roughly and without a tokenizer. Not here: what providers count.
import type { ChatMessage } from "../../schemas/conversation.ts";
import type { ToolDefinition } from "../../schemas/tool.ts";

/**
 * UTF-8 bytes per token. Tokenizers of today's models take 4 to 4.5 bytes of English, about 3.3 of
 * code or JSON and 3 of Chinese (one character), so this errs towards too many tokens.
 */
const BYTES_PER_TOKEN = 3.3;
/** Role and delimiters that a chat template puts round a message, a call or a tool. */
const FRAME_TOKENS = 6;

const encoder = new TextEncoder();

/** Tokens of a text, rounded up; 0 for an empty one. */
export function estimateTextTokens(text: string): number {
  return Math.ceil(encoder.encode(text).byteLength / BYTES_PER_TOKEN);
}

/**
 * Tokens of messages and tool definitions together. Additive: the estimates of two parts add up to
 * the estimate of the whole.
 */
export function estimateTokens(
  messages: readonly ChatMessage[],
  tools: readonly ToolDefinition[],
): number {
  let tokens = 0;
  for (const message of messages) tokens += messageTokens(message);
  for (const { name, description, parameters } of tools) {
    tokens += FRAME_TOKENS + estimateTextTokens(name + description + JSON.stringify(parameters));
  }
  return tokens;
}

function messageTokens(message: ChatMessage): number {
  let tokens = FRAME_TOKENS + estimateTextTokens(message.content);
  if (message.role !== "assistant") return tokens;
  for (const call of message.toolCalls ?? []) {
    tokens += FRAME_TOKENS + estimateTextTokens(call.name + call.arguments);
  }
  return message.extras ? tokens + estimateTextTokens(JSON.stringify(message.extras)) : tokens;
}
