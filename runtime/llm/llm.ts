// What the engine asks of a model, whatever serves it.
import type { ChatMessage, Usage } from "../../schemas/conversation.ts";
import type { ToolCall, ToolDefinition } from "../../schemas/tool.ts";

/** A connection to one model. */
export interface Llm {
  /** Provider name for the log, such as `openai`. */
  readonly provider: string;
  readonly model: string;
  /** True only for the built-in simulation. */
  readonly simulated: boolean;
  /** Tokens the model can take, prompt and answer together. */
  readonly contextWindowTokens: number;
  /**
   * Sends one request and returns the whole answer; retries what helps.
   * @throws AppError `LLM_*` when retries are used up or do not help; `ENGINE_ABORTED` on abort
   */
  complete(request: LlmRequest): Promise<LlmReply>;
}

/** One request. Tool names are wire names (`fs_read`). */
export interface LlmRequest {
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly ToolDefinition[];
  readonly signal: AbortSignal;
  /** Called for each piece of a streamed answer. After a retry the answer starts anew. */
  onDelta?(delta: LlmDelta): void;
  onRetry?(retry: LlmRetry): void;
}

/** A piece of a streamed answer. */
export interface LlmDelta {
  readonly kind: "text" | "reasoning";
  readonly text: string;
}

/** A retry that is about to wait. `attempt` counts from 1. */
export interface LlmRetry {
  readonly attempt: number;
  readonly delayMs: number;
  readonly code: string;
  readonly message: string;
}

/** A whole answer. Tool calls made as text are already taken out of `content`. */
export interface LlmReply {
  readonly content: string;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: "stop" | "tool_calls" | "length" | "content_filter" | "other";
  readonly usage?: Usage;
  /** Provider fields to echo with the message, such as `reasoning_content`. */
  readonly extras?: Readonly<Record<string, unknown>>;
  /** What was mended, one sentence each. */
  readonly repairs?: readonly string[];
}
