// What the test Ollama is told to say, and what it is told to be.
import type { OllamaMessage, OllamaTool } from "../../runtime/llm/ollama_messages.ts";
import type { ScriptedCall } from "../model_server/script.ts";

/**
 * How a reply misbehaves. `slow_stream`, `stall`, `cut` and `ends_early` apply to streams.
 * - `slow_headers`: waits `delayMs` before the headers · `slow_stream`: waits `delayMs` between lines
 * - `stall`: half the answer, then nothing · `cut`: half, then the connection breaks
 * - `ends_early`: half, then a proper end · `torn_line`: half of a line between two whole ones
 * - `no_last_newline` · `error_in_stream`: an error object after the first line · `html`
 * - `no_message`: JSON that is no answer · `status`: `status` with `error` · `redirect`
 * - `no_ids`, `arguments_as_text`: older or sloppier tool calls · `no_counts`: no token counts
 */
export type Mood =
  | "slow_headers"
  | "slow_stream"
  | "stall"
  | "cut"
  | "ends_early"
  | "torn_line"
  | "no_last_newline"
  | "error_in_stream"
  | "html"
  | "no_message"
  | "status"
  | "redirect"
  | "no_ids"
  | "arguments_as_text"
  | "no_counts";

/** One reply. Without anything it is an empty answer. */
export interface Reply {
  readonly text?: string;
  readonly thinking?: string;
  readonly toolCalls?: readonly ScriptedCall[];
  /** `stop` unless told; Ollama says `stop` of calls too. */
  readonly doneReason?: string;
  /** Tokens of the answer; 5 unless told. */
  readonly evalTokens?: number;
  readonly mood?: Mood;
  /** For `slow_headers` and `slow_stream`; 50 unless told. */
  readonly delayMs?: number;
  /** For `status`. */
  readonly status?: number;
  /** For `status` and `error_in_stream`. */
  readonly error?: string;
}

/** What kind of Ollama it is. */
export interface OllamaOptions {
  readonly replies?: readonly Reply[];
  readonly reply?: (request: OllamaRequest) => Reply | undefined;
  /** Any other model gets a 404; `["test-model"]` unless told. */
  readonly models?: readonly string[];
  /** The window it gives at most, whatever `num_ctx` asks for; 131,072 unless told. */
  readonly windowTokens?: number;
  /**
   * What it does with a prompt that is too long: `refuse` heeds `truncate: false` as since 2025,
   * `cut` drops the front silently, as all did before.
   */
  readonly tooLong?: "refuse" | "cut";
  /**
   * What `prompt_eval_count` counts: `all` of the prompt; `all_told` tells the cached part beside
   * it, as since 0.33.3; `new`, what was not in the cache, as the first of 0.30; `new_or_none`, as
   * before July 2024, when the field was missing if nothing was new.
   */
  readonly counting?: "all" | "all_told" | "new" | "new_or_none";
  /**
   * What becomes of tools: `offer` puts them into the prompt, `ignore` forgets them, `refuse` is
   * the 400 for a model that cannot call any.
   */
  readonly tools?: "offer" | "ignore" | "refuse";
  /** With a key, requests without it get 401. */
  readonly apiKey?: string;
  readonly version?: string;
  /** 0, a free one, unless told. */
  readonly port?: number;
}

/** A request for an answer, as it came in. */
export interface OllamaRequest {
  /** Counts requests of `/api/chat` from 0. */
  readonly number: number;
  readonly path: string;
  readonly headers: Headers;
  readonly body: ChatBody;
}

/** The body of a request, as far as the server looks at it. */
export interface ChatBody {
  readonly model: string;
  readonly messages: readonly OllamaMessage[];
  readonly tools?: readonly OllamaTool[];
  readonly stream?: boolean;
  readonly truncate?: boolean;
  readonly shift?: boolean;
  readonly think?: boolean;
  readonly options?: {
    readonly num_ctx?: number;
    readonly num_predict?: number;
    readonly temperature?: number;
  };
}
