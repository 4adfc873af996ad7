// `crewagent changes`: what a run did to the project, as diffs.
import { EXIT } from "../../schemas/error.ts";
import { changedFiles, type FileHistory, readBlob } from "../run/changes.ts";
import { dataFolder } from "../run/data_folder.ts";
import { findRun, readRecord, type RunFolder } from "../run/run_folder.ts";
import { readRunLog } from "../run/run_log.ts";
import { openProjectFiles, type ProjectFiles } from "../tools/project_files.ts";
import type { Command } from "./command.ts";
import { onePositional, readOptions } from "./options.ts";
import { paintDiff, palette, printable, wantsColour } from "./terminal.ts";

const HELP = `Usage: crewagent changes RUN [--json] [--data DIR]

Shows every project file that a run changed, as a diff from what it held before the run to what it
holds now. A file that somebody else changed since is marked.

Options
  --json             a list of {path, before, after, present, changedSince} with SHA-256s
  --data DIR         where runs are kept (or CREWAGENT_HOME)

Example
  crewagent changes last

Exit codes: 0 ok, 2 usage, 3 no such run.
`;

/** The command `changes`. */
export const command: Command = {
  help: HELP,
  async run(args) {
    const { values, positionals } = readOptions(args, {
      json: { type: "boolean", default: false },
      data: { type: "string" },
    });
    const dataDir = dataFolder(values.data);
    const folder = findRun(dataDir, onePositional(positionals, "RUN", "crewagent changes RUN"));
    const files = openProjectFiles(readRecord(folder).projectDir, dataDir);
    try {
      const histories = changedFiles(readRunLog(folder.logPath));
      if (values.json) console.log(JSON.stringify(await listChanges(histories, files), null, 2));
      else await showChanges({ folder, files, histories });
      return EXIT.ok;
    } finally {
      files.close();
    }
  },
};

async function listChanges(histories: readonly FileHistory[], files: ProjectFiles) {
  return await Promise.all(histories.map(async ({ path, before, after, known }) => {
    const present = (await files.load(path))?.sha256 ?? null;
    return { path, before, after, present, changedSince: !known.has(present) };
  }));
}

async function showChanges(
  { folder, files, histories }: {
    folder: RunFolder;
    files: ProjectFiles;
    histories: readonly FileHistory[];
  },
): Promise<void> {
  const paint = palette(wantsColour(Deno.stdout));
  if (histories.length === 0) console.log("The run changed no file of the project");
  for (const { path, before, known } of histories) {
    const present = await files.load(path);
    const foreign = known.has(present?.sha256 ?? null)
      ? ""
      : paint.yellow("  changed since by somebody else");
    console.log(`${paint.bold(printable(path))}${foreign}`);
    if (!present) console.log(paint.dim("(the file is gone)"));
    else {
      const bytes = before === null ? null : readBlob(folder, before);
      console.log(paintDiff(printable(await files.diff(path, bytes, present.bytes)), paint));
    }
  }
}
