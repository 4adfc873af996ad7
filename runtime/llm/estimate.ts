// How many tokens a request takes, roughly and without a tokenizer. Not here: what providers count.
import type { ChatMessage } from "../../schemas/conversation.ts";
import type { ToolDefinition } from "../../schemas/tool.ts";
import { weighText } from "./token_weights.ts";

/** Role and delimiters that a chat template puts round a message, a call or a tool. */
const FRAME_TOKENS = 6;

/** Tokens of a text. */
type CountText = (text: string) => number;

/**
 * Tokens of a text, rounded up; 0 for an empty one. Meant to be rather too many: with the tokenizers of
 * GPT-4o, Llama 3 and Qwen 5 to 25 % too many for English, code and JSON, and up to twice as many
 * where they differ (numbers, other scripts than Latin); with the small vocabularies of 2023 up to
 * 15 % too few, in East Asian scripts 45 %. `run/calibration.ts` learns the difference.
 */
export function estimateTextTokens(text: string): number {
  return Math.ceil(weighText(text) / 100);
}

/**
 * Tokens of messages and tool definitions together. Additive: the estimates of two parts add up to
 * the estimate of the whole.
 */
export function estimateTokens(
  messages: readonly ChatMessage[],
  tools: readonly ToolDefinition[],
  countText: CountText = estimateTextTokens,
): number {
  let tokens = 0;
  for (const message of messages) tokens += messageTokens(message, countText);
  for (const { name, description, parameters } of tools) {
    tokens += FRAME_TOKENS + countText(name + description + JSON.stringify(parameters));
  }
  return tokens;
}

function messageTokens(message: ChatMessage, countText: CountText): number {
  let tokens = FRAME_TOKENS + countText(message.content);
  if (message.role !== "assistant") return tokens;
  for (const call of message.toolCalls ?? []) {
    tokens += FRAME_TOKENS + countText(call.name + call.arguments);
  }
  return message.extras ? tokens + countText(JSON.stringify(message.extras)) : tokens;
}
