// `<data>/profiles.json`: the model connections that a person keeps under names. It may hold keys, so
// nothing of its content gets into a message.
import { join } from "node:path";
import { AppError } from "../../schemas/error.ts";
import type { Profile } from "../../schemas/profile.ts";
import { validate } from "../../schemas/validate.ts";
import type { Violation } from "../../schemas/violation.ts";
import { makeFolder, writeFileAtomic } from "../disk/durable.ts";

/** The file's content. */
export interface ProfilesDocument {
  readonly formatVersion: 1;
  /** The name of the profile that is used unless told. */
  readonly default?: string;
  readonly profiles: readonly Profile[];
}

const EMPTY: ProfilesDocument = { formatVersion: 1, profiles: [] };

/**
 * Reads the profiles; none saved is an empty list.
 * @throws AppError `PROFILES_INVALID`: profiles that cannot be read must not be taken for none
 */
export function readProfiles(dataDir: string): ProfilesDocument {
  let text: string;
  try {
    text = Deno.readTextFileSync(profilesPath(dataDir));
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return EMPTY;
    throw invalid("it cannot be read", cause);
  }
  return parseProfiles(text);
}

/**
 * Changes the profiles; processes that change them at the same time wait for each other. Only this user
 * can read the file.
 * @throws AppError `PROFILES_INVALID` for what is saved and for what it would become, which is not written
 */
export function changeProfiles(
  dataDir: string,
  change: (document: ProfilesDocument) => ProfilesDocument,
): ProfilesDocument {
  makeFolder(dataDir);
  using lock = Deno.openSync(join(dataDir, "profiles.lock"), {
    create: true,
    write: true,
    mode: 0o600,
  });
  lock.lockSync(true);
  const changed = change(readProfiles(dataDir));
  const text = `${JSON.stringify(changed, null, 2)}\n`;
  parseProfiles(text);
  writeFileAtomic(profilesPath(dataDir), text);
  return changed;
}

/** The profile of a name, ignoring case; `undefined` if there is none. */
export function findProfile(
  { profiles }: ProfilesDocument,
  name: string,
): Profile | undefined {
  return profiles.find((profile) => isSameName(profile.name, name));
}

/** Whether two names stand for one profile. */
export function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function profilesPath(dataDir: string): string {
  return join(dataDir, "profiles.json");
}

function parseProfiles(text: string): ProfilesDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own words quote the text, keys and all.
    throw invalid("it is not JSON");
  }
  const [violation] = validate("profiles", value);
  if (violation) throw invalid(describe(violation));
  const document = value as ProfilesDocument;
  const names = document.profiles.map(({ name }) => name);
  const double = names.find((name, index) =>
    names.findIndex((other) => isSameName(other, name)) !== index
  );
  if (double !== undefined) throw invalid(`it has two profiles "${double}"`);
  if (document.default !== undefined && !findProfile(document, document.default)) {
    throw invalid(`its default "${document.default}" is none of its profiles`);
  }
  return document;
}

const WORDS: Readonly<Record<Violation["rule"], string>> = {
  "unknown-key": "is not known",
  "missing-key": "lacks a key",
  "newer-key": "is not known",
  "wrong-type": "is of the wrong type",
  "empty": "is empty",
  "wrong-value": "has a value that is not allowed",
};

/** A violation's own words quote the value, which may be a key. */
function describe({ rule, pointer, key }: Violation): string {
  const missing = rule === "missing-key" ? ` "${key}"` : "";
  return `${pointer || "it"} ${WORDS[rule]}${missing}`;
}

function invalid(reason: string, cause?: unknown): AppError {
  return new AppError(
    "PROFILES_INVALID",
    `The model profiles profiles.json in the data folder cannot be used: ${reason}. Mend it, or remove the file to begin anew`,
    { cause },
  );
}
