// Walks a package without a model and reports what no walk reached. The engine makes the walks; this file
// decides which, and counts.
import { AppError } from "../../../schemas/error.ts";
import { hasErrors } from "../../../schemas/finding.ts";
import { checkPackage } from "../../package/check.ts";
import type { LoadedPackage } from "../../package/load.ts";
import type { Answers } from "../answers.ts";
import { MAX_CALL_DEPTH } from "../call_stack.ts";
import { reportGraphs } from "./graph_report.ts";
import {
  type PlannedWalk,
  planWalks,
  randomWalks,
  startsOf,
  type WalkGround,
  workflowsFrom,
} from "./plan_walks.ts";
import { seededRandom } from "./seeded_random.ts";
import {
  type MadeWalk,
  reportWalks,
  type SimulationReport,
  type WalkMode,
} from "./simulation_report.ts";
import { walkOnce } from "./walk.ts";

/** Calls that multiply, each workflow calling the next many times, must not walk for days. */
const MAX_VISITS = 100_000;

/** What to simulate. */
export interface SimulateRequest {
  /** A `.bmad` file or a package folder. */
  readonly source: string;
  /** Walk only this workflow and those it calls; otherwise every workflow of the package. */
  readonly workflowId?: string | undefined;
  readonly mode: WalkMode;
  readonly answers: Answers;
  readonly signal: AbortSignal;
  /** Told before each walk: how many are done, and how many there will be. */
  onProgress?(done: number, total: number): void;
}

/**
 * Walks a package, one walk after the other. A package with errors, and a workflow that cannot complete,
 * are not walked; then the report says what their graphs say. The same request gives the same report.
 * @throws AppError `PKG_*` for what cannot be loaded, `ENGINE_PRECONDITION` for an unknown workflow,
 * `ENGINE_ABORTED` when stopped, `FILE_WRITE_FAILED` if the temporary folder cannot be written
 */
export async function simulatePackage(request: SimulateRequest): Promise<SimulationReport> {
  const { package: loaded, findings } = await checkPackage(request.source);
  const error = findings.find(({ severity }) => severity === "error");
  const problem = error ? `${error.file}: ${error.message}` : null;
  if (!loaded) throw new AppError("PKG_INVALID", `The package cannot be walked: ${problem}`);
  const ground = groundOf(loaded);
  const starts = chooseStarts(loaded, ground, request.workflowId);
  const walks = hasErrors(findings) ? [] : await makeWalks(request, ground, starts);
  const ids = new Set(starts.flatMap((id) => workflowsFrom(ground, id)));
  const reports = [...ground.reports.values()].filter(({ workflowId }) => ids.has(workflowId));
  const { name, version } = loaded.manifest;
  return reportWalks({ package: { name, version }, mode: request.mode, problem, reports, walks });
}

function groundOf({ workflows }: LoadedPackage): WalkGround {
  return {
    documents: new Map(workflows.map(({ id, graph }) => [id, graph])),
    reports: new Map(reportGraphs(workflows).map((report) => [report.workflowId, report])),
  };
}

function chooseStarts(
  { workflows }: LoadedPackage,
  ground: WalkGround,
  wanted: string | undefined,
): string[] {
  const ids = workflows.map(({ id }) => id);
  if (wanted === undefined) return startsOf(ground, ids);
  if (ids.includes(wanted)) return [wanted];
  const message = `The package has no workflow "${wanted}". It has: ${ids.join(", ")}`;
  throw new AppError("ENGINE_PRECONDITION", message);
}

async function makeWalks(
  { source, mode, answers, signal, onProgress }: SimulateRequest,
  ground: WalkGround,
  starts: readonly string[],
): Promise<MadeWalk[]> {
  const plans = planAll(ground, starts, mode);
  const made: MadeWalk[] = [];
  for (const plan of plans) {
    if (signal.aborted) break;
    onProgress?.(made.length, plans.length);
    const maxVisits = maxVisitsOf(ground, plan.workflowId);
    made.push({ plan, ...await walkOnce(plan, { source, answers, maxVisits, signal }) });
  }
  if (signal.aborted) throw new AppError("ENGINE_ABORTED", "The simulation was stopped");
  return made;
}

function planAll(ground: WalkGround, starts: readonly string[], mode: WalkMode): PlannedWalk[] {
  const walked = starts.filter((id) => ground.reports.get(id)?.canComplete);
  if (mode.walk === "all") return walked.flatMap((id) => planWalks(ground, id));
  const random = seededRandom(mode.seed);
  return walked.flatMap((id) => randomWalks(ground, id, { count: mode.runs, random }));
}

/** A walk that has visited every node ten times, and some more, goes round in circles. */
function maxVisitsOf({ reports }: WalkGround, startId: string): number {
  let sizes = new Map<string, number>();
  // Each round adds one level of calls: a called workflow counts at every node that calls it.
  for (let depth = 0; depth <= MAX_CALL_DEPTH; depth += 1) {
    const below = sizes;
    sizes = new Map([...reports].map(([id, { graph }]) => {
      const nodes = [...graph.nodes.values()];
      const called = nodes.map(({ type, subworkflowRef = "" }) =>
        type === "subworkflow" ? below.get(subworkflowRef) ?? 0 : 0
      );
      return [id, called.reduce((sum, size) => sum + size, nodes.length)];
    }));
  }
  return Math.min(10 * (sizes.get(startId) ?? 0) + 50, MAX_VISITS);
}
