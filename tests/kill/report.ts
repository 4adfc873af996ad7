// What a kill test found, as Markdown and as one line a workload. Pure.
import type { DeathRecord, KilledRun, WholeRun } from "./killed_run.ts";
import type { KillResult } from "./kill_runs.ts";
import type { Failure } from "./verdict.ts";

/** Where and how it was run. */
export interface Circumstances {
  readonly cores: number;
  readonly kernel: string;
  readonly jobs: number;
  readonly seed: number;
}

/** The sums of one workload. */
export interface WorkloadSummary {
  readonly workload: string;
  readonly runs: number;
  readonly deaths: number;
  /** Write boundaries of a run that nobody kills; 0 if they could not be counted. */
  readonly boundaries: number;
  /** Different ones of these after which a first process was killed. */
  readonly boundariesHit: number;
  /** Deaths at a counted boundary of a process that resumed. */
  readonly laterBoundaryDeaths: number;
  readonly randomDeaths: number;
  /** Deaths on each kind of file system. */
  readonly disks: Readonly<Record<string, number>>;
  /** Runs that lack something, have something twice, or could not be resumed. */
  readonly lost: number;
  readonly duplicated: number;
  readonly stuck: number;
  readonly resumeMedianMs: number | undefined;
  readonly resumeP95Ms: number | undefined;
}

/** Sums up each workload, in their order. */
export function summarise({ wholes, runs }: KillResult): WorkloadSummary[] {
  return wholes.map((whole) => {
    const { name } = whole.workload;
    return summariseOne(whole, runs.filter(({ workload }) => workload === name));
  });
}

function summariseOne(whole: WholeRun, runs: readonly KilledRun[]): WorkloadSummary {
  const deaths = runs.flatMap((run) => run.deaths);
  const resumeMs = runs.flatMap((run) => run.resumeMs).toSorted((a, b) => a - b);
  const failed = (kind: Failure["kind"]) =>
    runs.filter(({ failures }) => failures.some((failure) => failure.kind === kind)).length;
  return {
    workload: whole.workload.name,
    runs: runs.length,
    deaths: deaths.length,
    boundaries: whole.boundaries.length,
    boundariesHit: boundariesHit(whole, runs).size,
    laterBoundaryDeaths:
      deaths.filter(({ life, kind }) => life === "later" && kind === "boundary").length,
    randomDeaths: deaths.filter(({ kind }) => kind === "instant").length,
    disks: Object.fromEntries(
      [...Map.groupBy(runs, ({ disk }) => disk)].map(([disk, on]) =>
        [disk, on.flatMap((run) => run.deaths).length] as const
      ),
    ),
    lost: failed("lost"),
    duplicated: failed("duplicated"),
    stuck: failed("stuck"),
    resumeMedianMs: percentile(resumeMs, 0.5),
    resumeP95Ms: percentile(resumeMs, 0.95),
  };
}

/**
 * Only a process that began the run walks along the counted boundaries; one that died at another
 * change than was known there is not counted.
 */
function boundariesHit({ boundaries }: WholeRun, runs: readonly KilledRun[]): Set<number> {
  const first = runs.flatMap(({ deaths: [death] }) => death ? [death] : []);
  return new Set(
    first.flatMap(({ count = 0, after }) =>
      after !== undefined && boundaries[count - 1]?.label === after ? [count] : []
    ),
  );
}

/** The value that a share of a sorted list does not exceed. */
export function percentile(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

/** True if nothing was lost, duplicated or stuck. */
export function isClean({ runs }: KillResult): boolean {
  return runs.every(({ failures }) => failures.length === 0);
}

/** Every failed run with its deaths and its log around them; empty if there is none. */
export function describeFailures(result: KillResult): string {
  return isClean(result) ? "" : failures(result.runs).join("\n\n");
}

/** One line for a terminal. */
export function summaryLine(summary: WorkloadSummary, circumstances: Circumstances): string {
  const { workload, deaths, boundaries, boundariesHit, laterBoundaryDeaths, randomDeaths } =
    summary;
  const { lost, duplicated, stuck, resumeMedianMs, resumeP95Ms, disks } = summary;
  return [
    `${workload}: ${deaths} deaths`,
    `${boundaries} boundaries known, ${boundariesHit} different hit`,
    `${laterBoundaryDeaths} at boundaries of resumed processes`,
    `${randomDeaths} at random instants`,
    `lost ${lost}, duplicated ${duplicated}, stuck ${stuck}`,
    `resume median ${inMs(resumeMedianMs)}, p95 ${inMs(resumeP95Ms)}`,
    Object.entries(disks).map(([disk, count]) => `${disk} ${count}`).join(", ") || "no disk",
    machine(circumstances),
  ].join("; ");
}

function machine({ cores, kernel, jobs }: Circumstances): string {
  return `${cores} cores, ${kernel}, ${jobs} at a time`;
}

function inMs(value: number | undefined): string {
  return value === undefined ? "–" : `${Math.round(value)} ms`;
}

/** The whole report. */
export function toMarkdown(result: KillResult, circumstances: Circumstances): string {
  const summaries = summarise(result);
  const deaths = result.runs.flatMap((run) => run.deaths);
  const seconds = result.durationMs / 1000;
  return [
    "# Kill test",
    `${deaths.length} deaths by SIGKILL in ${result.runs.length} runs, ${
      isClean(result) ? "nothing lost, duplicated or stuck" : "**with failures**"
    }. It took ${Math.round(seconds)} s (${(deaths.length / seconds).toFixed(2)} deaths a second).`,
    `Machine: ${machine(circumstances)}. Runs on: ${
      result.disks.join(", ")
    }. Seed: ${circumstances.seed}.`,
    ...(result.notes.length > 0 ? [`Not done: ${result.notes.join("; ")}.`] : []),
    summaryTable(summaries),
    EXPLANATION,
    "## Where processes died",
    placesTable(deaths),
    "## Failures",
    ...failures(result.runs),
  ].join("\n\n") + "\n";
}

const EXPLANATION =
  `A boundary is a system call that changed a file of the project or the data folder; the process is killed right after it. \
"Hit" counts the different boundaries, of those known from a run that nobody killed, after which the first process of a run died; \
deaths of processes that had resumed come on top. Lost, duplicated and stuck count runs: a run is compared with one that never died \
in the bytes of its project, the effects on each file in their order, its state documents, and its log. Time to resume: from the start of the \
process to its event \`run_resumed\`, only of processes that were not traced.`;

function summaryTable(summaries: readonly WorkloadSummary[]): string {
  const rows = summaries.map((summary) => [
    summary.workload,
    summary.runs,
    summary.deaths,
    summary.boundaries,
    summary.boundariesHit,
    summary.laterBoundaryDeaths,
    summary.randomDeaths,
    summary.lost,
    summary.duplicated,
    summary.stuck,
    inMs(summary.resumeMedianMs),
    inMs(summary.resumeP95Ms),
    Object.entries(summary.disks).map(([disk, count]) => `${disk} ${count}`).join(", "),
  ]);
  return table([
    "workload",
    "runs",
    "deaths",
    "boundaries known",
    "hit",
    "at boundaries when resumed",
    "at random instants",
    "lost",
    "duplicated",
    "stuck",
    "resume median",
    "p95",
    "deaths on",
  ], rows);
}

/** Deaths at boundaries by what had just been written, most frequent first. */
function placesTable(deaths: readonly DeathRecord[]): string {
  const places = Map.groupBy(
    deaths.filter(({ kind }) => kind === "boundary"),
    ({ after }) => placeOf(after),
  );
  const rows = [...places].toSorted(([, a], [, b]) => b.length - a.length).map((
    [place, died],
  ) => [
    `\`${place}\``,
    died.filter(({ life }) => life === "first").length,
    died.filter(({ life }) => life === "later").length,
    died.filter(({ cutOff }) => cutOff.length > 0).length,
  ]);
  return table(["after", "first process", "resumed process", "with a change begun"], rows);
}

/** Package files differ in nothing that matters here. */
function placeOf(after: string | undefined): string {
  return (after ?? "the start").replace(/home\/packages\/.*/, "home/packages/…")
    .replace(/state\/workflows\/[^/]+\//, "state/workflows/…/")
    .replace(/ project\/(?!.*\.crewagent-).*/, " project/…");
}

/** So many failed runs are told in full. */
const TOLD_IN_FULL = 20;

function failures(runs: readonly KilledRun[]): string[] {
  const failed = runs.filter((run) => run.failures.length > 0);
  if (failed.length === 0) return ["None."];
  const left = failed.slice(TOLD_IN_FULL).map(({ workload, disk, deaths, failures: [first] }) =>
    `- ${workload} on ${disk}: ${first?.kind}, ${first?.detail} (${
      deaths.map(describeDeath).join("; ")
    })`
  );
  return [
    ...failed.slice(0, TOLD_IN_FULL).map(tellInFull),
    ...(left.length > 0 ? ["### More", left.join("\n")] : []),
  ];
}

function tellInFull(run: KilledRun): string {
  return [
    `### ${run.workload} on ${run.disk}`,
    run.deaths.map((death, index) => `${index + 1}. ${describeDeath(death)}`).join("\n"),
    run.failures.map(({ kind, detail }) => `- ${kind}: ${detail}`).join("\n"),
    ["```", ...run.excerpt, "```"].join("\n"),
  ].join("\n\n");
}

function describeDeath({ life, kind, count, after, cutOff }: DeathRecord): string {
  const where = kind === "instant"
    ? "at a random instant"
    : `after boundary ${count}, \`${after}\``;
  const during = cutOff.length > 0 ? `, during \`${cutOff.join("`, `")}\`` : "";
  return `${life} process, ${where}${during}`;
}

function table(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}
