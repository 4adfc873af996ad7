// Size and identity of what is sent, measured once for each message: a conversation is sent again and
// again, and most of it is what was sent the turn before.
import { createHash } from "node:crypto";
import type { ChatMessage } from "../../schemas/conversation.ts";
import type { ToolDefinition } from "../../schemas/tool.ts";
import { estimateTokens } from "../llm/estimate.ts";

interface Measure {
  readonly tokens: number;
  readonly sha256: string;
}

const measures = new WeakMap<ChatMessage, Measure>();

/** Estimated tokens of messages. */
export function messageTokens(messages: readonly ChatMessage[]): number {
  return messages.reduce((sum, message) => sum + measure(message).tokens, 0);
}

/** SHA-256 over the SHA-256 of each message and of the tools, each as JSON. */
export function requestDigest(messages: readonly ChatMessage[], toolsSha256: string): string {
  const hash = createHash("sha256");
  for (const message of messages) hash.update(measure(message).sha256);
  return hash.update(toolsSha256).digest("hex");
}

/** What the offered tools add to a request. */
export function measureTools(tools: readonly ToolDefinition[]): Measure {
  return { tokens: estimateTokens([], tools), sha256: sha256(JSON.stringify(tools)) };
}

function measure(message: ChatMessage): Measure {
  const known = measures.get(message);
  if (known) return known;
  const tokens = estimateTokens([message], []);
  const measured = { tokens, sha256: sha256(JSON.stringify(message)) };
  measures.set(message, measured);
  return measured;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
