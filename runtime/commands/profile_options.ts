// The options of `crewagent profile add`, read into a profile so that a mistake is a sentence.
import { AppError } from "../../schemas/error.ts";
import {
  type ModelPrices,
  PRESET_NAMES,
  type PresetName,
  type Profile,
} from "../../schemas/profile.ts";
import { PRESETS } from "../llm/presets.ts";
import { profileBaseUrl } from "../llm/profile_connection.ts";
import { nearest } from "./nearest.ts";

/** The options of every action, for `readOptions`. */
export const PROFILE_OPTIONS = {
  preset: { type: "string" },
  model: { type: "string" },
  "base-url": { type: "string" },
  "key-env": { type: "string" },
  "key-stdin": { type: "boolean", default: false },
  context: { type: "string" },
  temperature: { type: "string" },
  timeout: { type: "string" },
  header: { type: "string", multiple: true },
  "price-in": { type: "string" },
  "price-out": { type: "string" },
  "no-streaming": { type: "boolean", default: false },
  default: { type: "boolean", default: false },
  force: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  data: { type: "string" },
} as const;

/** What was given of them. */
export type ProfileValues = {
  readonly [Name in keyof typeof PROFILE_OPTIONS]?:
    | ((typeof PROFILE_OPTIONS)[Name]["type"] extends "boolean" ? boolean
      : Name extends "header" ? string[]
      : string)
    | undefined;
};

/** A call of `crewagent profile`, behind its action. */
export interface ProfileRequest {
  readonly dataDir: string;
  readonly names: readonly string[];
  readonly values: ProfileValues;
}

/** A number may be as large as this; a timer takes no more milliseconds. */
const LONGEST_TIMEOUT_S = 2_000_000;

/**
 * The profile that the options describe. `storedKey` is what was read for `--key-stdin`.
 * @throws AppError `USAGE`, `LLM_NOT_CONFIGURED` for a base URL that is none
 */
export function profileOf(
  name: string,
  values: ProfileValues,
  storedKey: string | undefined,
): Profile {
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(name)) {
    throw usage(`A profile's name has 1 to 64 of A-Z a-z 0-9 . _ -, unlike "${name}"`);
  }
  const preset = presetOf(values.preset);
  const model = values.model?.trim();
  if (!model) throw usage("Name the model with --model MODEL");
  const { "base-url": baseUrl, context, temperature, timeout } = values;
  if (baseUrl === undefined && PRESETS[preset].baseUrl === undefined) {
    throw usage(`The preset ${preset} needs --base-url URL. ${PRESETS[preset].notes}`);
  }
  const timeoutS = number("--timeout", timeout, { least: 0.001, most: LONGEST_TIMEOUT_S });
  const tokens = number("--context", context, { least: 1, most: 1e9, whole: true });
  const degrees = number("--temperature", temperature, { least: 0, most: 2 });
  const profile: Profile = {
    name,
    preset,
    model,
    ...(baseUrl !== undefined && { baseUrl: baseUrl.trim() }),
    ...keyOf(values, storedKey),
    ...headersOf(values.header),
    ...(timeoutS !== undefined && { timeoutMs: Math.round(timeoutS * 1000) }),
    ...(tokens !== undefined && { contextWindowTokens: tokens }),
    ...(degrees !== undefined && { temperature: degrees }),
    ...(values["no-streaming"] && { streaming: false }),
    ...pricesOf(values),
  };
  profileBaseUrl(profile);
  return profile;
}

function presetOf(text: string | undefined): PresetName {
  const list = PRESET_NAMES.join(", ");
  if (text === undefined) throw usage(`Choose a preset with --preset. There are: ${list}`);
  const found = PRESET_NAMES.find((name) => name === text);
  if (found) return found;
  const guess = nearest(text, PRESET_NAMES);
  const advice = guess === undefined ? `There are: ${list}` : `Did you mean "${guess}"?`;
  throw usage(`There is no preset "${text}". ${advice}`);
}

function keyOf(
  { "key-env": variable, "key-stdin": stored }: ProfileValues,
  storedKey: string | undefined,
): Pick<Profile, "key"> {
  if (variable !== undefined && stored) throw usage("Give one of --key-env and --key-stdin");
  if (storedKey !== undefined) return { key: { value: storedKey } };
  if (variable === undefined) return {};
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable)) return { key: { env: variable } };
  // Somebody who takes this for the key itself must not find it on the screen.
  throw usage(
    "--key-env takes the name of an environment variable, such as OPENAI_API_KEY. To store the key itself use --key-stdin",
  );
}

function headersOf(entries: readonly string[] = []): Pick<Profile, "headers"> {
  const headers = entries.map((entry) => {
    const [, name, value] = /^([A-Za-z0-9!#$%&'*+.^_`|~-]+)=([\x20-\x7e]*)$/.exec(entry) ?? [];
    if (name !== undefined && value !== undefined) return [name, value.trim()] as const;
    throw usage("--header takes NAME=VALUE in ASCII, such as --header X-Title=CrewAgent");
  });
  return headers.length > 0 ? { headers: Object.fromEntries(headers) } : {};
}

function pricesOf(values: ProfileValues): { readonly prices?: ModelPrices } {
  const limits = { least: 0, most: 1e9 };
  const inputPerMillion = number("--price-in", values["price-in"], limits);
  const outputPerMillion = number("--price-out", values["price-out"], limits);
  if (inputPerMillion === undefined && outputPerMillion === undefined) return {};
  if (inputPerMillion === undefined || outputPerMillion === undefined) {
    throw usage("Give both prices: --price-in X --price-out Y");
  }
  return { prices: { inputPerMillion, outputPerMillion } };
}

function number(
  option: string,
  text: string | undefined,
  { least, most, whole = false }: {
    readonly least: number;
    readonly most: number;
    readonly whole?: boolean;
  },
): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,12}(?:\.\d{1,12})?$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
  const kind = whole ? "a whole number" : "a number";
  throw usage(`${option} takes ${kind} from ${least} to ${most}, not "${text}"`);
}

function usage(message: string): AppError {
  return new AppError("USAGE", message);
}
