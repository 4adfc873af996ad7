// The test of a profile: its model is put through the exercises, and the result is kept beside it.
import { AppError } from "../../schemas/error.ts";
import type { ExerciseResult, Profile, ProfileTest } from "../../schemas/profile.ts";
import { listModels } from "../llm/list_models.ts";
import { openLlm } from "../llm/open_llm.ts";
import { probeModel } from "../llm/probe/probe_model.ts";
import { profileConnection } from "../llm/profile_connection.ts";
import { changeProfiles, findProfile } from "./profile_file.ts";

/** What a test of a profile needs. */
export interface ProfileTrialOptions {
  readonly dataDir: string;
  /** The environment, for a key that is kept there. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Called with each result as soon as there is one. */
  onStep(step: ExerciseResult): void;
}

/**
 * Tests a profile and keeps the result; one that is stopped leaves the result of before.
 * @throws AppError `LLM_NOT_CONFIGURED`, `ENGINE_ABORTED` when the signal aborts, `PROFILES_INVALID`,
 * `PROFILE_NOT_FOUND` if it is another profile by now, of which the result says nothing
 */
export async function tryProfile(
  profile: Profile,
  { dataDir, env, signal, onStep }: ProfileTrialOptions,
): Promise<ProfileTest> {
  const connection = profileConnection(profile, env);
  const result = await probeModel(openLlm(connection), {
    signal,
    listModels: () => listModels(connection, profile.preset, signal),
    onStep,
  });
  keepResult(dataDir, profile, result);
  return result;
}

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
