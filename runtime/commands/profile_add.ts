// `crewagent profile add`: keeps a model connection under a name.
import { AppError, EXIT } from "../../schemas/error.ts";
import type { Profile } from "../../schemas/profile.ts";
import { PRESETS } from "../llm/presets.ts";
import { isKey } from "../llm/profile_connection.ts";
import { withProfile } from "../run/profile_changes.ts";
import { changeProfiles, findProfile, type ProfilesDocument } from "../run/profile_file.ts";
import { onePositional } from "./options.ts";
import { describeProfile } from "./profile_list.ts";
import { profileOf, type ProfileRequest } from "./profile_options.ts";
import { printable } from "./terminal.ts";

const USAGE = "crewagent profile add NAME --preset PRESET --model MODEL";
/** More is no key but the wrong file. */
const LONGEST_KEY = 8_192;

/**
 * Adds a profile and prints it. Nothing is sent to the model.
 * @throws AppError `PROFILE_EXISTS` without `--force`, `USAGE`, `LLM_NOT_CONFIGURED`
 */
export async function addProfile({ dataDir, names, values }: ProfileRequest): Promise<number> {
  const name = onePositional(names, "NAME", USAGE);
  // All else is checked before a person is asked for a key.
  profileOf(name, values, undefined);
  const key = values["key-stdin"] ? await readKey() : undefined;
  const profile = profileOf(name, values, key);
  const document = changeProfiles(
    dataDir,
    (saved) => withNewProfile(saved, profile, values),
  );
  console.log(`Saved ${printable(describeProfile(profile, document, Deno.env.toObject()))}`);
  console.log(PRESETS[profile.preset].notes);
  console.log(`Try it: crewagent profile test ${profile.name}`);
  return EXIT.ok;
}

function withNewProfile(
  document: ProfilesDocument,
  profile: Profile,
  { force, default: isDefault = false }: ProfileRequest["values"],
): ProfilesDocument {
  const known = findProfile(document, profile.name);
  if (!known || force) return withProfile(document, profile, { isDefault });
  throw new AppError(
    "PROFILE_EXISTS",
    `There is a profile "${known.name}" already. Choose another name, or replace it with --force`,
  );
}

/** What standard input holds. @throws AppError `USAGE`, never with what was read */
async function readKey(): Promise<string> {
  if (Deno.stdin.isTerminal()) console.error("Paste the key, then press Enter and Ctrl-D:");
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of Deno.stdin.readable) {
    text += decoder.decode(piece, { stream: true });
    if (text.length > LONGEST_KEY) break;
  }
  const key = text.trim();
  if (isKey(key) && key.length <= LONGEST_KEY) return key;
  throw new AppError(
    "USAGE",
    key === ""
      ? "Standard input was empty, but --key-stdin reads the key from there"
      : "What standard input holds is no key: keys are one word of letters, digits and signs",
  );
}
