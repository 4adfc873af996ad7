// `crewagent replay`: a run turn by turn, re-rendered from its log without a model.
import { AppError, EXIT } from "../../schemas/error.ts";
import type { ChatMessage } from "../../schemas/conversation.ts";
import type { RunEvent } from "../../schemas/run_event.ts";
import { dataFolder } from "../run/data_folder.ts";
import { type ReplayedCall, type ReplayedTurn, replayTurns } from "../run/replay.ts";
import { openStory } from "../run/run_story.ts";
import type { Command } from "./command.ts";
import { onePositional, readOptions } from "./options.ts";
import { formatDuration, type Palette, palette, printable, wantsColour } from "./terminal.ts";

const HELP = `Usage: crewagent replay RUN [--turn N] [--prompts] [--step] [--json] [--data DIR]

Shows a run again, turn by turn: what the model said, what each of its tool calls did, what people
answered. Everything comes from the log; no model is asked and no file is touched. Each request is
composed anew and compared with what was sent.

RUN is a run's id, an unambiguous part of its beginning or end, "last", or a file that
"crewagent export" made.

Options
  --turn N           only this turn
  --prompts          also what the model was sent anew in each turn
  --step             wait for Enter after each turn
  --json             the turns as a JSON list, with whole requests
  --data DIR         where runs are kept (or CREWAGENT_HOME)

Examples
  crewagent replay last
  crewagent replay last --turn 3 --prompts

Exit codes: 0 ok, 1 the log does not compose what was sent, 2 usage, 3 no such run.
`;

/** The command `replay`. */
export const command: Command = {
  help: HELP,
  async run(args) {
    const { values, positionals } = readOptions(args, {
      turn: { type: "string" },
      prompts: { type: "boolean", default: false },
      step: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      data: { type: "string" },
    });
    const wanted = onePositional(positionals, "RUN", "crewagent replay RUN");
    const { events } = await openStory(dataFolder(values.data), wanted);
    const all = replayTurns(events);
    const turns = values.turn === undefined ? all : [findTurn(all, values.turn)];
    if (values.json) console.log(JSON.stringify(turns, null, 2));
    else showTurns(turns, { prompts: values.prompts, step: values.step });
    return turns.some(({ isFaithful }) => isFaithful === false) ? EXIT.failed : EXIT.ok;
  },
};

function findTurn(turns: readonly ReplayedTurn[], wanted: string): ReplayedTurn {
  const found = turns.find(({ turn }) => String(turn) === wanted);
  if (found) return found;
  throw new AppError("USAGE", `There is no turn ${wanted}; the run has ${turns.length}`);
}

function showTurns(
  turns: readonly ReplayedTurn[],
  { prompts, step }: { prompts: boolean; step: boolean },
): void {
  const paint = palette(wantsColour(Deno.stdout));
  for (const turn of turns) {
    for (const line of turnLines(turn, { prompts, paint })) console.log(line);
    if (step && turn !== turns.at(-1)) prompt("Enter for the next turn");
  }
  console.log(verdict(turns, paint));
}

function verdict(turns: readonly ReplayedTurn[], paint: Palette): string {
  const wrong = turns.filter(({ isFaithful }) => isFaithful === false).map(({ turn }) => turn);
  if (wrong.length > 0) {
    return paint.red(
      `Turn ${
        wrong.join(", ")
      }: the log composes another request than was sent. It was changed since`,
    );
  }
  const trimmed = turns.filter(({ isFaithful }) => isFaithful === null).length;
  const note = trimmed > 0 ? ` (${trimmed} were shortened for the model's window)` : "";
  return paint.dim(`${turns.length} requests, each composed from the log as it was sent${note}`);
}

function turnLines(
  turn: ReplayedTurn,
  { prompts, paint }: { prompts: boolean; paint: Palette },
): string[] {
  const time = turn.at.slice(11, 19);
  const head = `Turn ${turn.turn} · ${turn.nodeId ?? "?"} · ${time}${usageOf(turn)}`;
  const sent = prompts ? turn.messages.slice(turn.repeated) : [];
  return [
    paint.bold(paint.cyan(printable(head))),
    ...sent.flatMap((message) => indented(messageText(message), paint.dim)),
    ...turn.events.flatMap((event) => eventLines(event, turn.calls, paint)),
    "",
  ];
}

function usageOf({ events }: ReplayedTurn): string {
  const used = events.find((event) => event.type === "usage");
  if (used?.type !== "usage") return "";
  const { inputTokens, outputTokens } = used.usage;
  return ` · ${inputTokens} + ${outputTokens} tokens in ${formatDuration(used.durationMs)}`;
}

function messageText(message: ChatMessage): string {
  return `[${message.role}] ${message.content}`;
}

const MOST_LINES = 12;

/** Long texts are cut: `--json` has them whole. */
function indented(text: string, style: (text: string) => string): string[] {
  const lines = printable(text).trimEnd().split("\n");
  const shown = lines.slice(0, MOST_LINES).map((line) => style(`  ${line.slice(0, 200)}`));
  return lines.length > MOST_LINES
    ? [...shown, style(`  … ${lines.length - MOST_LINES} more lines`)]
    : shown;
}

function eventLines(
  event: RunEvent,
  calls: readonly ReplayedCall[],
  paint: Palette,
): string[] {
  const say = (text: string) => indented(text, (line) => line);
  switch (event.type) {
    case "assistant_message":
      return event.message.content ? say(event.message.content) : [];
    case "tool_call":
      return callLines(calls.find(({ callId }) => callId === event.callId), paint);
    case "state_rejected":
      return say(paint.red(`✗ the guard refused: ${event.code}`));
    case "node_completed":
      return say(paint.green(`✓ ${event.nodeId} → ${event.next ?? "end"}`));
    case "node_entered":
      return say(paint.cyan(`● ${event.node.id}`));
    case "question_answered":
      return say(paint.yellow(`answered (${event.by}): ${JSON.stringify(event.answer)}`));
    case "approval_decided":
      return say(paint.yellow(`${event.decision.decision} (${event.decision.scope})`));
    case "user_input":
      return say(paint.yellow(`you: ${event.text}`));
    case "run_resumed":
      return say(paint.dim("resumed"));
    case "nudge_sent":
      return say(paint.dim("reminded of the node"));
    case "error":
      return say(paint.red(`${event.code}: ${event.message}`));
    case "phase_changed":
      return event.phase === "running" ? [] : say(paint.dim(`run ${event.phase}`));
    default:
      return [];
  }
}

function callLines(call: ReplayedCall | undefined, paint: Palette): string[] {
  if (!call) return [];
  const result = call.result ? JSON.stringify(call.result) : "no result: the program stopped";
  const isGood = call.result?.ok === true;
  return [
    `  ${paint.bold(printable(call.tool))} ${cut(JSON.stringify(call.arguments))}`,
    `    ${isGood ? paint.dim(cut(result)) : paint.red(cut(result))}`,
  ];
}

function cut(text: string): string {
  const safe = printable(text);
  return safe.length > 160 ? `${safe.slice(0, 159)}…` : safe;
}
