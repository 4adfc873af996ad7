// What an exercise of a profile test is: questions to a model, and a verdict on its answers.
import type { ChatMessage } from "../../../schemas/conversation.ts";
import type { ToolDefinition } from "../../../schemas/tool.ts";
import type { Llm, LlmDelta, LlmReply } from "../llm.ts";

/** How an exercise ended; the reason is one sentence, with advice if it failed. */
export interface Verdict {
  readonly passed: boolean;
  readonly reason: string;
}

/** What an exercise works with. */
export interface ExerciseContext {
  readonly llm: Llm;
  /** The models that the server names. @throws whatever the caller's own function throws */
  listModels(): Promise<readonly string[]>;
  /**
   * Sends one request within the exercise's time limit.
   * @throws AppError `LLM_*`; `ENGINE_ABORTED` when the time is over or the test is stopped
   */
  ask(question: Question): Promise<LlmReply>;
}

/** One request of an exercise. */
export interface Question {
  readonly messages: readonly ChatMessage[];
  /** None unless told. */
  readonly tools?: readonly ToolDefinition[];
  onDelta?(delta: LlmDelta): void;
  /** The answer starts anew: what was streamed before does not count. */
  onRetry?(): void;
}

/** One exercise. Always asks the same of the same model. @throws AppError that fails the exercise */
export type Exercise = (context: ExerciseContext) => Promise<Verdict>;

/** The verdict of an exercise that went well. */
export function passed(reason: string): Verdict {
  return { passed: true, reason };
}

/** The verdict of one that did not. */
export function failed(reason: string): Verdict {
  return { passed: false, reason };
}
