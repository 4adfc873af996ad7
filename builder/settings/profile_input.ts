// From what a form or a request says of a profile to the profile, with what is wrong field by field.
// Not here: saving it (`profile_settings.ts`).
import { readBaseUrl } from "../../runtime/llm/base_url.ts";
import { PRESETS } from "../../runtime/llm/presets.ts";
import { isKey, profileBaseUrl } from "../../runtime/llm/profile_connection.ts";
import { messageOf } from "../../schemas/error.ts";
import { PRESET_NAMES, type PresetName, type Profile } from "../../schemas/profile.ts";
import type { Checked } from "./field_faults.ts";

/** Where the key comes from: the preset's variable, another one, or the data folder. */
export type KeyInput =
  | { readonly from: "preset" }
  | { readonly from: "env"; readonly variable: string }
  | { readonly from: "stored"; readonly value: string }
  /** The key that is stored already. */
  | { readonly from: "kept" };

/** A profile as a person gives it; `null` leaves a thing to the preset. */
export interface ProfileInput extends ProfileNumbers {
  readonly name: string;
  readonly preset: string;
  readonly model: string;
  readonly baseUrl: string | null;
  readonly key: KeyInput;
  /** `null` keeps the value that is stored; a header that is not named goes. */
  readonly headers: Readonly<Record<string, string | null>>;
  readonly streaming: boolean;
}

const LONGEST_KEY = 8_192;

interface NumberRange {
  readonly least: number;
  readonly most: number;
  readonly isWhole: boolean;
}

const RANGES = {
  contextWindowTokens: { least: 1, most: 1e9, isWhole: true },
  maxOutputTokens: { least: 1, most: 1e9, isWhole: true },
  temperature: { least: 0, most: 2, isWhole: false },
  timeoutMs: { least: 1, most: 2_000_000_000, isWhole: true },
  maxRetries: { least: 0, most: 100, isWhole: true },
  inputPerMillion: { least: 0, most: 1e9, isWhole: false },
  outputPerMillion: { least: 0, most: 1e9, isWhole: false },
} as const satisfies Record<string, NumberRange>;

/** The numbers of a profile; `null` where the preset's is used. */
export type ProfileNumbers = Readonly<Record<keyof typeof RANGES, number | null>>;

/** Their names. */
export const PROFILE_NUMBERS = Object.keys(RANGES) as readonly (keyof ProfileNumbers)[];

/**
 * Checks a profile. `known` is the one that it replaces: what is kept of it stays secret, and is not
 * kept for another server, which would be sent it.
 */
export function checkProfile(input: ProfileInput, known: Profile | undefined): Checked<Profile> {
  const faults: Record<string, string> = {};
  const preset = PRESET_NAMES.find((name) => name === input.preset);
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(input.name)) {
    faults.name = "A name has 1 to 64 letters, digits, dots, dashes or underscores";
  }
  if (preset === undefined) faults.preset = `There is no preset "${input.preset}"`;
  if (input.model.trim() === "") faults.model = "Name the model as its server does";
  const url = preset && checkUrl(input, preset, faults);
  const keptFor = keepsSecrets(input, { preset, known }) ? known : undefined;
  const key = readKey(input.key, { known, keptFor, faults });
  const headers = readHeaders(input.headers, { known, keptFor, faults });
  checkNumbers(input, faults);
  if ((input.inputPerMillion === null) !== (input.outputPerMillion === null)) {
    faults.prices = "Give both prices, or none";
  }
  if (preset === undefined || Object.keys(faults).length > 0) return { faults };
  const idle = known?.idleTimeoutMs;
  const profile = profileOf(input, { preset, url, key, headers });
  return { value: { ...profile, ...(idle !== undefined && { idleTimeoutMs: idle }) } };
}

function checkUrl(
  { name, model, baseUrl }: ProfileInput,
  preset: PresetName,
  faults: Record<string, string>,
): string | undefined {
  const url = baseUrl?.trim() || undefined;
  if (url === undefined && PRESETS[preset].baseUrl === undefined) {
    faults.baseUrl = "This kind of server is somewhere else for everybody: give its address";
    return undefined;
  }
  try {
    if (url !== undefined) readBaseUrl(url, "The profile");
    profileBaseUrl({ name, preset, model, ...(url !== undefined && { baseUrl: url }) });
  } catch (thrown) {
    faults.baseUrl = messageOf(thrown);
  }
  return url;
}

/** Secrets stay with the server that they were given for. */
function keepsSecrets(
  { baseUrl, model }: ProfileInput,
  { preset, known }: { preset: PresetName | undefined; known: Profile | undefined },
): boolean {
  if (known === undefined || preset === undefined) return false;
  const url = baseUrl?.trim() || undefined;
  const next = { name: known.name, preset, model, ...(url !== undefined && { baseUrl: url }) };
  const [before, after] = [known, next].map(originOf);
  return before !== undefined && before === after;
}

function originOf(profile: Profile): string | undefined {
  try {
    return new URL(profileBaseUrl(profile)).origin;
  } catch {
    return undefined;
  }
}

interface Keeping {
  readonly known: Profile | undefined;
  /** The known profile, if what is secret in it may be kept. */
  readonly keptFor: Profile | undefined;
  readonly faults: Record<string, string>;
}

const OTHER_SERVER = "The address is another server's now, which would be sent";

function readKey(key: KeyInput, { known, keptFor, faults }: Keeping): Profile["key"] {
  switch (key.from) {
    case "preset":
      return undefined;
    case "env":
      if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(key.variable)) return { env: key.variable };
      faults.key = "Give the name of an environment variable, such as OPENAI_API_KEY, not the key";
      return undefined;
    case "stored": {
      const value = key.value.trim();
      if (isKey(value) && value.length <= LONGEST_KEY) return { value };
      faults.key = value === ""
        ? "Paste the key, or choose another place for it"
        : "This is no key: keys are one word of letters, digits and signs";
      return undefined;
    }
    case "kept":
      if (keptFor?.key && "value" in keptFor.key) return keptFor.key;
      faults.key = known?.key && "value" in known.key
        ? `${OTHER_SERVER} the key: give the key anew`
        : "No key is stored: give one, or choose another place for it";
  }
}

function readHeaders(
  headers: ProfileInput["headers"],
  { known, keptFor, faults }: Keeping,
): Profile["headers"] {
  const all = Object.entries(headers).flatMap(([name, value]): [string, string][] => {
    const kept = keptFor?.headers?.[name];
    if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) {
      faults.headers = "A header is NAME: VALUE, its name without spaces";
    } else if (value !== null && !/^[\x20-\x7e]*$/.test(value)) {
      faults.headers = `The value of the header ${name} holds a character that no header has`;
    } else if (value !== null) return [[name, value.trim()]];
    else if (kept !== undefined) return [[name, kept]];
    else {
      faults.headers = known?.headers?.[name] === undefined
        ? `No value of the header ${name} is stored: give one`
        : `${OTHER_SERVER} the header ${name}: give its value anew`;
    }
    return [];
  });
  return all.length > 0 ? Object.fromEntries(all) : undefined;
}

function checkNumbers(input: ProfileInput, faults: Record<string, string>): void {
  for (const [name, range] of Object.entries(RANGES)) {
    const value = input[name as keyof typeof RANGES];
    const { least, most, isWhole }: NumberRange = range;
    const isGood = value === null ||
      (value >= least && value <= most && (!isWhole || Number.isInteger(value)));
    if (!isGood) {
      faults[name] = `This takes ${
        isWhole ? "a whole number" : "a number"
      } from ${least} to ${most}`;
    }
  }
}

function profileOf(
  input: ProfileInput,
  { preset, url, key, headers }: {
    preset: PresetName;
    url: string | undefined;
    key: Profile["key"];
    headers: Profile["headers"];
  },
): Profile {
  const { name, contextWindowTokens, maxOutputTokens, temperature, timeoutMs, maxRetries } = input;
  const { inputPerMillion, outputPerMillion } = input;
  return {
    name,
    preset,
    model: input.model.trim(),
    ...(url !== undefined && { baseUrl: url }),
    ...(key && { key }),
    ...(headers && { headers }),
    ...(timeoutMs !== null && { timeoutMs }),
    ...(maxRetries !== null && { maxRetries }),
    ...(contextWindowTokens !== null && { contextWindowTokens }),
    ...(temperature !== null && { temperature }),
    ...(maxOutputTokens !== null && { maxOutputTokens }),
    ...(!input.streaming && { streaming: false }),
    ...(inputPerMillion !== null && outputPerMillion !== null && {
      prices: { inputPerMillion, outputPerMillion },
    }),
  };
}
