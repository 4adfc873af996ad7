// Runs one exercise of a profile test within its time limit, and turns what it throws into a verdict.
import { AppError } from "../../../schemas/error.ts";
import type { Llm, LlmRetry } from "../llm.ts";
import { aborted } from "../retry.ts";
import { type Exercise, type ExerciseContext, failed, type Verdict } from "./exercise.ts";

/** An exercise with the time it may take. */
export interface TimedExercise {
  readonly limitMs: number;
  readonly run: Exercise;
}

/** What is tested, and what stops the test. */
export interface Subject {
  readonly llm: Llm;
  readonly signal: AbortSignal;
  listModels(): Promise<readonly string[]>;
}

/** A verdict, how long it took, and the error that made it. */
export interface Outcome extends Verdict {
  readonly durationMs: number;
  readonly error?: AppError;
}

/**
 * Runs an exercise. An error of the provider and the end of the time are verdicts, also if the
 * model does not heed its signal.
 * @throws AppError `ENGINE_ABORTED` when the subject's signal aborts; what is no `AppError`, unchanged
 */
export async function runExercise(
  { limitMs, run }: TimedExercise,
  { llm, signal, listModels }: Subject,
): Promise<Outcome> {
  if (signal.aborted) throw aborted(signal);
  const startedMs = performance.now();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), limitMs);
  const ended = AbortSignal.any([signal, limit.signal]);
  let lastRetry: LlmRetry | undefined;
  const context: ExerciseContext = {
    llm,
    listModels,
    ask: ({ messages, tools = [], onDelta, onRetry }) =>
      llm.complete({
        messages,
        tools,
        signal: ended,
        ...(onDelta && { onDelta }),
        onRetry(retry) {
          lastRetry = retry;
          onRetry?.();
        },
      }),
  };
  const finish = (verdict: Verdict, error?: AppError): Outcome => ({
    ...verdict,
    durationMs: Math.round(performance.now() - startedMs),
    ...(error && { error }),
  });
  try {
    return finish(await Promise.race([run(context), rejectWhenAborted(ended)]));
  } catch (thrown) {
    if (signal.aborted) throw aborted(signal);
    if (limit.signal.aborted) return finish(failed(describeLateness(limitMs, lastRetry)));
    if (thrown instanceof AppError) return finish(failed(thrown.message), thrown);
    throw thrown;
  } finally {
    clearTimeout(timer);
  }
}

function rejectWhenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(aborted(signal)), { once: true });
  });
}

function describeLateness(limitMs: number, retry: LlmRetry | undefined): string {
  const why = retry ? `, after ${retry.attempt} retries for: ${retry.message}` : "";
  return `It was not done within ${
    limitMs / 1000
  } s: use a smaller model, or a faster machine or server${why}`;
}
