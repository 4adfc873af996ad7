// Keeps a request inside the model's window by leaving out old rounds. Pure; the log keeps everything.
import type { ChatMessage } from "../../schemas/conversation.ts";

/** Outcome of trimming. */
export interface TrimmedContext {
  readonly messages: readonly ChatMessage[];
  readonly removedMessages: number;
  /** Messages that stay, but without their middle. */
  readonly shortenedMessages: number;
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
  const total = estimate(messages);
  if (total <= budgetTokens) {
    return {
      messages,
      removedMessages: 0,
      shortenedMessages: 0,
      estimatedTokens: total,
      fits: true,
    };
  }
  const { head, rounds } = splitRounds(messages);
  const sizes = rounds.map((round) => estimate(round));
  let tokens = total + estimate([NOTE]);
  let dropped = 0;
  while (tokens > budgetTokens && dropped < rounds.length - KEPT_ROUNDS) {
    tokens -= sizes[dropped] ?? 0;
    dropped += 1;
  }
  const brief = latestBrief(rounds.slice(0, dropped), rounds.slice(dropped));
  const excess = tokens - budgetTokens;
  const whole = rounds.slice(dropped).flat();
  const kept = shorten(whole, excess, estimate);
  const result = dropped === 0 ? [...head, ...kept] : [...head, NOTE, ...brief, ...kept];
  const estimatedTokens = estimate(result);
  return {
    messages: result,
    removedMessages: rounds.slice(0, dropped).flat().length - brief.length,
    shortenedMessages: kept.filter((message, index) => message !== whole[index]).length,
    estimatedTokens,
    fits: estimatedTokens <= budgetTokens,
  };
}

/** Below this share of the window a message is left as it is. */
const SMALL_TOKENS = 500;
const HEAD_CHARS = 1200;
const TAIL_CHARS = 400;

/**
 * Shortens the longest messages until `excess` tokens are saved: a single answer or result can be
 * longer than the window. The call of a tool keeps its name, and its arguments stay JSON.
 */
function shorten(
  messages: readonly ChatMessage[],
  excess: number,
  estimate: (messages: readonly ChatMessage[]) => number,
): ChatMessage[] {
  if (excess <= 0) return [...messages];
  const sizes = messages.map((message) => estimate([message]));
  const longest = messages.map((_, index) => index)
    .filter((index) => (sizes[index] ?? 0) > SMALL_TOKENS)
    .sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0));
  const result = [...messages];
  let saved = 0;
  for (const index of longest) {
    if (saved >= excess) break;
    const short = shortened(result[index]!);
    saved += (sizes[index] ?? 0) - estimate([short]);
    result[index] = short;
  }
  return result;
}

function shortened(message: ChatMessage): ChatMessage {
  const content = cutMiddle(message.content);
  if (message.role !== "assistant" || !message.toolCalls) return { ...message, content };
  const toolCalls = message.toolCalls.map((call) =>
    call.arguments.length > HEAD_CHARS + TAIL_CHARS
      ? { ...call, arguments: JSON.stringify({ leftOut: cutMiddle(call.arguments) }) }
      : call
  );
  return { ...message, content, toolCalls };
}

function cutMiddle(text: string): string {
  const leftOut = text.length - HEAD_CHARS - TAIL_CHARS;
  if (leftOut <= 0) return text;
  const note = `\n[… ${leftOut} characters left out to fit the model's window …]\n`;
  return `${text.slice(0, HEAD_CHARS)}${note}${text.slice(-TAIL_CHARS)}`;
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
