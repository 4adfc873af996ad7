// `crewagent profile`: model connections under names, so that a run needs only the name.
import { AppError } from "../../schemas/error.ts";
import { dataFolder } from "../run/data_folder.ts";
import { withDiskFailures } from "../run/disk_failure.ts";
import type { Command } from "./command.ts";
import { readOptions } from "./options.ts";
import { addProfile } from "./profile_add.ts";
import { PROFILE_HELP } from "./profile_help.ts";
import { listProfiles } from "./profile_list.ts";
import { PROFILE_OPTIONS, type ProfileRequest } from "./profile_options.ts";
import { removeProfile, setDefaultProfile } from "./profile_remove.ts";
import { testProfile } from "./profile_test_command.ts";

const ACTIONS: Readonly<Record<string, (request: ProfileRequest) => Promise<number> | number>> = {
  add: addProfile,
  list: listProfiles,
  remove: removeProfile,
  default: setDefaultProfile,
  test: testProfile,
};

/** The command `profile`. */
export const command: Command = {
  help: PROFILE_HELP,
  async run(args) {
    const { values, positionals } = readOptions(args, PROFILE_OPTIONS);
    const [action = "list", ...names] = positionals;
    const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (!act) {
      throw new AppError(
        "USAGE",
        `"${action}" is no action of a profile. Usage: crewagent profile ${
          Object.keys(ACTIONS).join(" | ")
        }`,
      );
    }
    const dataDir = dataFolder(values.data);
    return await withDiskFailures(async () => await act({ dataDir, names, values }));
  },
};
