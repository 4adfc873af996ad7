// One run that is killed again and again, resumed each time, and at last compared with a whole one.
import { join } from "node:path";
import type { Boundary } from "./boundary.ts";
import { type Ending, hasRun, loggedEvents, readEnding } from "./ending.ts";
import { type Death, type Life, live } from "./life.ts";
import type { Random } from "../../runtime/run/walk/seeded_random.ts";
import { wholeNumber } from "./random.ts";
import { compareEndings, describeStops, type Failure } from "./verdict.ts";
import type { Workload } from "./workloads.ts";

/** A run that nobody killed: what the others are measured by. */
export interface WholeRun {
  readonly workload: Workload;
  readonly ending: Ending;
  /** In their order; empty where nothing can be traced. */
  readonly boundaries: readonly Boundary[];
  /** Of an untraced run. */
  readonly durationMs: number;
}

/** One death that did happen. */
export interface DeathRecord {
  /** `first`: of the process that began the run, else of one that resumed it. */
  readonly life: "first" | "later";
  readonly kind: "boundary" | "instant";
  /** Boundaries passed; only of deaths at a boundary. */
  readonly count?: number;
  /** The last boundary passed. */
  readonly after?: string;
  /** Changes that had begun. */
  readonly cutOff: readonly string[];
}

/** What became of a run. */
export interface KilledRun {
  readonly workload: string;
  readonly disk: string;
  readonly deaths: readonly DeathRecord[];
  readonly resumeMs: readonly number[];
  readonly failures: readonly Failure[];
  /** The log around the stops, if something failed. */
  readonly excerpt: readonly string[];
}

/** How to kill a run. */
export interface KillPlan {
  readonly whole: WholeRun;
  readonly disk: { readonly name: string; readonly dir: string };
  /** Name of the run's folder. */
  readonly name: string;
  readonly random: Random;
  readonly maxDeaths: number;
  /** The boundary that the first process dies at; a random instant if absent. */
  readonly target?: number;
  /** Kills later processes at boundaries too. */
  readonly canTrace: boolean;
  readonly signal: AbortSignal;
}

/** The executable needs this long before it does anything. */
const STARTUP_MS = 30;
/** While it takes a run up, a process passes about so many boundaries; half of its deaths fall there. */
const RESUME_BOUNDARIES = 20;

/** Makes the folders of a run with the workload's files. */
export async function makePlace(
  root: string,
  workload: Workload,
): Promise<{ root: string; home: string; project: string }> {
  const place = { root, home: join(root, "home"), project: join(root, "project") };
  await Deno.mkdir(place.project, { recursive: true });
  await Deno.mkdir(place.home, { recursive: true });
  await writeAll(place.project, workload.project);
  await writeAll(place.home, workload.home ?? {});
  return place;
}

async function writeAll(dir: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) await Deno.writeTextFile(join(dir, path), text);
}

/** Runs, kills, resumes and judges. Leaves nothing on disk. */
export async function killRun(plan: KillPlan): Promise<KilledRun> {
  const { whole: { workload, ending: wanted }, disk } = plan;
  const place = await makePlace(join(disk.dir, plan.name), workload);
  const deaths: DeathRecord[] = [];
  const resumeMs: number[] = [];
  let stuck: Failure | undefined;
  for (
    let life = await nextLife(plan, place, deaths);;
    life = await nextLife(plan, place, deaths)
  ) {
    if (life.resumedMs !== undefined) resumeMs.push(life.resumedMs);
    if (!life.killed || life.isLate) {
      stuck = stuckBy(life);
      break;
    }
    deaths.push(life.record);
  }
  const ending = readEnding(place);
  const failures = stuck ? [stuck] : compareEndings(ending, wanted);
  await Deno.remove(place.root, { recursive: true });
  await Deno.remove(`${place.root}.stderr`).catch(() => {});
  return {
    workload: workload.name,
    disk: disk.name,
    deaths,
    resumeMs,
    failures,
    excerpt: failures.length > 0 ? describeStops(ending.events) : [],
  };
}

async function nextLife(
  plan: KillPlan,
  { root, home, project }: { root: string; home: string; project: string },
  deaths: readonly DeathRecord[],
): Promise<Life & { record: DeathRecord }> {
  const { workload } = plan.whole;
  const isFirst = deaths.length === 0;
  const resumes = hasRun(home);
  const args = resumes ? workload.resume : workload.start(project);
  const mayDie = deaths.length < plan.maxDeaths && !plan.signal.aborted;
  const death = mayDie ? chooseDeath(plan, { isFirst, logged: loggedEvents(home) }) : NO_DEATH;
  const life = await live({ args, home, root, death });
  const after = life.boundaries.at(-1)?.label;
  const record: DeathRecord = {
    life: resumes ? "later" : "first",
    kind: death.kind === "boundary" ? "boundary" : "instant",
    ...(death.kind === "boundary" && { count: life.boundaries.length }),
    ...(after !== undefined && { after }),
    cutOff: life.cutOff,
  };
  return { ...life, record };
}

const NO_DEATH: Death = { kind: "none" };

function chooseDeath(
  { whole, random, target, canTrace }: KillPlan,
  { isFirst, logged }: { isFirst: boolean; logged: number },
): Death {
  if (isFirst && target !== undefined) return { kind: "boundary", count: target };
  const left = Math.max(0, 1 - logged / whole.ending.events.length);
  if (!isFirst && canTrace && random() < 0.5) {
    const rest = random() < 0.5 ? 0 : Math.round(left * whole.boundaries.length);
    return { kind: "boundary", count: wholeNumber(random, 1, RESUME_BOUNDARIES + rest) };
  }
  return {
    kind: "instant",
    afterMs: STARTUP_MS + random() * (left * whole.durationMs + STARTUP_MS),
  };
}

/** A run that had ended before its death needs no resuming, and says so. */
function stuckBy({ exitCode, stderr, isLate }: Life): Failure | undefined {
  if (isLate) return { kind: "stuck", detail: "the process did not end" };
  if (exitCode === 0 || stderr.includes("is completed")) return undefined;
  return { kind: "stuck", detail: `exit code ${exitCode}: ${stderr.trim().slice(0, 600)}` };
}
