// Finds out whether Ollama read the whole prompt. It cuts what does not fit from the front, answers
// all the same, and only `prompt_eval_count` tells. No I/O.
import type { ChatMessage } from "../../schemas/conversation.ts";
import { estimateTokens } from "./estimate.ts";
import { asMap } from "./json_map.ts";
import type { LlmRequest } from "./llm.ts";
import { THINKING_FIELD } from "./openai_messages.ts";

/** What speaks for a cut. */
export interface PromptDoubt {
  /**
   * `full`: the prompt fills the window to the last token. `short`: less was read than the messages
   * can take. `shrunk`: less was read than of an earlier request that this one continues.
   */
  readonly kind: "full" | "short" | "shrunk";
  readonly readTokens: number;
  /** Roughly; at least so many if `shrunk`. */
  readonly sentTokens: number;
}

/** Remembers what was read of one request, to judge the next. One for each model. */
export interface PromptCheck {
  /** What speaks for a cut of this request; takes it as read whole if nothing does. */
  judge(request: PromptRead, readTokens: number): PromptDoubt | undefined;
}

/** What of a request is in its prompt. */
export type PromptRead = Pick<LlmRequest, "messages" | "tools">;

/** A prompt that leaves less room than this for the answer counts as one that fills the window. */
const LEAST_ANSWER_TOKENS = 8;
/**
 * UTF-8 bytes per token. What is known of cuts and dense scripts is known in bytes, and the finer
 * estimate is made to be too many where tokenizers differ; so this check counts bytes.
 */
const BYTES_PER_TOKEN = 3.3;
/**
 * Messages of which less than this part of their bytes was read were cut. Dense tokens come to about 8
 * bytes (Hindi or Tamil with a large vocabulary),
 * that is 0.41, and the rules in English lift it. Ollama cuts to half of its window, which for
 * English prose, at 4.2 bytes a token, is 0.39 or less. Tools and thoughts are left out: templates
 * shorten or drop them.
 */
const LEAST_READ_PART = 0.4;
/** A prompt that was continued may become this part of itself, by what templates do to old turns. */
const LEAST_KEPT_PART = 0.9;

/** The check of one model. */
export function promptCheck(contextWindowTokens: number): PromptCheck {
  let earlier: { readonly request: PromptRead; readonly readTokens: number } | undefined;
  return {
    judge(request, readTokens) {
      // More than the window can only mean that the server has a larger one.
      const full = readTokens <= contextWindowTokens &&
        readTokens > contextWindowTokens - LEAST_ANSWER_TOKENS;
      const sentTokens = tokensOf(withoutThoughts(request.messages), request.tools);
      if (full) return { kind: "full", readTokens, sentTokens };
      const messageTokens = tokensOf(withoutThoughts(request.messages), []);
      if (readTokens < LEAST_READ_PART * messageTokens) {
        return { kind: "short", readTokens, sentTokens };
      }
      if (earlier && continues(request, earlier.request)) {
        const kept = earlier.readTokens - thoughtTokens(earlier.request.messages);
        if (readTokens < LEAST_KEPT_PART * kept) {
          return { kind: "shrunk", readTokens, sentTokens: earlier.readTokens };
        }
      }
      earlier = { request: { ...request, messages: [...request.messages] }, readTokens };
      return undefined;
    },
  };
}

const encoder = new TextEncoder();

function textTokens(text: string): number {
  return Math.ceil(encoder.encode(text).byteLength / BYTES_PER_TOKEN);
}

function tokensOf(messages: PromptRead["messages"], tools: PromptRead["tools"]): number {
  return estimateTokens(messages, tools, textTokens);
}

/** Whether a request holds all of an earlier one. */
function continues(request: PromptRead, earlier: PromptRead): boolean {
  return request.messages.length >= earlier.messages.length &&
    earlier.messages.every((message, index) => isSame(message, request.messages[index])) &&
    isSame(request.tools, earlier.tools);
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function withoutThoughts(messages: readonly ChatMessage[]): ChatMessage[] {
  return messages.map((message) => {
    if (message.role !== "assistant") return message;
    const { extras: _, ...rest } = message;
    return rest;
  });
}

function thoughtTokens(messages: readonly ChatMessage[]): number {
  const thoughts = messages.map((message) =>
    message.role === "assistant" ? asMap(message.extras)[THINKING_FIELD] : undefined
  );
  return textTokens(thoughts.filter((text) => typeof text === "string").join(""));
}
