// `crewagent export`: a run as one file.
import { basename, dirname } from "node:path";
import { AppError, EXIT } from "../../schemas/error.ts";
import { SHARED_FILE, writeFileAtomic } from "../disk/durable.ts";
import { dataFolder } from "../run/data_folder.ts";
import { exportRun } from "../run/export_run.ts";
import { findRun, readRecord } from "../run/run_folder.ts";
import { EXPORT_EXTENSION } from "../run/run_story.ts";
import { openProjectFiles } from "../tools/project_files.ts";
import type { Command } from "./command.ts";
import { onePositional, readOptions } from "./options.ts";
import { formatBytes, printable } from "./terminal.ts";

const HELP = `Usage: crewagent export RUN [-o FILE] [--force] [--data DIR]

Makes one file of a run: its log, and the files it changed as they were before and after. On any
machine, "show", "replay" and "changes" take the file in place of RUN. It names no folder and no
address of this machine; what the model was sent and said is in it, whole.

Options
  -o, --output FILE  where to write (default: RUN${EXPORT_EXTENSION} here)
  --force            replace a file that is there
  --data DIR         where runs are kept (or CREWAGENT_HOME)

Example
  crewagent export last -o story${EXPORT_EXTENSION}
  crewagent replay story${EXPORT_EXTENSION}

Exit codes: 0 ok, 1 the file cannot be written, 2 usage, 3 no such run.
`;

/** The command `export`. */
export const command: Command = {
  help: HELP,
  async run(args) {
    const { values, positionals } = readOptions(args, {
      output: { type: "string", short: "o" },
      force: { type: "boolean", default: false },
      data: { type: "string" },
    });
    const dataDir = dataFolder(values.data);
    const folder = findRun(dataDir, onePositional(positionals, "RUN", "crewagent export RUN"));
    const output = values.output ?? `${basename(folder.dir)}${EXPORT_EXTENSION}`;
    if (!output.endsWith(EXPORT_EXTENSION)) {
      throw new AppError("USAGE", `Name a file that ends in ${EXPORT_EXTENSION}, not "${output}"`);
    }
    const files = openProjectFiles(readRecord(folder).projectDir, dataDir);
    try {
      const { bytes, leftOut } = await exportRun(folder, files);
      save(output, bytes, values.force);
      console.log(printable(`${output}  (${formatBytes(bytes.length)})`));
      if (leftOut > 0) console.error(`${leftOut} large contents did not fit and were left out`);
      return EXIT.ok;
    } finally {
      files.close();
    }
  },
};

function save(path: string, bytes: Uint8Array, force: boolean): void {
  if (!force && exists(path)) {
    throw new AppError("FILE_EXISTS", `"${path}" is there already; replace it with --force`);
  }
  try {
    // The folder must be there: a mistyped path is not to be made.
    Deno.statSync(dirname(path));
    writeFileAtomic(path, bytes, SHARED_FILE);
  } catch (cause) {
    throw new AppError("FILE_WRITE_FAILED", `"${path}" cannot be written`, { cause });
  }
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
