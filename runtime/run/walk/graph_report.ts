// What the graphs of a package say by themselves: what no run reaches, where it gets stuck, and whether
// it can complete at all. Pure; nothing is walked here.
import type { GraphEdge, GraphNode, WorkflowGraph } from "../../../schemas/package.ts";
import { strongComponents } from "./components.ts";
import {
  distancesToEnd,
  edgeKey,
  isEnd,
  reachedNodes,
  type UsableGraph,
  usableGraph,
} from "./usable_graph.ts";

/** As much of a workflow as the report looks at. */
export interface GraphOwner {
  readonly id: string;
  readonly graph: WorkflowGraph;
}

/** A node where a run gets stuck, and why. */
export interface DeadEnd {
  readonly nodeId: string;
  readonly reason: string;
}

/** An edge with a word about why it is not taken. */
export interface JudgedEdge {
  readonly edge: GraphEdge;
  readonly reason: string;
}

/** What is to be said about the graph of one workflow. Lists are in the document's order. */
export interface GraphReport {
  readonly workflowId: string;
  readonly graph: UsableGraph;
  /** An end node can be reached from the entry, and every call on the way can complete. */
  readonly canComplete: boolean;
  readonly unreachableNodes: readonly string[];
  /** Edges that no run takes. */
  readonly unreachableEdges: readonly JudgedEdge[];
  /** Edges of subworkflow nodes that are taken only if their condition holds. */
  readonly conditionalEdges: readonly GraphEdge[];
  /** Nodes a run can reach that are no end and have no way on. */
  readonly deadEnds: readonly DeadEnd[];
  /** Sets of nodes a run can reach that lead to each other and never to an end. */
  readonly loopsWithoutExit: readonly (readonly string[])[];
  /** Nodes a run can reach from which it reaches no end: dead ends, loops, and what leads only there. */
  readonly nodesWithoutEnd: readonly string[];
}

/**
 * Reports on every workflow, in the order given. A subworkflow node that calls a workflow which cannot
 * complete, or which is not there, is a dead end. Linear in nodes and edges, times the depth of calls.
 */
export function reportGraphs(workflows: readonly GraphOwner[]): GraphReport[] {
  const completable = completableIds(workflows);
  const known = new Set(workflows.map(({ id }) => id));
  return workflows.map((workflow) => reportOn(workflow, completable, known));
}

/** Ids of the workflows that can complete: grown until nothing more follows, so circles never do. */
function completableIds(workflows: readonly GraphOwner[]): Set<string> {
  const completable = new Set<string>();
  for (let before = -1; before < completable.size;) {
    before = completable.size;
    for (const { id, graph } of workflows) {
      if (!completable.has(id) && canComplete(usableBy(graph, completable))) completable.add(id);
    }
  }
  return completable;
}

function usableBy(graph: WorkflowGraph, completable: ReadonlySet<string>): UsableGraph {
  return usableGraph(graph, ({ subworkflowRef }) => completable.has(subworkflowRef ?? ""));
}

function canComplete(graph: UsableGraph): boolean {
  return [...reachedNodes(graph)].some((nodeId) => isEnd(graph, nodeId));
}

function reportOn(
  { id, graph: document }: GraphOwner,
  completable: ReadonlySet<string>,
  known: ReadonlySet<string>,
): GraphReport {
  const graph = usableBy(document, completable);
  const reached = reachedNodes(graph);
  const toEnd = distancesToEnd(graph);
  const nodes = [...graph.nodes.values()];
  const nodesWithoutEnd = nodes.map((node) => node.id)
    .filter((nodeId) => reached.has(nodeId) && !toEnd.has(nodeId));
  return {
    workflowId: id,
    graph,
    canComplete: completable.has(id),
    unreachableNodes: nodes.map((node) => node.id).filter((nodeId) => !reached.has(nodeId)),
    unreachableEdges: unreachableEdges(graph, reached),
    conditionalEdges: graph.edges.filter((edge) => graph.conditional.has(edgeKey(edge))),
    deadEnds: nodes
      .filter((node) => reached.has(node.id) && isStuckAt(graph, node))
      .map((node) => ({ nodeId: node.id, reason: whyStuck(graph, node, known) })),
    loopsWithoutExit: loopsAmong(graph, nodesWithoutEnd),
    nodesWithoutEnd,
  };
}

function unreachableEdges(graph: UsableGraph, reached: ReadonlySet<string>): JudgedEdge[] {
  return graph.edges.flatMap((edge) => {
    const reason = graph.unusable.get(edgeKey(edge)) ??
      (reached.has(edge.from) ? undefined : `"${edge.from}" cannot be reached`);
    return reason === undefined ? [] : [{ edge, reason }];
  });
}

function isStuckAt({ outgoing }: UsableGraph, node: GraphNode): boolean {
  return node.type !== "end" && (outgoing.get(node.id) ?? []).length === 0;
}

function whyStuck(graph: UsableGraph, node: GraphNode, known: ReadonlySet<string>): string {
  const { id, type, subworkflowRef } = node;
  const edge = graph.edges.find(({ from }) => from === id);
  if (type === "subworkflow" && !known.has(subworkflowRef ?? "")) {
    return subworkflowRef === undefined
      ? "it names no workflow to call"
      : `the package has no workflow "${subworkflowRef}" to call`;
  }
  if (!edge) return "no edge leaves it, and it is no end node";
  return graph.unusable.get(edgeKey(edge)) ?? "none of its edges can be taken";
}

/** Loops among nodes none of which leads to an end. */
function loopsAmong({ outgoing }: UsableGraph, nodeIds: readonly string[]): string[][] {
  const next = (nodeId: string) => (outgoing.get(nodeId) ?? []).map(({ to }) => to);
  return strongComponents(nodeIds, next)
    .filter(([first = "", ...others]) => others.length > 0 || next(first).includes(first))
    .toReversed();
}
