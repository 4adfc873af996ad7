// Puts one answer of Ollama together, from a whole one or from the lines of a stream. No I/O.
import type { Usage } from "../../schemas/conversation.ts";
import { asMap, type JsonMap } from "./json_map.ts";
import type { LlmDelta } from "./llm.ts";
import type { WireAnswer } from "./openai_answer.ts";
import { readText, readWireCalls, THINKING_FIELD, type WireCall } from "./openai_messages.ts";
import { thinkingSplitter } from "./thinking.ts";

/** An answer with what the server says it read. */
export interface OllamaAnswer extends WireAnswer {
  readonly read: PromptCount;
}

/** Tokens of the prompt as Ollama counts them; `undefined` for what it does not say. */
export interface PromptCount {
  /** `prompt_eval_count` */
  readonly tokens: number | undefined;
  /** `prompt_eval_cached_count`; a server that tells it counts these among `tokens`. */
  readonly cachedTokens: number | undefined;
}

/** Collects an answer. */
export interface OllamaCollector {
  /** Takes a whole answer or a line of a stream. @returns false if it is neither */
  add(part: JsonMap): boolean;
  answer(): OllamaAnswer;
}

/** A collector; `onDelta` gets text and thoughts as they come. */
export function collectOllamaAnswer(onDelta: (delta: LlmDelta) => void): OllamaCollector {
  const calls: WireCall[] = [];
  const splitter = thinkingSplitter();
  let content = "";
  let thinking = "";
  let finishReason: string | undefined;
  let usage: Usage | undefined;
  let read: PromptCount = { tokens: undefined, cachedTokens: undefined };

  return {
    add(part) {
      const message = asMap(part.message);
      const thought = readText(message.thinking);
      thinking += thought;
      if (thought !== "") onDelta({ kind: "reasoning", text: thought });
      const text = readText(message.content);
      content += text;
      splitter.push(text).forEach(onDelta);
      // Each call comes whole, in a line of its own or with others.
      calls.push(...readWireCalls(message).map(({ call }) => call));
      if (part.done === true) {
        finishReason = typeof part.done_reason === "string" ? part.done_reason : "stop";
        splitter.end().forEach(onDelta);
        usage = readOllamaUsage(part);
        read = {
          tokens: readCount(part.prompt_eval_count),
          cachedTokens: readCount(part.prompt_eval_cached_count),
        };
      }
      return "message" in part || part.done === true;
    },
    answer: () => ({
      content,
      calls,
      reasoning: thinking === "" ? {} : { [THINKING_FIELD]: thinking },
      finishReason,
      usage,
      read,
    }),
  };
}

function readOllamaUsage({ prompt_eval_count, eval_count }: JsonMap): Usage | undefined {
  const inputTokens = readCount(prompt_eval_count);
  const outputTokens = readCount(eval_count);
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  return { inputTokens, outputTokens };
}

function readCount(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 ? value : undefined;
}
