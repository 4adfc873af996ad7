// `crewagent simulate`: walks a package without a model and reports what it never reaches.
import { AppError, EXIT } from "../../schemas/error.ts";
import { simulatePackage } from "../run/walk/simulate_package.ts";
import type { SimulationReport, WalkMode, WorkflowResult } from "../run/walk/simulation_report.ts";
import type { Command } from "./command.ts";
import { onInterrupt } from "./interrupt.ts";
import { readAnswers } from "./drive_at_terminal.ts";
import { onePositional, readOptions } from "./options.ts";
import { type Palette, palette, printable, wantsColour } from "./terminal.ts";

const USAGE = "crewagent simulate PACKAGE [--walk all|random] [options]";
const DEFAULT_RUNS = 20;
const DEFAULT_SEED = 1;

const HELP = `Usage: ${USAGE}

Walks the workflows of a package (a .bmad file or a folder) without a model, in temporary folders, and
reports nodes never reached, edges never taken, dead ends and loops without exit.

Options
  --workflow ID      only this workflow and those it calls (default: every workflow)
  --walk all         take every edge that lies on a way to an end (default)
  --walk random      draw the edges by chance, then go home
  --runs N           random walks from each workflow that no other calls (default ${DEFAULT_RUNS})
  --seed N           the same seed gives the same random walks (default ${DEFAULT_SEED})
  --answers FILE     JSON with answers to the workflow's questions; its decisions are not used here
  --json             the report as data on standard output

After a subworkflow the engine chooses the edge by its condition, so a walk cannot choose it. At a node
whose agent may not read the whole state document, the simulation cannot count its visits: it makes the
choice of the first visit every time, and may go round in a loop that a model would leave.

Examples
  crewagent simulate examples/review-loop
  crewagent simulate story.bmad --walk random --runs 50 --seed 7 --json

Exit codes
  0 every workflow can complete and every walk did (what is never reached is only a warning),
  1 a workflow cannot complete or a walk did not, 2 usage, 3 invalid package, 130 interrupted
`;

/** The command `simulate`. */
export const command: Command = {
  help: HELP,
  async run(args) {
    const { values, positionals } = readOptions(args, {
      workflow: { type: "string" },
      walk: { type: "string", default: "all" },
      runs: { type: "string" },
      seed: { type: "string" },
      answers: { type: "string" },
      json: { type: "boolean", default: false },
    });
    const source = onePositional(positionals, "PACKAGE", USAGE);
    const mode = modeOf(values);
    const answers = await readAnswers(values.answers);
    const { workflow: workflowId } = values;
    const report = await untilInterrupted((signal) =>
      simulatePackage({
        source,
        workflowId,
        mode,
        answers,
        signal,
        onProgress: (done, total) => showProgress(`Walk ${done + 1} of ${total}`),
      })
    );
    if (values.json) console.log(JSON.stringify(report, null, 2));
    else {for (const line of reportLines(report, palette(wantsColour(Deno.stdout)))) {
        console.log(line);
      }}
    return exitCodeOf(report);
  },
};

function modeOf(
  { walk, runs, seed }: { walk: string; runs?: string | undefined; seed?: string | undefined },
): WalkMode {
  if (walk !== "all" && walk !== "random") {
    throw new AppError("USAGE", `--walk takes "all" or "random", not "${walk}"`);
  }
  if (walk === "all") {
    const given = runs !== undefined ? "--runs" : seed !== undefined ? "--seed" : undefined;
    if (given === undefined) return { walk };
    throw new AppError("USAGE", `${given} is for --walk random; --walk all draws nothing`);
  }
  return {
    walk,
    runs: wholeNumber("--runs", runs, { least: 1, most: 9_999 }) ?? DEFAULT_RUNS,
    seed: wholeNumber("--seed", seed, { least: 0, most: 2 ** 32 - 1 }) ?? DEFAULT_SEED,
  };
}

function wholeNumber(
  name: string,
  text: string | undefined,
  { least, most }: { least: number; most: number },
): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new AppError(
    "USAGE",
    `${name} takes a whole number from ${least} to ${most}, not "${text}"`,
  );
}

/** The first Ctrl-C (or TERM) ends the walk and tidies up; a second one ends the process at once. */
async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const release = onInterrupt(() => abort.abort());
  try {
    return await work(abort.signal);
  } finally {
    showProgress("");
    release();
  }
}

/** One line for who watches; each is written over the one before, an empty one clears it. */
function showProgress(text: string): void {
  if (!Deno.stderr.isTerminal()) return;
  Deno.stderr.writeSync(new TextEncoder().encode(`\r\x1b[K${text}`));
}

/** A package with an error that its graphs do not show is as invalid as for any other command. */
function exitCodeOf({ ok, problem, workflows }: SimulationReport): number {
  if (ok) return EXIT.ok;
  const allCanComplete = workflows.every(({ canComplete }) => canComplete);
  return problem !== null && allCanComplete ? EXIT.invalidInput : EXIT.failed;
}

function reportLines(report: SimulationReport, paint: Palette): string[] {
  const { name, version } = report.package;
  const drawn = report.seed === null ? "" : `, seed ${report.seed}`;
  return [
    ...report.workflows.flatMap((workflow) => workflowLines(workflow, paint)),
    ...(report.problem === null ? [] : [
      `${paint.red("Not walked:")} ${printable(report.problem)}`,
      "See all findings with: crewagent check",
    ]),
    `${printable(`${name} ${version}`)}: ${verdictOf(report, paint)}${drawn}`,
  ];
}

function verdictOf({ ok, problem, workflows }: SimulationReport, paint: Palette): string {
  const stuck = workflows.filter(({ canComplete }) => !canComplete);
  const failed = workflows.flatMap(({ failedWalks }) => failedWalks).length;
  if (ok) return paint.green("every workflow can complete, and every walk did");
  if (stuck.length > 0) {
    const ids = stuck.map(({ workflowId }) => printable(workflowId)).join(", ");
    return paint.red(`cannot complete: ${ids}`);
  }
  if (problem !== null) return paint.red("invalid package");
  return paint.red(`${count(failed, "walk")} did not complete`);
}

function workflowLines(workflow: WorkflowResult, paint: Palette): string[] {
  const { workflowId, canComplete, walks, nodes, edges } = workflow;
  const passed = `${count(walks, "walk")}, nodes reached ${nodes.reached} of ${nodes.total}, ` +
    `edges taken ${edges.taken} of ${edges.total}`;
  const fate = canComplete ? "" : `${paint.red("cannot complete")}, `;
  return [
    `${paint.bold(printable(workflowId))}: ${fate}${walks > 0 ? passed : "not walked"}`,
    ...section(paint.yellow("Nodes never reached"), workflow.nodesNeverReached),
    ...section(
      paint.yellow("Edges never taken"),
      workflow.edgesNeverTaken.map(({ from, to, label, reason }) =>
        `${from} → ${to} (${label})${reason === null ? "" : `: ${reason}`}`
      ),
    ),
    ...section(
      paint.red("Dead ends"),
      workflow.deadEnds.map(({ nodeId, reason }) => `${nodeId}: ${reason}`),
    ),
    ...section(
      paint.red("Loops without exit"),
      workflow.loopsWithoutExit.map((nodeIds) => nodeIds.join(", ")),
    ),
    ...section(
      paint.red("Walks that did not complete"),
      workflow.failedWalks.map(({ walk, at, reason }) => `walk ${walk} at ${at}: ${reason}`),
    ),
    "",
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`  ${title}`, ...lines.map((line) => `    ${printable(line)}`)];
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}
