// `crewagent profile list`, and how a profile is shown: never with a key or the value of a header.
import { EXIT } from "../../schemas/error.ts";
import type { Profile } from "../../schemas/profile.ts";
import { shownBaseUrl } from "../llm/base_url.ts";
import { keySource, profileBaseUrl } from "../llm/profile_connection.ts";
import { isDefaultProfile } from "../run/profile_changes.ts";
import { type ProfilesDocument, readProfiles } from "../run/profile_file.ts";
import { noPositionals } from "./options.ts";
import type { ProfileRequest } from "./profile_options.ts";
import { scoreWords } from "./profile_score.ts";
import { printable } from "./terminal.ts";

/** Prints the profiles. @throws AppError `USAGE`, `PROFILES_INVALID` */
export function listProfiles({ dataDir, names, values }: ProfileRequest): number {
  noPositionals(names, "crewagent profile list [--json]");
  const document = readProfiles(dataDir);
  const env = Deno.env.toObject();
  console.log(
    values.json
      ? JSON.stringify(
        document.profiles.map((profile) => publicProfile(profile, document)),
        null,
        2,
      )
      : printable(describeAll(document, env)),
  );
  return EXIT.ok;
}

function describeAll(
  document: ProfilesDocument,
  env: Readonly<Record<string, string>>,
): string {
  if (document.profiles.length === 0) {
    return "No profiles. Add one: crewagent profile add NAME --preset PRESET --model MODEL";
  }
  return document.profiles.map((profile) => describeProfile(profile, document, env)).join("\n");
}

/** A profile in two lines. */
export function describeProfile(
  profile: Profile,
  document: ProfilesDocument,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const { name, preset, model } = profile;
  const mark = isDefaultProfile(document, name) ? " (default)" : "";
  const url = shownUrlOf(profile) ?? "no usable base URL";
  return `${name}${mark}: ${model} at ${url} (${preset})\n  key ${keyWords(profile, env)}, ${
    scoreWords(profile)
  }`;
}

function keyWords(profile: Profile, env: Readonly<Record<string, string | undefined>>): string {
  if (shownUrlOf(profile) === undefined) return "unknown";
  const source = keySource(profile);
  if (source.kind === "stored") return "stored";
  const { variable, isNeeded } = source;
  if (Object.hasOwn(env, variable) && env[variable]?.trim()) return `from ${variable}`;
  return isNeeded ? `from ${variable}, which is not set` : "not needed";
}

/** A profile as scripts get it. */
function publicProfile(profile: Profile, document: ProfilesDocument) {
  const { key: _key, headers, baseUrl: _baseUrl, ...shown } = profile;
  const url = shownUrlOf(profile);
  const source = url === undefined ? undefined : keySource(profile);
  return {
    ...shown,
    baseUrl: url ?? null,
    key: source?.kind === "stored" ? "stored" : source ? { env: source.variable } : null,
    headers: Object.keys(headers ?? {}),
    isDefault: isDefaultProfile(document, profile.name),
  };
}

/** Its base URL for eyes; `undefined` if a hand wrote one that is none: a list must still be shown. */
export function shownUrlOf(profile: Profile): string | undefined {
  try {
    return shownBaseUrl(profileBaseUrl(profile));
  } catch {
    return undefined;
  }
}
