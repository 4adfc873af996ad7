// `crewagent profile remove` and `crewagent profile default`.
import { EXIT } from "../../schemas/error.ts";
import { changeProfiles, isSameName } from "../run/profile_file.ts";
import { profileNamed } from "./named_profile.ts";
import { onePositional } from "./options.ts";
import type { ProfileRequest } from "./profile_options.ts";

/** Removes a profile with its key. @throws AppError `PROFILE_NOT_FOUND`, `PROFILES_INVALID` */
export function removeProfile({ dataDir, names }: ProfileRequest): number {
  const wanted = onePositional(names, "NAME", "crewagent profile remove NAME");
  let words = "";
  changeProfiles(dataDir, (document) => {
    const { name } = profileNamed(document, wanted);
    const { default: current, ...rest } = document;
    const wasDefault = current !== undefined && isSameName(current, name);
    words = `Removed ${name}${wasDefault ? ", which was the default: there is none now" : ""}`;
    return {
      ...rest,
      ...(current !== undefined && !wasDefault && { default: current }),
      profiles: document.profiles.filter((profile) => profile.name !== name),
    };
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
