// Keeps a request inside the model's window by leaving out old rounds. Pure; the log keeps everything.
import type { ChatMessage } from "../../schemas/conversation.ts";

/** Outcome of trimming. */
export interface TrimmedContext {
  readonly messages: readonly ChatMessage[];
  readonly removedMessages: number;
  readonly estimatedTokens: number;
  /** False if even the shortest form is over the budget. */
  readonly fits: boolean;
}

/** Rounds that stay however long the conversation is. */
const KEPT_ROUNDS = 2;

const NOTE: ChatMessage = {
  role: "user",
  content:
    "NOTE\nOlder tool calls of this node were left out to save space. Files, variables and the state document hold their effects; read them again if you need them.",
};

/**
 * Leaves out the oldest rounds after the prompt until the estimate is within `budgetTokens`. A round
 * is an assistant message with all its tool messages, so no tool message is ever left an orphan.
 */
export function trimContext(
  messages: readonly ChatMessage[],
  budgetTokens: number,
  estimate: (messages: readonly ChatMessage[]) => number,
): TrimmedContext {
  const whole = estimate(messages);
  if (whole <= budgetTokens) {
    return { messages, removedMessages: 0, estimatedTokens: whole, fits: true };
  }
  const { head, rounds } = splitRounds(messages);
  const sizes = rounds.map((round) => estimate(round));
  let tokens = whole + estimate([NOTE]);
  let dropped = 0;
  while (tokens > budgetTokens && dropped < rounds.length - KEPT_ROUNDS) {
    tokens -= sizes[dropped] ?? 0;
    dropped += 1;
  }
  const brief = latestBrief(rounds.slice(0, dropped), rounds.slice(dropped));
  const kept = rounds.slice(dropped).flat();
  const result = dropped === 0 ? messages : [...head, NOTE, ...brief, ...kept];
  const estimatedTokens = estimate(result);
  return {
    messages: result,
    removedMessages: rounds.slice(0, dropped).flat().length - brief.length,
    estimatedTokens,
    fits: estimatedTokens <= budgetTokens,
  };
}

/** In a conversation that grows through the run, the present brief may stand inside an old round. */
function latestBrief(
  dropped: readonly ChatMessage[][],
  kept: readonly ChatMessage[][],
): ChatMessage[] {
  const holdsBrief = (round: readonly ChatMessage[]) => round.some(isDirective);
  if (kept.some(holdsBrief)) return [];
  const round = dropped.findLast(holdsBrief) ?? [];
  return round.slice(round.findLastIndex(isDirective)).filter(({ role }) => role === "user");
}

function isDirective(message: ChatMessage): boolean {
  return message.role === "user" && message.content.startsWith("RUN_DIRECTIVE");
}

/** The prompt, then rounds: each begins with an assistant message. */
function splitRounds(messages: readonly ChatMessage[]): {
  head: ChatMessage[];
  rounds: ChatMessage[][];
} {
  const head: ChatMessage[] = [];
  const rounds: ChatMessage[][] = [];
  for (const message of messages) {
    if (message.role === "assistant") rounds.push([message]);
    else (rounds.at(-1) ?? head).push(message);
  }
  return { head, rounds };
}
