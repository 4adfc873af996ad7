// `crewagent new`: a package in a new folder.
import { AppError, EXIT } from "../../schemas/error.ts";
import { createPackage, listTemplates } from "../package/template.ts";
import type { Command } from "./command.ts";
import { onePositional, readOptions } from "./options.ts";
import { printable } from "./terminal.ts";

const USAGE = "crewagent new DIR [--template NAME]  |  crewagent new --list";

const HELP = `Usage: ${USAGE}

Starts a package in a new or empty folder: blank (one agent, one step), or as a copy of a template.

Options
  --template NAME    copy this template
  --list             list the templates

Example
  crewagent new my-story --template create-story

Exit codes: 0 ok, 1 the folder is not empty or cannot be written, 2 usage.
`;

/** The command `new`. */
export const command: Command = {
  help: HELP,
  async run(args) {
    const { values, positionals } = readOptions(args, {
      template: { type: "string" },
      list: { type: "boolean", default: false },
    });
    if (values.list) {
      if (positionals.length > 0) {
        throw new AppError("USAGE", `--list takes no DIR. Usage: ${USAGE}`);
      }
      await printTemplates();
      return EXIT.ok;
    }
    const dir = onePositional(positionals, "DIR", USAGE);
    await createPackage(dir, values.template);
    console.log(printable(`${dir}  (from ${values.template ?? "blank"})`));
    console.log("Next: write its steps, then  crewagent check " + printable(dir));
    return EXIT.ok;
  },
};

async function printTemplates(): Promise<void> {
  const templates = await listTemplates();
  const width = Math.max(...templates.map(({ name }) => name.length)) + 2;
  for (const { name, description } of templates) console.log(name.padEnd(width) + description);
}
