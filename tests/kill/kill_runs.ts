// The kill test: counts the write boundaries of each workload, then kills runs at them and at random
// instants, on disk and on tmpfs, until so many deaths have been died.
import { join } from "node:path";
import { startModelServer } from "../model_server/model_server.ts";
import { carefulModel } from "./careful_model.ts";
import { type Disk, openDisks } from "./disks.ts";
import { readEnding } from "./ending.ts";
import { type KilledRun, killRun, makePlace, type WholeRun } from "./killed_run.ts";
import { deskRounds } from "./desk_package.ts";
import { ledgerRounds } from "./ledger_script.ts";
import { canTrace, live } from "./life.ts";
import { type Random, seededRandom } from "../../runtime/run/walk/seeded_random.ts";
import { anyOf, shuffled } from "./random.ts";
import { compareEndings } from "./verdict.ts";
import { makeWorkloads, type Workload } from "./workloads.ts";

/** How much to kill. */
export interface KillOptions {
  readonly deaths: number;
  /** Runs at the same time. */
  readonly jobs: number;
  /** The same seed chooses the same targets. */
  readonly seed: number;
  /** Ends early; what was done till then is still told. */
  readonly signal?: AbortSignal;
  /** Called after each run. */
  readonly onProgress?: (progress: { deaths: number; runs: number; failed: number }) => void;
}

/** What was done and what came of it. */
export interface KillResult {
  readonly wholes: readonly WholeRun[];
  readonly runs: readonly KilledRun[];
  readonly disks: readonly Disk["name"][];
  /** What this machine did not allow. */
  readonly notes: readonly string[];
  readonly durationMs: number;
}

/** At most so many deaths a run; fewer are likelier, so that more runs begin with a target. */
const MAX_DEATHS = [1, 1, 1, 1, 1, 1, 2, 3, 4, 5];
/** Every so many runs the first process dies at a random instant. */
const INSTANT_EVERY = 10;

/**
 * Kills runs until `deaths` processes have died. The first process of a run dies at one of the counted
 * boundaries, each of which has its turn before one comes again; later ones die at either.
 * @throws Error if a workload does not end the same way twice when nobody kills it
 */
export async function killRuns(options: KillOptions): Promise<KillResult> {
  const started = performance.now();
  await using disks = await openDisks();
  await using server = startModelServer({
    reply: carefulModel((scene) => [...ledgerRounds(scene), ...deskRounds(scene)]),
  });
  const isTracing = await canTrace();
  const workloads = await makeWorkloads(disks.dir, server.baseUrl);
  const wholes: WholeRun[] = [];
  for (const workload of workloads) {
    wholes.push(await runWhole(workload, disks.dir, isTracing));
  }
  const runs = await killAll(options, { wholes, disks: disks.all, isTracing });
  return {
    wholes,
    runs,
    disks: disks.all.map(({ name }) => name),
    notes: [
      ...(isTracing ? [] : ["no strace: random instants only, boundaries were not counted"]),
      ...(disks.note === undefined ? [] : [disks.note]),
    ],
    durationMs: performance.now() - started,
  };
}

async function runWhole(workload: Workload, dir: string, traced: boolean): Promise<WholeRun> {
  const free = await makePlace(join(dir, `whole-${workload.name}`), workload);
  const args = workload.start(free.project);
  const life = await live({ args, home: free.home, root: free.root, death: { kind: "none" } });
  if (life.exitCode !== 0) throw new Error(`${workload.name} does not run: ${life.stderr}`);
  const ending = readEnding(free);
  const whole = { workload, ending, durationMs: life.durationMs };
  if (!traced) return { ...whole, boundaries: [] };
  const counted = await makePlace(join(dir, `counted-${workload.name}`), workload);
  const { boundaries } = await live({
    args: workload.start(counted.project),
    home: counted.home,
    root: counted.root,
    death: { kind: "none" },
    traced: true,
  });
  const [difference] = compareEndings(readEnding(counted), ending);
  if (difference) throw new Error(`${workload.name} ends differently: ${difference.detail}`);
  return { ...whole, boundaries };
}

interface Ground {
  readonly wholes: readonly WholeRun[];
  readonly disks: readonly Disk[];
  readonly isTracing: boolean;
}

async function killAll(options: KillOptions, ground: Ground): Promise<KilledRun[]> {
  const { signal = new AbortController().signal } = options;
  const random = seededRandom(options.seed);
  const targets = targetsOf(ground, random);
  const runs: KilledRun[] = [];
  let begun = 0;
  let deaths = 0;
  let reserved = 0;

  async function work(): Promise<void> {
    while (!signal.aborted && deaths + reserved < options.deaths) {
      const number = begun++;
      const { whole, count }: Target = number % INSTANT_EVERY === 0
        ? { whole: anyOf(ground.wholes, random) }
        : targets.next().value;
      const maxDeaths = Math.min(anyOf(MAX_DEATHS, random), options.deaths - deaths - reserved);
      reserved += maxDeaths;
      const run = await killRun({
        whole,
        disk: anyOf(ground.disks, random),
        name: `run-${number}`,
        random: seededRandom(options.seed + number),
        maxDeaths,
        ...(count !== undefined && { target: count }),
        canTrace: ground.isTracing,
        signal,
      });
      reserved -= maxDeaths;
      // Ctrl-C reaches the executable too, so the run it fell into says nothing.
      if (signal.aborted) return;
      deaths += run.deaths.length;
      runs.push(run);
      const failed = runs.filter(({ failures }) => failures.length > 0).length;
      options.onProgress?.({ deaths, runs: runs.length, failed });
    }
  }

  // All come to their end before the places are cleared away.
  const jobs = await Promise.allSettled(Array.from({ length: options.jobs }, work));
  for (const job of jobs) if (job.status === "rejected") throw job.reason;
  return runs;
}

interface Target {
  readonly whole: WholeRun;
  readonly count?: number;
}

/** So many targets of each workload come before all others, so that a short test has some of each. */
const FIRST_OF_EACH = 3;

/** Every boundary of every workload in random order, again and again. */
function* targetsOf({ wholes }: Ground, random: Random): Generator<Target, never> {
  const all = wholes.flatMap((whole): Target[] =>
    whole.boundaries.length === 0
      ? [{ whole }]
      : whole.boundaries.map((_, index) => ({ whole, count: index + 1 }))
  );
  const first = wholes.flatMap((whole) =>
    shuffled(all.filter((target) => target.whole === whole), random).slice(0, FIRST_OF_EACH)
  );
  yield* shuffled(first, random);
  yield* shuffled(all.filter((target) => !first.includes(target)), random);
  for (;;) yield* shuffled(all, random);
}
