// `crewagent profile remove` and `crewagent profile default`.
import { EXIT } from "../../schemas/error.ts";
import { isDefaultProfile, withoutProfile } from "../run/profile_changes.ts";
import { changeProfiles } from "../run/profile_file.ts";
import { profileNamed } from "./named_profile.ts";
import { onePositional } from "./options.ts";
import type { ProfileRequest } from "./profile_options.ts";

/** Removes a profile with its key. @throws AppError `PROFILE_NOT_FOUND`, `PROFILES_INVALID` */
export function removeProfile({ dataDir, names }: ProfileRequest): number {
  const wanted = onePositional(names, "NAME", "crewagent profile remove NAME");
  let words = "";
  changeProfiles(dataDir, (document) => {
    const { name } = profileNamed(document, wanted);
    const wasDefault = isDefaultProfile(document, name);
    words = `Removed ${name}${wasDefault ? ", which was the default: there is none now" : ""}`;
    return withoutProfile(document, name);
  });
  console.log(words);
  return EXIT.ok;
}

/** Makes a profile the default. @throws AppError `PROFILE_NOT_FOUND`, `PROFILES_INVALID` */
export function setDefaultProfile({ dataDir, names }: ProfileRequest): number {
  const wanted = onePositional(names, "NAME", "crewagent profile default NAME");
  const document = changeProfiles(
    dataDir,
    (saved) => ({ ...saved, default: profileNamed(saved, wanted).name }),
  );
  console.log(`Runs that name no model use ${document.default}`);
  return EXIT.ok;
}
