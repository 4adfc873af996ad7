// `crewagent profile test`: tries what a run needs of a model, and keeps the score.
import { EXIT } from "../../schemas/error.ts";
import type { ExerciseResult, ProfileTest } from "../../schemas/profile.ts";
import { readProfiles } from "../run/profile_file.ts";
import { tryProfile } from "../run/profile_trial.ts";
import { onInterrupt } from "./interrupt.ts";
import { profileNamed } from "./named_profile.ts";
import { onePositional } from "./options.ts";
import type { ProfileRequest } from "./profile_options.ts";
import { GOOD_SCORE, wasReached } from "./profile_score.ts";
import { formatDuration, type Palette, palette, printable, wantsColour } from "./terminal.ts";

/**
 * Tests a profile, prints each exercise as it ends and keeps the result.
 * @throws AppError `PROFILE_NOT_FOUND`, `PROFILES_INVALID`, `LLM_NOT_CONFIGURED`, `ENGINE_ABORTED`
 */
export async function testProfile({ dataDir, names, values }: ProfileRequest): Promise<number> {
  const wanted = onePositional(names, "NAME", "crewagent profile test NAME [--json]");
  const profile = profileNamed(readProfiles(dataDir), wanted);
  const paint = palette(wantsColour(Deno.stdout));
  if (!values.json) console.log(printable(`Testing ${profile.name}: ${profile.model}`));
  const abort = new AbortController();
  const release = onInterrupt(() => abort.abort());
  let result: ProfileTest;
  try {
    result = await tryProfile(profile, {
      dataDir,
      env: Deno.env.toObject(),
      signal: abort.signal,
      onStep(step) {
        if (!values.json) console.log(describeStep(step, paint));
      },
    });
  } finally {
    release();
  }
  console.log(values.json ? JSON.stringify(result, null, 2) : describeScore(result, paint));
  return exitCodeOf(result);
}

function describeStep(
  { exercise, passed, reason, durationMs }: ExerciseResult,
  paint: Palette,
): string {
  const mark = passed ? paint.green("✓") : paint.red("✗");
  const name = exercise.replaceAll("_", " ");
  return `${mark} ${paint.bold(name)} ${paint.dim(formatDuration(durationMs))}  ${
    printable(reason)
  }`;
}

function describeScore(test: ProfileTest, paint: Palette): string {
  if (!wasReached(test)) return paint.red(paint.bold("The server was not reached"));
  const { score } = test;
  const isGood = score >= GOOD_SCORE;
  const style = isGood ? paint.green : paint.yellow;
  const doubt = isGood ? "" : `. Below ${GOOD_SCORE} a model may not manage a workflow`;
  return `${style(paint.bold(`Score ${Math.round(score)} of 100`))}${doubt}`;
}

function exitCodeOf(test: ProfileTest): number {
  if (!wasReached(test)) return EXIT.provider;
  return test.score < GOOD_SCORE ? EXIT.failed : EXIT.ok;
}
