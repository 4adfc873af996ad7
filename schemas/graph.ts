// Pure questions about a workflow graph. No I/O, no mutation.
import type { GraphEdge, GraphNode, WorkflowGraph } from "./package.ts";

/** The node with this id, or `undefined`. */
export function findNode(graph: WorkflowGraph, nodeId: string): GraphNode | undefined {
  return graph.nodes.find((node) => node.id === nodeId);
}

/** The edges that leave a node, in the document's order. */
export function outgoingEdges(graph: WorkflowGraph, nodeId: string): GraphEdge[] {
  return graph.edges.filter((edge) => edge.from === nodeId);
}

/** The edges from one node to another; more than one where their labels differ. */
export function edgesBetween(graph: WorkflowGraph, from: string, to: string): GraphEdge[] {
  return outgoingEdges(graph, from).filter((edge) => edge.to === to);
}

/** The edge a run takes when nothing decides: the one marked default, else the first. */
export function defaultEdge(edges: readonly GraphEdge[]): GraphEdge | undefined {
  return edges.find((edge) => edge.isDefault) ?? edges[0];
}

/** Ids of all nodes that can be reached from `startId`, itself included. Linear in nodes and edges. */
export function reachableFrom(graph: WorkflowGraph, startId: string): Set<string> {
  const next = new Map<string, string[]>();
  for (const { from, to } of graph.edges) next.get(from)?.push(to) ?? next.set(from, [to]);
  const seen = new Set([startId]);
  const queue = [startId];
  for (let nodeId = queue.pop(); nodeId !== undefined; nodeId = queue.pop()) {
    for (const to of next.get(nodeId) ?? []) {
      if (seen.has(to)) continue;
      seen.add(to);
      queue.push(to);
    }
  }
  return seen;
}

/** The state's `currentNodeId`, where empty means the entry node. */
export function currentNodeIdOf(graph: WorkflowGraph, currentNodeId: string | undefined): string {
  return currentNodeId || graph.entryNodeId;
}
