// `crewagent profile test`: tries what a run needs of a model, and keeps the score.
import { AppError, EXIT } from "../../schemas/error.ts";
import type { ExerciseResult, Profile, ProfileTest } from "../../schemas/profile.ts";
import { listModels } from "../llm/list_models.ts";
import { openLlm } from "../llm/open_llm.ts";
import { probeModel } from "../llm/probe/probe_model.ts";
import { profileConnection } from "../llm/profile_connection.ts";
import { changeProfiles, findProfile, readProfiles } from "../run/profile_file.ts";
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
  const result = await probe(profile, (step) => {
    if (!values.json) console.log(describeStep(step, paint));
  });
  keepResult(dataDir, profile, result);
  console.log(values.json ? JSON.stringify(result, null, 2) : describeScore(result, paint));
  return exitCodeOf(result);
}

async function probe(
  profile: Profile,
  onStep: (step: ExerciseResult) => void,
): Promise<ProfileTest> {
  const connection = profileConnection(profile, Deno.env.toObject());
  const abort = new AbortController();
  const release = onInterrupt(() => abort.abort());
  try {
    return await probeModel(openLlm(connection), {
      signal: abort.signal,
      listModels: () => listModels(connection, profile.preset, abort.signal),
      onStep,
    });
  } finally {
    release();
  }
}

/** @throws AppError `PROFILE_NOT_FOUND` if it is another profile by now, of which the result says nothing */
function keepResult(dataDir: string, tested: Profile, lastTest: ProfileTest): void {
  changeProfiles(dataDir, (document) => {
    const current = findProfile(document, tested.name);
    if (JSON.stringify(current) !== JSON.stringify(tested)) {
      throw new AppError(
        "PROFILE_NOT_FOUND",
        `The profile "${tested.name}" was changed or removed during its test. Test it again`,
      );
    }
    const profiles = document.profiles.map((profile) =>
      profile === current ? { ...profile, lastTest } : profile
    );
    return { ...document, profiles };
  });
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
