// `crewagent show`: one run, rendered again from its log.
import { EXIT } from "../../schemas/error.ts";
import type { RunEvent } from "../../schemas/run_event.ts";
import { dataFolder } from "../run/data_folder.ts";
import { findRun, readRecord, type RunRecord } from "../run/run_folder.ts";
import { readRunLog } from "../run/run_log.ts";
import type { Command } from "./command.ts";
import { onePositional, readOptions } from "./options.ts";
import { createRunPrinter } from "./run_printer.ts";
import { formatDuration, type Palette, palette, printable, wantsColour } from "./terminal.ts";

const HELP = `Usage: crewagent show RUN [--json] [--data DIR]

Shows a run from its log: nodes, answers, tool calls, decisions, files, tokens.

RUN is a run's id, an unambiguous part of its beginning or end, or "last".

Options
  --json             the events as they are in the log, one a line
  --data DIR         where runs are kept (or CREWAGENT_HOME)

Example
  crewagent show last

Exit codes: 0 ok, 2 usage, 3 no such run.
`;

/** The command `show`. */
export const command: Command = {
  help: HELP,
  run(args) {
    const { values, positionals } = readOptions(args, {
      json: { type: "boolean", default: false },
      data: { type: "string" },
    });
    const wanted = onePositional(positionals, "RUN", "crewagent show RUN");
    const folder = findRun(dataFolder(values.data), wanted);
    const record = readRecord(folder);
    const events = readRunLog(folder.logPath);
    if (values.json) { for (const event of events) console.log(JSON.stringify(event)); }
    else showRun(record, events);
    return Promise.resolve(EXIT.ok);
  },
};

function showRun(record: RunRecord, events: readonly RunEvent[]): void {
  const paint = palette(wantsColour(Deno.stdout));
  const write = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(text));
  const nodes = new Set(
    events.flatMap((event) =>
      event.type === "node_entered" && event.depth === 0 ? [event.node.id] : []
    ),
  );
  const printer = createRunPrinter({ write, paint, width: 100, nodeCount: nodes.size });
  for (const event of events) printer.event(event);
  printer.closeLine();
  console.log(summary(record, events, paint));
}

function summary(record: RunRecord, events: readonly RunEvent[], paint: Palette): string {
  const usages = events.flatMap((event) => event.type === "usage" ? [event.usage] : []);
  const files = new Set(
    events.flatMap((event) => event.type === "file_changed" ? [event.path] : []),
  );
  const durationMs = Date.parse(record.updatedAt) - Date.parse(record.startedAt);
  const lines = [
    "",
    `${paint.bold(record.phase)} after ${formatDuration(Math.max(0, durationMs))} · project ${
      printable(record.projectDir)
    }`,
  ];
  if (record.reason && record.phase !== "completed") lines.push(printable(record.reason));
  if (usages.length > 0) {
    const input = usages.reduce((sum, usage) => sum + usage.inputTokens, 0);
    const output = usages.reduce((sum, usage) => sum + usage.outputTokens, 0);
    lines.push(`${input} tokens sent, ${output} received in ${usages.length} requests`);
  }
  for (const path of files) lines.push(`  ${printable(path)}`);
  return lines.join("\n");
}
