// The model profiles as the owner sees and changes them, in the browser and over the API. What leaves
// here holds no key and no value of a header.
import { GOOD_SCORE, wasReached } from "../../runtime/commands/profile_score.ts";
import { shownUrlOf } from "../../runtime/commands/profile_list.ts";
import { listModels } from "../../runtime/llm/list_models.ts";
import { PRESETS } from "../../runtime/llm/presets.ts";
import { keySource, profileConnection } from "../../runtime/llm/profile_connection.ts";
import {
  isDefaultProfile,
  withoutProfile,
  withProfile,
} from "../../runtime/run/profile_changes.ts";
import {
  changeProfiles,
  findProfile,
  type ProfilesDocument,
  readProfiles,
} from "../../runtime/run/profile_file.ts";
import { tryProfile } from "../../runtime/run/profile_trial.ts";
import { AppError } from "../../schemas/error.ts";
import type { PresetName, Profile, ProfileTest } from "../../schemas/profile.ts";
import type { ProfileNumbers } from "./profile_input.ts";
import type { SettingsTrials } from "./trials.ts";

/** Where a key is, never the key. */
export interface ShownKey {
  readonly from: "stored" | "environment" | "none";
  /** The environment variable, where it is one. */
  readonly variable: string | null;
  /** Whether runs can be started as things are. */
  readonly isReady: boolean;
}

/** A profile without its secrets. */
export interface ShownProfile extends ProfileNumbers {
  readonly name: string;
  readonly isDefault: boolean;
  readonly preset: PresetName;
  readonly presetTitle: string;
  readonly model: string;
  /** As it was given; `null` where the preset's is used. */
  readonly baseUrl: string | null;
  /** Where requests go, without query; `null` if a hand wrote what is no URL. */
  readonly address: string | null;
  readonly key: ShownKey;
  /** Whether the profile names a variable itself, rather than leaving it to the preset. */
  readonly hasOwnVariable: boolean;
  /** Names of headers whose values are stored. */
  readonly headers: readonly string[];
  readonly streaming: boolean;
  readonly lastTest: ShownTest | null;
}

/** A test and what it means. */
export interface ShownTest extends ProfileTest {
  /** Whether the server answered: without it the score says nothing of the model. */
  readonly isReached: boolean;
  /** Below this a model may not manage a workflow. */
  readonly isLow: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** All profiles, in the order in which they were added. @throws AppError `PROFILES_INVALID` */
export function shownProfiles(dataDir: string, env: Environment): ShownProfile[] {
  const document = readProfiles(dataDir);
  return document.profiles.map((profile) => shownProfile(profile, document, env));
}

/** A profile by its name. @throws AppError `PROFILE_NOT_FOUND`, `PROFILES_INVALID` */
export function profileOfName(dataDir: string, name: string): Profile {
  return requireProfile(readProfiles(dataDir), name);
}

/** A profile by its name, without its secrets. @throws as `profileOfName` */
export function shownProfileOf(dataDir: string, name: string, env: Environment): ShownProfile {
  const document = readProfiles(dataDir);
  return shownProfile(requireProfile(document, name), document, env);
}

function requireProfile(document: ProfilesDocument, name: string): Profile {
  const found = findProfile(document, name);
  if (found) return found;
  throw new AppError("PROFILE_NOT_FOUND", `There is no profile "${name}"`);
}

function shownProfile(
  profile: Profile,
  document: ProfilesDocument,
  env: Environment,
): ShownProfile {
  const { name, preset, model, baseUrl, headers, streaming, prices, lastTest } = profile;
  return {
    name,
    isDefault: isDefaultProfile(document, name),
    preset,
    presetTitle: PRESETS[preset].title,
    model,
    baseUrl: baseUrl ?? null,
    address: shownUrlOf(profile) ?? null,
    key: shownKey(profile, env),
    hasOwnVariable: profile.key !== undefined && "env" in profile.key,
    headers: Object.keys(headers ?? {}),
    contextWindowTokens: profile.contextWindowTokens ?? null,
    maxOutputTokens: profile.maxOutputTokens ?? null,
    temperature: profile.temperature ?? null,
    timeoutMs: profile.timeoutMs ?? null,
    maxRetries: profile.maxRetries ?? null,
    streaming: streaming !== false,
    inputPerMillion: prices?.inputPerMillion ?? null,
    outputPerMillion: prices?.outputPerMillion ?? null,
    lastTest: lastTest ? shownTest(lastTest) : null,
  };
}

function shownKey(profile: Profile, env: Environment): ShownKey {
  if (shownUrlOf(profile) === undefined) return { from: "none", variable: null, isReady: false };
  const source = keySource(profile);
  if (source.kind === "stored") return { from: "stored", variable: null, isReady: true };
  const { variable, isNeeded } = source;
  const isSet = Boolean(Object.hasOwn(env, variable) && env[variable]?.trim());
  if (!isSet && !isNeeded) return { from: "none", variable, isReady: true };
  return { from: "environment", variable, isReady: isSet };
}

/** A test and what it means. */
export function shownTest(test: ProfileTest): ShownTest {
  return { ...test, isReached: wasReached(test), isLow: test.score < GOOD_SCORE };
}

/** What a change of profiles works on. */
export interface ProfilePlace {
  readonly dataDir: string;
  readonly trials: SettingsTrials;
}

/** How a profile is saved. */
export interface SaveProfile {
  /** `new` must not be there yet, `replacement` must be. */
  readonly as: "new" | "replacement";
  readonly isDefault: boolean;
}

/**
 * Saves a checked profile. Its last test stays if all that it was about stays.
 * @throws AppError `PROFILE_EXISTS`, `PROFILE_NOT_FOUND`, `PROFILES_INVALID`
 */
export async function saveProfile(
  { dataDir, trials }: ProfilePlace,
  profile: Profile,
  { as, isDefault }: SaveProfile,
): Promise<void> {
  if (as === "replacement") await trials.profiles.forget(profile.name);
  changeProfiles(dataDir, (document) => {
    const known = findProfile(document, profile.name);
    if (as === "new" && known) {
      const message = `There is a profile "${known.name}" already. Choose another name`;
      throw new AppError("PROFILE_EXISTS", message);
    }
    if (as === "replacement") requireProfile(document, profile.name);
    return withProfile(document, { ...profile, ...testKept(known, profile) }, { isDefault });
  });
}

function testKept(known: Profile | undefined, next: Profile): Pick<Profile, "lastTest"> {
  if (known?.lastTest === undefined) return {};
  const [before, after] = [known, next].map(({ lastTest: _, prices: __, ...rest }) =>
    JSON.stringify(Object.entries(rest).sort())
  );
  return before === after ? { lastTest: known.lastTest } : {};
}

/** Removes a profile with its key. @throws AppError `PROFILE_NOT_FOUND`, `PROFILES_INVALID` */
export async function removeProfile(
  { dataDir, trials }: ProfilePlace,
  name: string,
): Promise<void> {
  await trials.profiles.forget(name);
  changeProfiles(dataDir, (document) => {
    requireProfile(document, name);
    return withoutProfile(document, name);
  });
}

/** Lets runs that name no model use a profile. @throws as `removeProfile` */
export function makeDefault(dataDir: string, name: string): void {
  changeProfiles(dataDir, (document) => ({
    ...document,
    default: requireProfile(document, name).name,
  }));
}

/**
 * Starts the test of a profile; its result is kept in the profile.
 * @throws AppError `PROFILE_NOT_FOUND`, `LLM_NOT_CONFIGURED`, `TRIAL_BUSY`
 */
export function startProfileTrial({ dataDir, trials }: ProfilePlace, name: string): void {
  const profile = profileOfName(dataDir, name);
  const env = Deno.env.toObject();
  // What is missing is said at once, rather than by a test that begins and fails.
  profileConnection(profile, env);
  trials.profiles.start(
    profile.name,
    (signal, onStep) => tryProfile(profile, { dataDir, env, signal, onStep }),
  );
}

const LIST_PATIENCE_MS = 15_000;

/**
 * The models that the server of a profile has, sorted; the profile need not be saved.
 * @throws AppError `LLM_*` saying why they cannot be listed
 */
export async function modelsOf(profile: Profile, signal?: AbortSignal): Promise<string[]> {
  const connection = profileConnection(profile, Deno.env.toObject());
  const late = AbortSignal.timeout(LIST_PATIENCE_MS);
  const ended = signal ? AbortSignal.any([signal, late]) : late;
  return [...new Set(await listModels(connection, profile.preset, ended))].sort();
}
