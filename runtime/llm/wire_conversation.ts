// What every protocol needs done to a conversation before it is sent. Pure.
import type { ChatMessage } from "../../schemas/conversation.ts";
import { isMap, parseJson } from "./json_map.ts";

/**
 * Joins neighbours of role system or user: many chat templates take one system message and insist
 * on turns.
 */
export function joinNeighbours(messages: readonly ChatMessage[]): ChatMessage[] {
  const joined: ChatMessage[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    const joins = message.role === "system" || message.role === "user";
    if (joins && last?.role === message.role) {
      joined[joined.length - 1] = { ...last, content: `${last.content}\n\n${message.content}` };
    } else joined.push(message);
  }
  return joined;
}

/** A name the model made up is echoed too, and servers refuse what is not a name. */
export function toSafeName(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, 64) || "unknown";
}

/** Chat templates parse the arguments of old calls; broken ones would end the run with a 500. */
export function toSafeArguments(text: string): string {
  return isMap(parseJson(text)) ? text : "{}";
}
