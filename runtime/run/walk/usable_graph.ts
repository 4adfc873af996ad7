// A workflow graph as a run can use it: only the edges that the engine would ever take. Pure.
import { defaultEdge } from "../../../schemas/graph.ts";
import type { GraphEdge, GraphNode, WorkflowGraph } from "../../../schemas/package.ts";

/** A graph without the edges that no run takes. Identical edges (from, to, label) count as one. */
export interface UsableGraph {
  readonly entryNodeId: string;
  /** Node id → node, in the document's order. */
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** Every distinct edge of the document, the unusable ones among them. */
  readonly edges: readonly GraphEdge[];
  /** Node id → edges that a run can take from there. */
  readonly outgoing: ReadonlyMap<string, readonly GraphEdge[]>;
  /** Key of an edge (`edgeKey`) that no run takes → why not. */
  readonly unusable: ReadonlyMap<string, string>;
  /** Keys of edges that the shell takes only if their condition holds when the call returns. */
  readonly conditional: ReadonlySet<string>;
}

/** What tells an edge from every other one of its graph. */
export function edgeKey({ from, to, label }: Pick<GraphEdge, "from" | "to" | "label">): string {
  return JSON.stringify([from, to, label]);
}

/**
 * The usable part of a graph. `canCall` tells of a subworkflow node whether the workflow it calls can
 * complete; if not, nothing behind the node is ever reached.
 */
export function usableGraph(
  graph: WorkflowGraph,
  canCall: (node: GraphNode) => boolean,
): UsableGraph {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const edges = [...new Map(graph.edges.map((edge) => [edgeKey(edge), edge])).values()];
  const outgoing = new Map<string, GraphEdge[]>();
  const unusable = new Map<string, string>();
  const conditional = new Set<string>();
  for (const [from, siblings] of Map.groupBy(edges, (edge) => edge.from)) {
    const fallback = defaultEdge(siblings);
    const usable: GraphEdge[] = [];
    for (const edge of siblings) {
      const isDefault = edge === fallback;
      const fault = faultOf(edge, { nodes, canCall, isDefault });
      if (fault !== undefined) unusable.set(edgeKey(edge), fault);
      else usable.push(edge);
      const isByShell = nodes.get(from)?.type === "subworkflow";
      if (fault === undefined && isByShell && !isDefault) conditional.add(edgeKey(edge));
    }
    outgoing.set(from, usable);
  }
  return { entryNodeId: graph.entryNodeId, nodes, edges, outgoing, unusable, conditional };
}

/** Why no run takes an edge that it stands before, or `undefined`. */
function faultOf(
  { from, to, conditionExpr }: GraphEdge,
  { nodes, canCall, isDefault }: {
    nodes: ReadonlyMap<string, GraphNode>;
    canCall: (node: GraphNode) => boolean;
    isDefault: boolean;
  },
): string | undefined {
  const node = nodes.get(from);
  if (!node) return `there is no node "${from}"`;
  if (!nodes.has(to)) return `there is no node "${to}"`;
  if (node.type === "end") return "an end node has no way on";
  if (node.type !== "subworkflow") return undefined;
  if (!canCall(node)) return `the workflow "${node.subworkflowRef}" cannot complete`;
  if (isDefault || conditionExpr !== undefined) return undefined;
  return "after a subworkflow only the default or an edge with a true conditionExpr is taken";
}

/** Whether a node is one where the workflow completes. */
export function isEnd({ nodes }: UsableGraph, nodeId: string): boolean {
  return nodes.get(nodeId)?.type === "end";
}

/** Ids of the nodes a run can reach from the entry. Linear in nodes and edges. */
export function reachedNodes({ entryNodeId, nodes, outgoing }: UsableGraph): Set<string> {
  const seen = new Set(nodes.has(entryNodeId) ? [entryNodeId] : []);
  // A set visits what is added while it is iterated.
  for (const nodeId of seen) for (const { to } of outgoing.get(nodeId) ?? []) seen.add(to);
  return seen;
}

/**
 * Node id → least number of edges to an end node; nodes from which none can be reached are absent.
 * Only edges that `mayTake` allows. Linear in nodes and edges.
 */
export function distancesToEnd(
  graph: UsableGraph,
  mayTake: (edge: GraphEdge) => boolean = () => true,
): Map<string, number> {
  const incoming = Map.groupBy([...graph.outgoing.values()].flat().filter(mayTake), ({ to }) => to);
  const distances = new Map<string, number>();
  for (const nodeId of graph.nodes.keys()) if (isEnd(graph, nodeId)) distances.set(nodeId, 0);
  // Breadth-first: a map too visits what is added while it is iterated.
  for (const [nodeId, distance] of distances) {
    for (const { from } of incoming.get(nodeId) ?? []) {
      if (!distances.has(from)) distances.set(from, distance + 1);
    }
  }
  return distances;
}
