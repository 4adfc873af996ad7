// A profile by the name that a person gave, and the line about it before a run.
import { AppError } from "../../schemas/error.ts";
import type { Profile } from "../../schemas/profile.ts";
import { findProfile, type ProfilesDocument, readProfiles } from "../run/profile_file.ts";
import type { ConnectionRecord } from "../run/run_folder.ts";
import { nearest } from "./nearest.ts";
import { scoreWords } from "./profile_score.ts";
import { printable } from "./terminal.ts";

/** The profile of a name, ignoring case. @throws AppError `PROFILE_NOT_FOUND` with the nearest name */
export function profileNamed(document: ProfilesDocument, name: string): Profile {
  const found = findProfile(document, name);
  if (found) return found;
  const guess = nearest(name, document.profiles.map((profile) => profile.name));
  const advice = guess === undefined
    ? "List them with: crewagent profile list"
    : `Did you mean "${guess}"?`;
  throw new AppError("PROFILE_NOT_FOUND", `There is no profile "${name}". ${advice}`);
}

/**
 * The profile that a run was started with.
 * @throws AppError `PROFILE_NOT_FOUND` if it was removed since, with the ways out
 */
export function profileOfRun(dataDir: string, name: string, runId: string): Profile {
  const found = findProfile(readProfiles(dataDir), name);
  if (found) return found;
  throw new AppError(
    "PROFILE_NOT_FOUND",
    `The run uses the profile "${name}", which was removed. Add it again with "crewagent profile add ${name}", or go on with another: crewagent resume ${runId} --profile NAME`,
  );
}

/** Prints on standard error which model a run by profile uses, and how well it did in its test. */
export function announceProfile(dataDir: string, { profile: name }: ConnectionRecord): void {
  if (name === undefined) return;
  const profile = findProfile(readProfiles(dataDir), name);
  if (profile) {
    console.error(printable(`Profile ${profile.name}: ${profile.model}, ${scoreWords(profile)}`));
  }
}
