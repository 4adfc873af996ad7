// Exercise: does the model still know the beginning of a long prompt? Servers cut it without a word.
import type { ChatMessage } from "../../../schemas/conversation.ts";
import { estimateTextTokens, estimateTokens } from "../estimate.ts";
import type { LlmReply } from "../llm.ts";
import { canaryOf } from "./canary.ts";
import { type ExerciseContext, failed, passed, type Verdict } from "./exercise.ts";
import { quoted } from "./model_answer.ts";

/** How much of the context window is filled; the rest is for the answer and for a wrong estimate. */
const FILLED = 0.7;
/** A slow machine reads some hundred tokens a second. */
const MAX_TOKENS = 24_000;
/** A server that counts less than this share of the estimate has not read everything. */
const CREDIBLE_SHARE = 0.6;

/** Passes if the code word from the head of the prompt is in the answer. */
export async function longPrompt({ llm, ask }: ExerciseContext): Promise<Verdict> {
  const canary = canaryOf(llm.model);
  const { contextWindowTokens } = llm;
  const messages = composePrompt(
    canary,
    Math.min(Math.floor(contextWindowTokens * FILLED), MAX_TOKENS),
  );
  const tokens = estimateTokens(messages, []);
  const reply = await ask({ messages });
  if (lettersOf(reply.content).includes(lettersOf(canary))) {
    return passed(`It knew the code word from the head of a prompt of about ${tokens} tokens`);
  }
  return failed(describeLoss(reply, tokens, contextWindowTokens));
}

/** A prompt of about so many tokens; the lines between head and question are all of one length. */
function composePrompt(canary: string, tokens: number): readonly ChatMessage[] {
  const compose = (lines: number): readonly ChatMessage[] => [
    { role: "system", content: `The code word is ${canary}. You will be asked for it at the end.` },
    {
      role: "user",
      content: `${
        ledger(lines)
      }\nThe system message at the very beginning names a code word. Answer with that code word and nothing else.`,
    },
  ];
  const hundredLines = estimateTextTokens(ledger(100));
  const left = tokens - estimateTokens(compose(0), []);
  return compose(Math.max(1, Math.floor(left * 100 / hundredLines)));
}

function ledger(lines: number): string {
  return Array.from({ length: lines }, (_, index) => {
    const number = String(index + 1).padStart(4, "0");
    return `Entry ${number}: the harbour clerk weighed 7 crates of tea and signed page ${number}.\n`;
  }).join("");
}

function describeLoss(reply: LlmReply, tokens: number, contextWindowTokens: number): string {
  const read = reply.usage?.inputTokens;
  if (read !== undefined && read < tokens * CREDIBLE_SHARE) {
    return `The server read only the last ${read} of about ${tokens} tokens: set its context window to ${contextWindowTokens} (Ollama: num_ctx; llama.cpp: -c; LM Studio: Context Length), or the profile's to what it has`;
  }
  const answered = `It answered ${quoted(reply)} when asked for the code word at the head of about`;
  return read === undefined
    ? `${answered} ${tokens} tokens: the server may have cut the prompt, so set its context window to ${contextWindowTokens} or the profile's to what it has`
    : `${answered} ${tokens} tokens, of which the server read ${read}: set a smaller context window in the profile, or choose a model that is better with long prompts`;
}

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, "");
}
