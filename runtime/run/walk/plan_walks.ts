// From paths through single workflows to walks of a whole package: one path for every workflow that is
// called on the way. Pure.
import type { GraphNode, WorkflowGraph } from "../../../schemas/package.ts";
import type { GraphReport } from "./graph_report.ts";
import { choicesOf, type Path, planPaths } from "./plan_paths.ts";
import { randomPath } from "./random_path.ts";
import type { Random } from "./seeded_random.ts";

/** One walk to make: where it starts, and what is chosen at each visit of a node. */
export interface PlannedWalk {
  readonly workflowId: string;
  /** `workflowId/nodeId` → one choice per visit, as a simulation takes them (`choicesOf`). */
  readonly decisions: Readonly<Record<string, readonly string[]>>;
}

/** What plans are made from. */
export interface WalkGround {
  /** Workflow id → its graph as the package has it. */
  readonly documents: ReadonlyMap<string, WorkflowGraph>;
  /** Workflow id → what the graphs say. */
  readonly reports: ReadonlyMap<string, GraphReport>;
}

/** Ids of the workflows that a run of one may enter, itself first. */
export function workflowsFrom({ reports }: Pick<WalkGround, "reports">, startId: string): string[] {
  const seen = new Set(reports.has(startId) ? [startId] : []);
  for (const id of seen) {
    for (const node of reports.get(id)?.graph.nodes.values() ?? []) {
      for (const called of callOf(node)) if (reports.has(called)) seen.add(called);
    }
  }
  return [...seen];
}

/**
 * Where walks of a package begin: at its default workflow, and at every other one that no walk from an
 * earlier start can enter; those that nothing calls come first.
 * @param ids all workflows, the default one first
 */
export function startsOf(ground: Pick<WalkGround, "reports">, ids: readonly string[]): string[] {
  const called = new Set(ids.flatMap((id) => workflowsFrom(ground, id).slice(1)));
  const uncalledFirst = ids.slice(1).toSorted((a, b) =>
    Number(called.has(a)) - Number(called.has(b))
  );
  const entered = new Set<string>();
  return [...ids.slice(0, 1), ...uncalledFirst].filter((id) => {
    if (entered.has(id)) return false;
    for (const other of workflowsFrom(ground, id)) entered.add(other);
    return true;
  });
}

/**
 * Walks from one workflow that take every edge from which an end can be reached, in it and in those it
 * calls. A workflow that is called twice in a walk takes the same path both times.
 */
export function planWalks(ground: WalkGround, startId: string): PlannedWalk[] {
  const plans = new Map(
    workflowsFrom(ground, startId).map((id) => [id, planOf(ground, id)]),
  );
  const walks: PlannedWalk[] = [];
  for (let chosen = nextChoice(plans, startId); chosen; chosen = nextChoice(plans, startId)) {
    for (const id of enteredOn(plans, startId, chosen)) {
      plans.get(id)?.pending.delete(chosen.get(id) ?? 0);
    }
    walks.push(walkOf(ground, startId, pathsOf(plans, chosen)));
  }
  return walks;
}

/** `count` walks with drawn paths. */
export function randomWalks(
  ground: WalkGround,
  startId: string,
  { count, random }: { readonly count: number; readonly random: Random },
): PlannedWalk[] {
  const ids = workflowsFrom(ground, startId);
  return Array.from({ length: count }, () => {
    const paths = ids.flatMap((id): [string, Path][] => {
      const report = ground.reports.get(id);
      return report ? [[id, randomPath(report.graph, random)]] : [];
    });
    return walkOf(ground, startId, new Map(paths));
  });
}

/** The paths of one workflow. */
interface WorkflowPlan {
  readonly paths: readonly Path[];
  /** By index of the path: the workflows that it calls. */
  readonly calls: readonly (readonly string[])[];
  /** Indices of paths that no walk takes yet. */
  readonly pending: Set<number>;
}

type Plans = ReadonlyMap<string, WorkflowPlan>;
/** Workflow id → index of the path to take. */
type Choice = Map<string, number>;

function planOf({ reports }: WalkGround, id: string): WorkflowPlan {
  const graph = reports.get(id)?.graph;
  const paths = graph ? planPaths(graph) : [];
  const calls = paths.map((path) => [
    ...new Set(path.flatMap(({ from }) => callOf(graph?.nodes.get(from)))),
  ]);
  return { paths, calls, pending: new Set(paths.keys()) };
}

/** The workflow that a node calls, if it is one that calls. */
function callOf(node: GraphNode | undefined): string[] {
  return node?.type === "subworkflow" && node.subworkflowRef ? [node.subworkflowRef] : [];
}

/** A path for every workflow, with a pending one that the walk does come to; none if all are taken. */
function nextChoice(plans: Plans, startId: string): Choice | undefined {
  const pendingFirst = new Map([...plans].map(([id, plan]) => [id, first(plan.pending) ?? 0]));
  const ways = waysTo(plans, startId);
  const target = [...plans.keys()].find((id) =>
    ways.has(id) && (plans.get(id)?.pending.size ?? 0) > 0
  );
  if (target === undefined) return undefined;
  // Callers are targets before those they call, so a path of theirs that is pending loses nothing here.
  for (let way = ways.get(target); way; way = ways.get(way.callerId)) {
    pendingFirst.set(way.callerId, way.path);
  }
  return pendingFirst;
}

interface Way {
  readonly callerId: string;
  /** Index of a path of the caller that calls it. */
  readonly path: number;
}

/** How each workflow is come to from the start; the start itself has no way. */
function waysTo(plans: Plans, startId: string): Map<string, Way | undefined> {
  const ways = new Map<string, Way | undefined>([[startId, undefined]]);
  for (const callerId of ways.keys()) {
    for (const [path, calls] of plans.get(callerId)?.calls.entries() ?? []) {
      for (const id of calls) if (!ways.has(id)) ways.set(id, { callerId, path });
    }
  }
  return ways;
}

function enteredOn(plans: Plans, startId: string, choice: Choice): Set<string> {
  const entered = new Set([startId]);
  for (const id of entered) {
    for (const called of plans.get(id)?.calls[choice.get(id) ?? 0] ?? []) entered.add(called);
  }
  return entered;
}

function pathsOf(plans: Plans, choice: Choice): Map<string, Path> {
  return new Map([...plans].map(([id, { paths }]) => [id, paths[choice.get(id) ?? 0] ?? []]));
}

function walkOf(
  { documents }: WalkGround,
  workflowId: string,
  paths: ReadonlyMap<string, Path>,
): PlannedWalk {
  const decisions = [...paths].flatMap(([id, path]) => {
    const document = documents.get(id);
    const choices = document ? [...choicesOf(document, path)] : [];
    return choices.map(([nodeId, list]): [string, string[]] => [`${id}/${nodeId}`, list]);
  });
  return { workflowId, decisions: Object.fromEntries(decisions) };
}

function first(indices: ReadonlySet<number>): number | undefined {
  const [index] = indices;
  return index;
}
