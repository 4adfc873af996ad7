// Changes of the saved profiles, for `changeProfiles`. Pure; who asks for them says what is missing.
import type { Profile } from "../../schemas/profile.ts";
import { findProfile, isSameName, type ProfilesDocument } from "./profile_file.ts";

/** How a profile is kept. */
export interface KeepProfile {
  /** Runs that name no model use it; a profile that was the default stays so. */
  readonly isDefault: boolean;
}

/** The document with this profile, in the place of the one of its name or at the end. */
export function withProfile(
  document: ProfilesDocument,
  profile: Profile,
  { isDefault }: KeepProfile,
): ProfilesDocument {
  const known = findProfile(document, profile.name);
  const becomes = isDefault || isDefaultProfile(document, profile.name);
  return {
    ...document,
    ...(becomes && { default: profile.name }),
    profiles: known
      ? document.profiles.map((other) => other === known ? profile : other)
      : [...document.profiles, profile],
  };
}

/** The document without the profile of this name; if it was the default, there is none. */
export function withoutProfile(document: ProfilesDocument, name: string): ProfilesDocument {
  const { default: current, ...rest } = document;
  const isKept = current !== undefined && !isSameName(current, name);
  return {
    ...rest,
    ...(isKept && { default: current }),
    profiles: document.profiles.filter((profile) => !isSameName(profile.name, name)),
  };
}

/** Whether runs that name no model use the profile of this name. */
export function isDefaultProfile(document: ProfilesDocument, name: string): boolean {
  return document.default !== undefined && isSameName(document.default, name);
}
