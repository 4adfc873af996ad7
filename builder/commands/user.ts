// `crewagent user`: accounts of the builder.
import { AppError, EXIT } from "../../schemas/error.ts";
import type { Command } from "../../runtime/commands/command.ts";
import { noPositionals, onePositional, readOptions } from "../../runtime/commands/options.ts";
import { printable } from "../../runtime/commands/terminal.ts";
import { dataFolder } from "../../runtime/run/data_folder.ts";
import type { User } from "../store/user.ts";
import { withAccounts } from "./accounts.ts";
import { askPassword } from "./ask_password.ts";

const USAGE = "crewagent user add NAME  |  crewagent user list";

const HELP = `Usage: ${USAGE}

Makes or lists the accounts of the builder. The first account is the owner's. The password is asked for
without showing it; where standard input is no terminal, its first line is the password. While a server
runs on the data folder, this goes through it.

Options
  --json             the account, or a list of them, on standard output
  --data DIR         where accounts are kept (or CREWAGENT_HOME)

Example
  crewagent user add mina

Exit codes: 0 ok, 1 the name is taken, 2 usage, 3 the name or password breaks a rule.
`;

/** The command `user`. */
export const command: Command = {
  help: HELP,
  async run(args) {
    const { values, positionals: [action, ...names] } = readOptions(args, {
      json: { type: "boolean", default: false },
      data: { type: "string" },
    });
    const dataDir = dataFolder(values.data);
    if (action === "add") {
      const username = onePositional(names, "NAME", USAGE);
      const password = await askPassword();
      const user = await withAccounts(dataDir, (all) => all.add({ username, password }));
      console.log(values.json ? JSON.stringify(user) : `Added ${lineOf(user)}`);
      return EXIT.ok;
    }
    if (action !== "list") throw new AppError("USAGE", `Say what to do. Usage: ${USAGE}`);
    noPositionals(names, USAGE);
    const users = await withAccounts(dataDir, (all) => all.list());
    if (values.json) console.log(JSON.stringify(users, null, 2));
    else if (users.length === 0) console.log("No accounts yet. Make one: crewagent user add NAME");
    else for (const user of users) console.log(lineOf(user));
    return EXIT.ok;
  },
};

function lineOf({ username, role, createdAt, disabledAt }: User): string {
  const state = disabledAt === null ? "" : "  (shut)";
  return `${printable(username)}  ${role}  since ${createdAt.slice(0, 10)}${state}`;
}
