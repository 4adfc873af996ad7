// `crewagent token`: API tokens for scripts.
import { AppError, EXIT } from "../../schemas/error.ts";
import type { Command } from "../../runtime/commands/command.ts";
import { noPositionals, readOptions } from "../../runtime/commands/options.ts";
import { dataFolder } from "../../runtime/run/data_folder.ts";
import { withAccounts } from "./accounts.ts";

const USAGE = "crewagent token create [--user NAME] [--name TEXT]";

const HELP = `Usage: ${USAGE}

Makes an API token and prints it, alone on standard output. It is shown this once; the settings of the
builder list and revoke tokens. While a server runs on the data folder, this goes through it.

Options
  --user NAME        whose token (the owner's)
  --name TEXT        what it is for ("command line")
  --json             {token, username} on standard output
  --data DIR         where accounts are kept (or CREWAGENT_HOME)

Example
  crewagent token create --name "nightly export"

Exit codes: 0 ok, 2 usage, 3 no such account.
`;

/** The command `token`. */
export const command: Command = {
  help: HELP,
  async run(args) {
    const { values, positionals: [action, ...rest] } = readOptions(args, {
      user: { type: "string" },
      name: { type: "string", default: "command line" },
      json: { type: "boolean", default: false },
      data: { type: "string" },
    });
    if (action !== "create") throw new AppError("USAGE", `Say what to do. Usage: ${USAGE}`);
    noPositionals(rest, USAGE);
    const request = { username: values.user ?? null, name: values.name };
    const created = await withAccounts(
      dataFolder(values.data),
      (accounts) => accounts.createToken(request),
    );
    console.log(values.json ? JSON.stringify(created) : created.token);
    return EXIT.ok;
  },
};
