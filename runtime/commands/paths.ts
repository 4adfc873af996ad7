// `crewagent paths`: where CrewAgent keeps what is its own, and how much that is. Removes nothing.
import { EXIT } from "../../schemas/error.ts";
import { dataFolder } from "../run/data_folder.ts";
import { type DataPart, type DataUse, dataUse } from "../run/data_use.ts";
import type { Command } from "./command.ts";
import { noPositionals, readOptions } from "./options.ts";
import { formatBytes, printable } from "./terminal.ts";

const HELP = `Usage: crewagent paths [--json] [--data DIR]

Says where the data folder is, what its parts hold, and how much room its disk has. Nothing is changed.
Runs that are old and copies of packages that no run needs are removed in the browser: Settings, Data.

Options
  --json        {"dataDir", "bytes", "parts": [{"part", "path", "bytes", "fileCount"}], "freeBytes"}
  --data DIR    the data folder that is looked at (or CREWAGENT_HOME)

Example
  crewagent paths

Exit codes: 0 ok, 2 usage.
`;

const WORDS: Readonly<Record<DataPart, string>> = {
  runs: "runs with their logs",
  packages: "packages as runs use them",
  database: "accounts, packages of the builder and their history",
  caches: "what MCP servers have downloaded",
  trash: "runs that were thrown away",
  other: "settings and the rest",
};

/** The command `paths`. */
export const command: Command = {
  help: HELP,
  async run(args) {
    const { values, positionals } = readOptions(args, {
      json: { type: "boolean", default: false },
      data: { type: "string" },
    });
    noPositionals(positionals, "crewagent paths [--json]");
    const use = await dataUse(dataFolder(values.data));
    console.log(values.json ? JSON.stringify(use, null, 2) : printable(describe(use)));
    return EXIT.ok;
  },
};

function describe({ dataDir, bytes, parts, freeBytes }: DataUse): string {
  const free = freeBytes === null ? "" : `, ${formatBytes(freeBytes)} free`;
  return [
    `${dataDir}  (${formatBytes(bytes)}${free})`,
    ...parts.map(({ part, bytes, path }) =>
      `  ${part.padEnd(9)} ${formatBytes(bytes).padStart(10)}  ${WORDS[part]}` +
      (part === "other" ? "" : `: ${path}`)
    ),
  ].join("\n");
}
