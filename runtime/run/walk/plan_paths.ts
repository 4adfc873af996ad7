// Paths through one graph, from its entry to an end, that take every edge on such a path. Pure.
import { outgoingEdges } from "../../../schemas/graph.ts";
import type { GraphEdge, WorkflowGraph } from "../../../schemas/package.ts";
import { distancesToEnd, edgeKey, isEnd, reachedNodes, type UsableGraph } from "./usable_graph.ts";

/** Edges that follow each other, from the entry to an end; empty where the entry is an end. */
export type Path = readonly GraphEdge[];

/** A path past this many edges a node goes home; it stays inside the limit of a walk (`walk.ts`). */
const LONGEST_PER_NODE = 5;
const LONGEST_AT_LEAST = 20;
/** Every choice is a line of the state document, which a model has to be able to read as a whole. */
const MAX_CHOICES = 1000;

/**
 * Paths that together take every edge from which an end can be reached. Greedy: each path goes on to
 * the nearest edge not yet taken, and when there is none, the shortest way to an end. Edges whose
 * condition the shell has to find true are used only where there is no other way. None if no end can be
 * reached. The same graph gives the same paths.
 */
export function planPaths(graph: UsableGraph): Path[] {
  const home = wayHome(graph);
  if (!reachedNodes(graph).has(graph.entryNodeId) || !home.leads(graph.entryNodeId)) return [];
  const open = new Set<string>();
  for (const nodeId of reachedNodes(graph)) {
    for (const edge of graph.outgoing.get(nodeId) ?? []) {
      if (home.leads(edge.to)) open.add(edgeKey(edge));
    }
  }
  const paths: Path[] = [];
  while (open.size > 0) {
    const path = onePath(graph, open, home);
    for (const edge of path) open.delete(edgeKey(edge));
    paths.push(path);
  }
  return paths.length > 0 ? paths : [[]];
}

/** Takes what it uses out of `open`, at least one edge. */
function onePath(graph: UsableGraph, open: Set<string>, home: WayHome): Path {
  const path: GraphEdge[] = [];
  const longest = graph.nodes.size * LONGEST_PER_NODE + LONGEST_AT_LEAST;
  let at = graph.entryNodeId;
  for (let choices = 0; path.length < longest && choices < MAX_CHOICES;) {
    const leg = legToOpen(graph, at, open);
    if (!leg) break;
    for (const edge of leg) {
      open.delete(edgeKey(edge));
      if ((graph.outgoing.get(edge.from)?.length ?? 0) > 1) choices += 1;
      at = edge.to;
    }
    path.push(...leg);
  }
  return [...path, ...home.from(at)];
}

/** The nearest open edge: rather one that does not end the path, rather without conditions. */
function legToOpen(
  graph: UsableGraph,
  from: string,
  open: ReadonlySet<string>,
): GraphEdge[] | undefined {
  const isOpen = (edge: GraphEdge) => open.has(edgeKey(edge));
  const goesOn = (edge: GraphEdge) => isOpen(edge) && !isEnd(graph, edge.to);
  const isFree = (edge: GraphEdge) => !graph.conditional.has(edgeKey(edge));
  return shortestLeg(graph, { from, isGoal: goesOn, mayTake: isFree }) ??
    shortestLeg(graph, { from, isGoal: isOpen, mayTake: isFree }) ??
    shortestLeg(graph, { from, isGoal: goesOn, mayTake: () => true }) ??
    shortestLeg(graph, { from, isGoal: isOpen, mayTake: () => true });
}

interface Search {
  readonly from: string;
  readonly isGoal: (edge: GraphEdge) => boolean;
  readonly mayTake: (edge: GraphEdge) => boolean;
}

/** Breadth-first; the leg's last edge is the goal. */
function shortestLeg(
  graph: UsableGraph,
  { from, isGoal, mayTake }: Search,
): GraphEdge[] | undefined {
  const reachedBy = new Map<string, GraphEdge | undefined>([[from, undefined]]);
  for (const nodeId of reachedBy.keys()) {
    for (const edge of graph.outgoing.get(nodeId) ?? []) {
      if (!mayTake(edge)) continue;
      if (isGoal(edge)) return [...legTo(nodeId, reachedBy), edge];
      if (!reachedBy.has(edge.to)) reachedBy.set(edge.to, edge);
    }
  }
  return undefined;
}

function legTo(
  nodeId: string,
  reachedBy: ReadonlyMap<string, GraphEdge | undefined>,
): GraphEdge[] {
  const leg: GraphEdge[] = [];
  for (let edge = reachedBy.get(nodeId); edge; edge = reachedBy.get(edge.from)) leg.push(edge);
  return leg.reverse();
}

/** Shortest ways to an end, from any node. */
export interface WayHome {
  /** Whether an end can be reached from a node. */
  leads(nodeId: string): boolean;
  /** The way; empty at an end. Without conditional edges where that is possible. */
  from(nodeId: string): GraphEdge[];
}

/** The ways home of a graph. */
export function wayHome(graph: UsableGraph): WayHome {
  const free = distancesToEnd(graph, (edge) => !graph.conditional.has(edgeKey(edge)));
  const any = distancesToEnd(graph);
  const isCloser = (edge: GraphEdge, distances: ReadonlyMap<string, number>) =>
    (distances.get(edge.to) ?? Infinity) < (distances.get(edge.from) ?? Infinity);
  const nextFrom = (nodeId: string) => {
    const edges = graph.outgoing.get(nodeId) ?? [];
    return free.has(nodeId)
      ? edges.find((edge) => isCloser(edge, free) && !graph.conditional.has(edgeKey(edge)))
      : edges.find((edge) => isCloser(edge, any));
  };
  return {
    leads: (nodeId) => any.has(nodeId),
    from(nodeId) {
      const way: GraphEdge[] = [];
      for (let edge = nextFrom(nodeId); edge; edge = nextFrom(edge.to)) way.push(edge);
      return way;
    },
  };
}

/**
 * The choices that make a simulation take a path: node id → one choice per visit, by label, or
 * `label -> node` where several edges have the label. Only for nodes where a model chooses.
 */
export function choicesOf(document: WorkflowGraph, path: Path): Map<string, string[]> {
  const byShell = new Set(
    document.nodes.flatMap((node) => node.type === "subworkflow" ? node.id : []),
  );
  const siblings = Map.groupBy(document.edges, ({ from }) => from);
  const choices = new Map<string, string[]>();
  for (const edge of path) {
    const others = siblings.get(edge.from) ?? outgoingEdges(document, edge.from);
    if (others.length < 2 || byShell.has(edge.from)) continue;
    const isShared = others.some(({ to, label }) => label === edge.label && to !== edge.to);
    const choice = isShared ? `${edge.label} -> ${edge.to}` : edge.label;
    choices.get(edge.from)?.push(choice) ?? choices.set(edge.from, [choice]);
  }
  return choices;
}
