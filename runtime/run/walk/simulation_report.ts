// The report of a simulation, as `--json` prints it: what the graphs say and what the walks passed. Pure.
import type { GraphEdge } from "../../../schemas/package.ts";
import type { DeadEnd, GraphReport } from "./graph_report.ts";
import type { PlannedWalk } from "./plan_walks.ts";
import { edgeKey } from "./usable_graph.ts";
import type { Walk } from "./walk.ts";

/** Every edge on a way to an end, or `runs` walks by chance from each start. */
export type WalkMode =
  | { readonly walk: "all" }
  | { readonly walk: "random"; readonly seed: number; readonly runs: number };

/** A simulation as data. Without times and ids of runs, so that two reports can be compared. */
export interface SimulationReport {
  readonly package: { readonly name: string; readonly version: string };
  readonly walk: "all" | "random";
  /** `null` unless the walks were drawn. */
  readonly seed: number | null;
  /** Every workflow can complete, nothing is wrong with the package, and every walk has completed. */
  readonly ok: boolean;
  /** The first error of `crewagent check`, for which nothing was walked. */
  readonly problem: string | null;
  readonly workflows: readonly WorkflowResult[];
}

/** What is known of one workflow. Lists are in the document's order. */
export interface WorkflowResult {
  readonly workflowId: string;
  readonly canComplete: boolean;
  /** Walks that came through it. Where there is none, the lists hold what the graph alone says. */
  readonly walks: number;
  readonly nodes: { readonly total: number; readonly reached: number };
  /** Identical edges (from, to, label) count as one. */
  readonly edges: { readonly total: number; readonly taken: number };
  readonly nodesNeverReached: readonly string[];
  readonly edgesNeverTaken: readonly UntakenEdge[];
  readonly deadEnds: readonly DeadEnd[];
  readonly loopsWithoutExit: readonly (readonly string[])[];
  /** Of the walks that began here. */
  readonly failedWalks: readonly FailedWalk[];
}

/** An edge that no walk took; `reason` is `null` where chance alone decided. */
export interface UntakenEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly reason: string | null;
}

/** A walk that did not complete. */
export interface FailedWalk {
  /** Counts the walks of the simulation, from 1. */
  readonly walk: number;
  /** Where it stood; in a called workflow `workflowId/nodeId`. */
  readonly at: string;
  readonly reason: string;
}

/** A walk with its plan. */
export interface MadeWalk extends Walk {
  readonly plan: PlannedWalk;
}

/** What a report is made of. */
export interface ReportParts {
  readonly package: { readonly name: string; readonly version: string };
  readonly mode: WalkMode;
  readonly problem: string | null;
  /** Of the workflows to report on. */
  readonly reports: readonly GraphReport[];
  readonly walks: readonly MadeWalk[];
}

/** Puts graphs and walks together. */
export function reportWalks(parts: ReportParts): SimulationReport {
  const { mode, problem, reports, walks } = parts;
  const workflows = reports.map((report) => resultOf(report, parts));
  const isWell = problem === null && workflows.every(({ canComplete }) => canComplete);
  return {
    package: parts.package,
    walk: mode.walk,
    seed: mode.walk === "random" ? mode.seed : null,
    ok: isWell && walks.every(({ failure }) => failure === null),
    problem,
    workflows,
  };
}

function resultOf(report: GraphReport, parts: ReportParts): WorkflowResult {
  const { workflowId, canComplete, graph, deadEnds, loopsWithoutExit } = report;
  const reached = new Set(
    parts.walks.flatMap(({ trace }) =>
      trace.visits.flatMap((place) => place.workflowId === workflowId ? [place.nodeId] : [])
    ),
  );
  const taken = new Set(
    parts.walks.flatMap(({ trace }) => [...trace.crossed.get(workflowId) ?? []]),
  );
  const came = parts.walks.filter(({ trace }) =>
    trace.visits.some((place) => place.workflowId === workflowId)
  );
  const nodeIds = [...graph.nodes.keys()];
  return {
    workflowId,
    canComplete,
    walks: came.length,
    nodes: { total: nodeIds.length, reached: reached.size },
    edges: { total: graph.edges.length, taken: taken.size },
    nodesNeverReached: came.length > 0
      ? nodeIds.filter((nodeId) => !reached.has(nodeId))
      : report.unreachableNodes,
    edgesNeverTaken: untakenEdges(report, came.length > 0 ? taken : undefined),
    deadEnds,
    loopsWithoutExit,
    failedWalks: failedWalks(report, parts.walks),
  };
}

/** With no walk at all, only those that the graph rules out. */
function untakenEdges(
  report: GraphReport,
  taken: ReadonlySet<string> | undefined,
): UntakenEdge[] {
  const reasons = new Map(
    report.unreachableEdges.map(({ edge, reason }) => [edgeKey(edge), reason]),
  );
  return report.graph.edges
    .filter((edge) => taken ? !taken.has(edgeKey(edge)) : reasons.has(edgeKey(edge)))
    .map((edge) => {
      const { from, to, label } = edge;
      return { from, to, label, reason: reasons.get(edgeKey(edge)) ?? whyUntaken(report, edge) };
    });
}

function whyUntaken(report: GraphReport, edge: GraphEdge): string | null {
  if (report.graph.conditional.has(edgeKey(edge))) return "taken only if its condition holds";
  const isDefault = report.conditionalEdges.some(({ from }) => from === edge.from);
  if (isDefault) return "taken only if no other edge's condition holds";
  return report.nodesWithoutEnd.includes(edge.to) ? "no end can be reached from there" : null;
}

function failedWalks(report: GraphReport, walks: readonly MadeWalk[]): FailedWalk[] {
  return walks.flatMap(({ plan, trace, failure }, index) => {
    if (failure === null || plan.workflowId !== report.workflowId) return [];
    const place = trace.visits.at(-1);
    const isHere = place === undefined || place.workflowId === plan.workflowId;
    const at = isHere ? place?.nodeId ?? "" : `${place.workflowId}/${place.nodeId}`;
    const deadEnd = isHere && report.deadEnds.find(({ nodeId }) => nodeId === place?.nodeId);
    return [{ walk: index + 1, at, reason: deadEnd ? `Dead end: ${deadEnd.reason}` : failure }];
  });
}
