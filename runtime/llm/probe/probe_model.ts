// `profile test`: puts a model through the exercises and sums up how well it will do in a run.
import { type ExerciseResult, EXERCISES, type ProfileTest } from "../../../schemas/profile.ts";
import type { Llm } from "../llm.ts";
import { jsonArguments } from "./json_arguments.ts";
import { longPrompt } from "./long_prompt.ts";
import { modelPresent } from "./model_present.ts";
import { parallelToolCalls } from "./parallel_tool_calls.ts";
import { reachable } from "./reachable.ts";
import { type Outcome, runExercise, type Subject, type TimedExercise } from "./run_exercise.ts";
import { streaming } from "./streaming.ts";
import { threeNodes } from "./three_nodes.ts";
import { toolCall } from "./tool_call.ts";

/** What a test needs besides the model. */
export interface ProbeOptions {
  readonly signal: AbortSignal;
  /**
   * The names of the server's models. Asked once at the start, and again when the server seems lost.
   * A server without such a list may be told by an empty one, or by `LLM_HTTP` with status 404.
   */
  listModels(): Promise<readonly string[]>;
  /** Called with each result as soon as there is one, in the order of `EXERCISES`. */
  onStep?(result: ExerciseResult): void;
}

type ExerciseName = ExerciseResult["exercise"];

interface WeighedExercise extends TimedExercise {
  /** Its part of the score; all of them make 100. */
  readonly weight: number;
}

/** The first question may load the model; a machine without a graphics card reads slowly. */
const TABLE: Readonly<Record<ExerciseName, WeighedExercise>> = {
  reachable: { weight: 5, limitMs: 30_000, run: reachable },
  model_present: { weight: 5, limitMs: 120_000, run: modelPresent },
  streaming: { weight: 10, limitMs: 120_000, run: streaming },
  tool_call: { weight: 20, limitMs: 120_000, run: toolCall },
  parallel_tool_calls: { weight: 5, limitMs: 120_000, run: parallelToolCalls },
  long_prompt: { weight: 20, limitMs: 300_000, run: longPrompt },
  json_arguments: { weight: 10, limitMs: 120_000, run: jsonArguments },
  three_nodes: { weight: 25, limitMs: 300_000, run: threeNodes },
};

/** Without these there is nothing to test. */
const ESSENTIAL: ReadonlySet<ExerciseName> = new Set(["reachable", "model_present"]);

/**
 * Puts a model through all exercises; each has a result, in their order, also those that were not
 * tried. The test ends early, with a score of 0, if the server or the model is not there, if access is
 * denied, or if the server is lost on the way; anything else fails one exercise only.
 * @throws AppError `ENGINE_ABORTED` when the signal aborts
 */
export async function probeModel(llm: Llm, options: ProbeOptions): Promise<ProfileTest> {
  const at = new Date().toISOString();
  const subject: Subject = {
    llm,
    signal: options.signal,
    listModels: rememberFirst(() => options.listModels()),
  };
  const exercises: ExerciseResult[] = [];
  let endedBy: ExerciseName | undefined;
  for (const exercise of EXERCISES) {
    let result: ExerciseResult;
    if (endedBy) result = notTried(exercise, endedBy);
    else {
      const outcome = await runExercise(TABLE[exercise], subject);
      const { passed, reason, durationMs } = outcome;
      result = { exercise, passed, reason, durationMs };
      if (
        await isTheEnd(exercise, outcome, {
          ...subject,
          listModels: () => options.listModels(),
        })
      ) {
        endedBy = exercise;
      }
    }
    exercises.push(result);
    options.onStep?.(result);
  }
  return { at, model: llm.model, score: endedBy ? 0 : scoreOf(exercises), exercises };
}

/** True if nothing more can be learned: without an essential, without access, without a server. */
async function isTheEnd(
  exercise: ExerciseName,
  { passed, error }: Outcome,
  subject: Subject,
): Promise<boolean> {
  if (ESSENTIAL.has(exercise)) return !passed;
  if (error?.code === "LLM_AUTH") return true;
  if (error?.code !== "LLM_UNREACHABLE") return false;
  // An answer that breaks off has the same code as a server that is gone.
  return !(await runExercise(TABLE.reachable, subject)).passed;
}

function notTried(exercise: ExerciseName, endedBy: ExerciseName): ExerciseResult {
  const reason = `Not tried, since nothing more can be learned after "${endedBy}" failed`;
  return { exercise, passed: false, reason, durationMs: 0 };
}

function scoreOf(exercises: readonly ExerciseResult[]): number {
  return exercises.filter(({ passed }) => passed)
    .reduce((score, { exercise }) => score + TABLE[exercise].weight, 0);
}

function rememberFirst<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => loaded ??= load();
}
