// `crewagent test`: the recorded runs of a package, played again without a model.
import { join } from "node:path";
import { AppError, EXIT } from "../../schemas/error.ts";
import { readPackage } from "../package/load.ts";
import {
  compareRuns,
  type Divergence,
  type TraceVerdict,
  verdictOf,
} from "../run/trace/compare_runs.ts";
import { replayTrace } from "../run/trace/replay_trace.ts";
import { formatTrace, parseTrace, type Trace, TRACE_EXTENSION } from "../run/trace/trace.ts";
import { showDiff } from "../tools/text_diff.ts";
import type { Command } from "./command.ts";
import { onePositional, readOptions } from "./options.ts";
import { paintDiff, type Palette, palette, printable, wantsColour } from "./terminal.ts";

const HELP = `Usage: crewagent test PACKAGE [--only NAME] [--strict] [--update] [--json]

Plays the recorded runs of a package (tests/*${TRACE_EXTENSION}) again, with the package as it is now and
the recorded answers of model and people, and shows where they diverge:

  same       every prompt, every result and the end are as recorded
  changed    the model would see other texts, but every recorded move still holds
  broken     a recorded move is answered in another way, or the run ends elsewhere

No model is asked. Record a run with: crewagent run PACKAGE --project DIR --record FILE

Options
  --only NAME        only traces whose name contains NAME
  --strict           a changed trace fails too
  --update           accept what is changed: write it into the trace (not what is broken)
  --json             a list of {trace, verdict, divergences}

Example
  crewagent test my-package

Exit codes: 0 all hold, 1 a trace is broken (--strict: or changed), 2 usage, 3 invalid package or trace.
`;

/** The command `test`. */
export const command: Command = {
  help: HELP,
  async run(args) {
    const { values, positionals } = readOptions(args, {
      only: { type: "string" },
      strict: { type: "boolean", default: false },
      update: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    });
    const source = onePositional(positionals, "PACKAGE", "crewagent test PACKAGE");
    const results: TestedTrace[] = [];
    for (const [path, trace] of await findTraces(source, values.only)) {
      const tested = await testTrace(source, path, trace);
      results.push(tested);
      if (!values.json) showTrace(tested);
      if (values.update && tested.verdict === "changed") await update(source, tested);
    }
    if (values.json) console.log(JSON.stringify(results.map(facts), null, 2));
    else console.log(summary(results));
    const fails = (verdict: TraceVerdict) =>
      verdict === "broken" || (values.strict && !values.update && verdict === "changed");
    return results.some(({ verdict }) => fails(verdict)) ? EXIT.failed : EXIT.ok;
  },
};

interface TestedTrace {
  /** Package-relative. */
  readonly path: string;
  readonly verdict: TraceVerdict;
  readonly divergences: readonly Divergence[];
  readonly turns: number;
  /** The trace as it would be now. */
  readonly now: Trace;
}

async function findTraces(source: string, only = ""): Promise<[string, Trace][]> {
  const { package: loaded } = await readPackage(source);
  const files = [...loaded?.files ?? []].filter(([path]) =>
    path.startsWith("tests/") && path.endsWith(TRACE_EXTENSION) && path.includes(only)
  );
  if (!loaded) {
    throw new AppError("PKG_INVALID", `See what is wrong with: crewagent check ${source}`);
  }
  if (files.length === 0) {
    throw new AppError(
      "FILE_NOT_FOUND",
      `The package has no recorded run tests/*${TRACE_EXTENSION}${
        only && ` whose name contains "${only}"`
      }. Record one with: crewagent run ${source} --project DIR --record FILE`,
    );
  }
  const decoder = new TextDecoder();
  return files.map(([path, content]) => [path, parseTrace(decoder.decode(content), path)]);
}

async function testTrace(source: string, path: string, trace: Trace): Promise<TestedTrace> {
  const events = await replayTrace(source, trace);
  const divergences = compareRuns(trace.events, events);
  const turns = events.filter(({ type }) => type === "request_sent").length;
  const now = { header: trace.header, events };
  return { path, verdict: verdictOf(divergences), divergences, turns, now };
}

async function update(source: string, { path, now }: TestedTrace): Promise<void> {
  const target = join(source, path);
  try {
    await Deno.writeTextFile(target, formatTrace(now));
    console.log(`  updated ${printable(target)}`);
  } catch (cause) {
    throw new AppError(
      "FILE_WRITE_FAILED",
      `"${target}" cannot be written; --update takes a package folder, not a .bmad file`,
      { cause },
    );
  }
}

const MOST_SHOWN = 5;

function showTrace({ path, verdict, divergences, turns }: TestedTrace): void {
  const paint = palette(wantsColour(Deno.stdout));
  const style = { same: paint.green, changed: paint.yellow, broken: paint.red }[verdict];
  console.log(`${style(verdict.padEnd(8))} ${printable(path)}  ${paint.dim(`${turns} turns`)}`);
  for (const divergence of important(divergences)) {
    for (const line of divergenceLines(divergence, paint)) console.log(`  ${line}`);
  }
  const more = divergences.length - important(divergences).length;
  if (more > 0) console.log(paint.dim(`  and ${more} more (--json lists all)`));
}

/** The first few, and always the one that breaks. */
function important(divergences: readonly Divergence[]): readonly Divergence[] {
  const broken = divergences.filter(({ verdict }) => verdict === "broken");
  const changed = divergences.filter(({ verdict }) => verdict === "changed");
  return [...changed.slice(0, MOST_SHOWN - broken.length), ...broken];
}

function divergenceLines(divergence: Divergence, paint: Palette): string[] {
  const { verdict, turn, nodeId, what, before, after } = divergence;
  const where = [...(turn === undefined ? [] : [`turn ${turn}`]), `node "${nodeId ?? "none"}"`];
  const place = printable(`${where.join(", ")}: ${what}`);
  if (verdict === "broken") {
    return [paint.red(place), `  was: ${printable(before)}`, `  now: ${printable(after)}`];
  }
  const encode = (text: string) => new TextEncoder().encode(text);
  const diff = showDiff({ name: "", before: encode(before), after: encode(after) });
  const lines = diff.split("\n").filter((line) => /^[+-](?![+-]{2} )/.test(line)).slice(0, 8);
  return [paint.yellow(place), ...lines.map((line) => `  ${paintDiff(printable(line), paint)}`)];
}

function facts({ path, verdict, divergences, turns }: TestedTrace) {
  return { trace: path, verdict, turns, divergences };
}

function summary(results: readonly TestedTrace[]): string {
  const count = (wanted: TraceVerdict) =>
    results.filter(({ verdict }) => verdict === wanted).length;
  return `${count("same")} same, ${count("changed")} changed, ${count("broken")} broken`;
}
