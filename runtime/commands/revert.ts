// `crewagent revert`: puts the project back as it was before a run, or before one of its nodes.
import { AppError, EXIT } from "../../schemas/error.ts";
import type { RunEvent } from "../../schemas/run_event.ts";
import { changedFiles, lastRevert, revertChanges, turnStart } from "../run/changes.ts";
import { dataFolder } from "../run/data_folder.ts";
import { lastVisit } from "../run/fork_run.ts";
import { findRun, readRecord } from "../run/run_folder.ts";
import { readRunLog } from "../run/run_log.ts";
import { openProjectFiles } from "../tools/project_files.ts";
import type { Command } from "./command.ts";
import { onePositional, readOptions } from "./options.ts";
import { printable } from "./terminal.ts";

const HELP = `Usage: crewagent revert RUN [--to NODE|TURN | --undo] [--force] [--yes]

Puts the project files that a run changed back as they were before it; files it made are removed.
What is replaced is kept, so a revert can itself be taken back.

Options
  --to NODE|TURN     only what was changed since the last visit of the node began, or since the
                     turn of that number ("crewagent replay" shows them)
  --undo             take the last revert back
  --force            also files that somebody else changed since
  --yes              do not ask
  --data DIR         where runs are kept (or CREWAGENT_HOME)

Examples
  crewagent changes last
  crewagent revert last

Exit codes: 0 ok, 1 refused (nothing was put back), 2 usage, 3 no such run.
`;

/** The command `revert`. */
export const command: Command = {
  help: HELP,
  async run(args) {
    const { values, positionals } = readOptions(args, {
      to: { type: "string" },
      undo: { type: "boolean", default: false },
      force: { type: "boolean", default: false },
      yes: { type: "boolean", default: false },
      data: { type: "string" },
    });
    const dataDir = dataFolder(values.data);
    const folder = findRun(dataDir, onePositional(positionals, "RUN", "crewagent revert RUN"));
    const events = readRunLog(folder.logPath);
    if (values.undo && values.to !== undefined) {
      throw new AppError("USAGE", "Give one of --to and --undo");
    }
    const fromSeq = values.undo ? lastRevert(events) : startOf(events, values.to);
    const paths = changedFiles(events, fromSeq).map(({ path }) => path);
    if (paths.length === 0) {
      console.log("There is nothing to put back");
      return EXIT.ok;
    }
    if (!values.yes && !confirmed(paths)) return EXIT.failed;
    const files = openProjectFiles(readRecord(folder).projectDir, dataDir);
    try {
      const reverted = await revertChanges({ folder, files, fromSeq, force: values.force });
      for (const path of reverted) console.log(`put back  ${printable(path)}`);
      return EXIT.ok;
    } finally {
      files.close();
    }
  },
};

/** A node has precedence, should one be called as a turn is. */
function startOf(events: readonly RunEvent[], place: string | undefined): number {
  if (place === undefined) return 1;
  const [, turn] = /^(?:turn:)?([1-9]\d{0,6})$/.exec(place) ?? [];
  const isNode = events.some((event) => event.type === "node_entered" && event.node.id === place);
  return turn === undefined || isNode
    ? lastVisit(events, place).seq
    : turnStart(events, Number(turn));
}

function confirmed(paths: readonly string[]): boolean {
  if (!Deno.stdin.isTerminal()) {
    throw new AppError("USAGE", "There is no terminal to ask at; say --yes to put the files back");
  }
  for (const path of paths) console.log(printable(path));
  return confirm(`Put ${paths.length} file${paths.length === 1 ? "" : "s"} back?`);
}
