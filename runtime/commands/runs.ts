// `crewagent runs`: the runs of this data folder, newest first.
import { EXIT } from "../../schemas/error.ts";
import { dataFolder } from "../run/data_folder.ts";
import { listRuns, type RunRecord } from "../run/run_folder.ts";
import type { Command } from "./command.ts";
import { noPositionals, readOptions } from "./options.ts";
import { oneLine, type Palette, palette, wantsColour } from "./terminal.ts";

const HELP = `Usage: crewagent runs [--json] [--data DIR]

Lists the runs, newest first: id, phase, package, workflow, model, and when it last moved.

Options
  --json             a JSON list on standard output
  --data DIR         where runs are kept (or CREWAGENT_HOME)

Example
  crewagent runs

Exit codes: 0 ok, 2 usage.
`;

/** The command `runs`. */
export const command: Command = {
  help: HELP,
  run(args) {
    const { values, positionals } = readOptions(args, {
      json: { type: "boolean", default: false },
      data: { type: "string" },
    });
    noPositionals(positionals, "crewagent runs");
    const runs = listRuns(dataFolder(values.data));
    if (values.json) console.log(JSON.stringify(runs, null, 2));
    else if (runs.length === 0) {
      console.log("No runs yet. Start one with: crewagent run PACKAGE --project DIR");
    } else for (const line of table(runs, palette(wantsColour(Deno.stdout)))) console.log(line);
    return Promise.resolve(EXIT.ok);
  },
};

function table(runs: readonly RunRecord[], paint: Palette): string[] {
  const rows = runs.map((run) => [
    run.runId,
    run.phase,
    oneLine(`${run.package.name} ${run.package.version}`, 32),
    oneLine(run.workflowId, 24),
    oneLine(run.connection.model, 24),
    run.updatedAt.slice(0, 16).replace("T", " "),
  ]);
  const head = ["RUN", "PHASE", "PACKAGE", "WORKFLOW", "MODEL", "LAST MOVED (UTC)"];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length))
  );
  const align = (row: readonly string[]) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd();
  return [paint.dim(align(head)), ...rows.map(align)];
}
