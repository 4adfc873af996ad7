// `crewagent show`: one run, rendered again from its log.
import { EXIT } from "../../schemas/error.ts";
import type { ModelPrices } from "../../schemas/profile.ts";
import type { RunEvent } from "../../schemas/run_event.ts";
import { dataFolder } from "../run/data_folder.ts";
import { openStory, type RunStory } from "../run/run_story.ts";
import { costOf, type Spent, spentByNode, spentInAll } from "../run/usage.ts";
import type { Command } from "./command.ts";
import { onePositional, readOptions } from "./options.ts";
import { createRunPrinter } from "./run_printer.ts";
import { formatDuration, type Palette, palette, printable, wantsColour } from "./terminal.ts";

const HELP = `Usage: crewagent show RUN [--json] [--data DIR]

Shows a run from its log: nodes, answers, tool calls, decisions, files, tokens.

RUN is a run's id, an unambiguous part of its beginning or end, "last", or a file that
"crewagent export" made.

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
  async run(args) {
    const { values, positionals } = readOptions(args, {
      json: { type: "boolean", default: false },
      data: { type: "string" },
    });
    const wanted = onePositional(positionals, "RUN", "crewagent show RUN");
    const story = await openStory(dataFolder(values.data), wanted);
    if (values.json) { for (const event of story.events) console.log(JSON.stringify(event)); }
    else showRun(story);
    return EXIT.ok;
  },
};

function showRun(story: RunStory): void {
  const { events } = story;
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
  console.log(summary(story, paint));
}

function summary({ record, projectDir, events }: RunStory, paint: Palette): string {
  const files = new Set(
    events.flatMap((event) => event.type === "file_changed" ? [event.path] : []),
  );
  const durationMs = Date.parse(record.updatedAt) - Date.parse(record.startedAt);
  const lines = [
    "",
    `${paint.bold(record.phase)} after ${formatDuration(Math.max(0, durationMs))} · project ${
      printable(projectDir ?? record.projectName)
    }`,
  ];
  if (record.reason && record.phase !== "completed") lines.push(printable(record.reason));
  lines.push(...usageLines(events, record.connection.prices));
  for (const path of files) lines.push(`  ${printable(path)}`);
  return lines.join("\n");
}

/** In all, and by node where there are several. */
function usageLines(events: readonly RunEvent[], prices: ModelPrices | undefined): string[] {
  const all = spentInAll(events);
  if (all.requests === 0) return [];
  const cost = (spent: Spent) => prices ? `, $${costOf(spent, prices).toFixed(4)}` : "";
  const text = (spent: Spent) =>
    `${spent.inputTokens} tokens sent, ${spent.outputTokens} received in ${spent.requests} request${
      spent.requests === 1 ? "" : "s"
    } (${formatDuration(spent.durationMs)})${cost(spent)}`;
  const byNode = spentByNode(events);
  const nodes = byNode.size > 1
    ? [...byNode].map(([nodeId, spent]) => `  ${printable(nodeId)}: ${text(spent)}`)
    : [];
  return [text(all), ...nodes];
}
