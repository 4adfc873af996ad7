// Reads a model's answer for a verdict: its calls, and what of it is quoted in a reason. Pure.
import type { ChatMessage } from "../../../schemas/conversation.ts";
import { isMap } from "../json_map.ts";
import type { LlmReply } from "../llm.ts";
import { parseArguments } from "../repair.ts";

/** A call as the engine would understand it. */
export interface AnsweredCall {
  readonly id: string;
  readonly name: string;
  /** `undefined` if they cannot be read even when mended. */
  readonly args: Readonly<Record<string, unknown>> | undefined;
}

/** The calls of an answer, in order. */
export function callsOf({ toolCalls }: LlmReply): AnsweredCall[] {
  return toolCalls.map(({ id, name, arguments: text }) => {
    const parsed = parseArguments(text);
    return { id, name, args: parsed.ok ? parsed.args : undefined };
  });
}

/** The answer as a message of the conversation that goes on. */
export function toMessage({ content, toolCalls, extras }: LlmReply): ChatMessage {
  return {
    role: "assistant",
    content,
    ...(toolCalls.length > 0 && { toolCalls }),
    ...(extras && { extras }),
  };
}

/** True if two JSON values are the same, whatever the order of their keys. */
export function isSameJson(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other);
}

/** What the model said, in quotes and short enough for a reason. */
export function quoted({ content, finishReason }: LlmReply): string {
  const text = content.replace(/\s+/g, " ").trim();
  if (text === "") {
    return finishReason === "length"
      ? "nothing before its limit for answers was reached"
      : "nothing";
  }
  return excerpt(text);
}

/** A text in quotes, or a JSON value; at most 80 characters of it. */
export function excerpt(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(shorten(value));
  return shorten(JSON.stringify(value) ?? "nothing");
}

const MAX_QUOTED_CHARS = 80;

function shorten(text: string): string {
  return text.length > MAX_QUOTED_CHARS ? `${text.slice(0, MAX_QUOTED_CHARS)}…` : text;
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part) => isMap(part) ? sortKeys(part) : part);
}

function sortKeys(map: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).toSorted(([a], [b]) => a < b ? -1 : 1));
}
