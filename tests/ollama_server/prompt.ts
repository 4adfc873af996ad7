// The prompt as the test Ollama reads it: a template, a tokenizer of four characters a token, a
// window and a cache of the last prompt.
import type { ChatBody, OllamaOptions } from "./script.ts";

/** What became of a prompt. */
export type ReadPrompt =
  | { readonly kind: "read"; readonly counts: PromptCounts }
  | { readonly kind: "refused"; readonly promptTokens: number; readonly windowTokens: number };

/** The counts of an answer, as Ollama names them. */
export interface PromptCounts {
  readonly prompt_eval_count?: number;
  readonly prompt_eval_cached_count?: number;
}

const DEFAULT_WINDOW_TOKENS = 4_096;
const LARGEST_WINDOW_TOKENS = 131_072;

/** Reads prompts one after the other, each with the last one in the cache. */
export function promptReader(options: OllamaOptions): (body: ChatBody) => ReadPrompt {
  let cached: string[] = [];
  return (body) => {
    const asked = body.options?.num_ctx ?? DEFAULT_WINDOW_TOKENS;
    const windowTokens = Math.min(asked, options.windowTokens ?? LARGEST_WINDOW_TOKENS);
    const whole = tokenize(render(body, options));
    const promptTokens = whole.length;
    const isTooLong = promptTokens > windowTokens;
    if (isTooLong && body.truncate === false && options.tooLong !== "cut") {
      return { kind: "refused", promptTokens, windowTokens };
    }
    // Half of the window stays, the latest part.
    const tokens = isTooLong ? whole.slice(-Math.floor(windowTokens / 2)) : whole;
    const cachedTokens = sharedLength(tokens, cached);
    cached = tokens;
    return { kind: "read", counts: countsOf(tokens.length, cachedTokens, options) };
  };
}

function countsOf(
  tokens: number,
  cachedTokens: number,
  { counting = "all" }: OllamaOptions,
): PromptCounts {
  // The last token is evaluated in any case.
  const newTokens = Math.max(1, tokens - cachedTokens);
  if (counting === "all") return { prompt_eval_count: tokens };
  if (counting === "all_told") {
    return { prompt_eval_count: tokens, prompt_eval_cached_count: tokens - newTokens };
  }
  if (counting === "new" || newTokens > 1) return { prompt_eval_count: newTokens };
  return {};
}

function render({ messages, tools = [] }: ChatBody, options: OllamaOptions): string {
  const offered = options.tools === "ignore" ? [] : tools;
  const parts = messages.map(({ role, content, thinking = "", tool_calls = [] }) =>
    `<|${role}|>${thinking}${content}${tool_calls.map((call) => JSON.stringify(call)).join("")}`
  );
  return [...offered.map((tool) => JSON.stringify(tool)), ...parts, "<|assistant|>"].join("\n");
}

function tokenize(text: string): string[] {
  return text.match(/[\s\S]{1,4}/g) ?? [];
}

function sharedLength(a: readonly string[], b: readonly string[]): number {
  const end = a.findIndex((token, index) => token !== b[index]);
  return end < 0 ? a.length : end;
}
