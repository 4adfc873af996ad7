// Paths drawn at random; the same seed gives the same walks.
import type { GraphEdge } from "../../../schemas/package.ts";
import { type Path, wayHome } from "./plan_paths.ts";
import type { Random } from "./seeded_random.ts";
import { edgeKey, isEnd, type UsableGraph } from "./usable_graph.ts";

/** A drawn path past this many edges a node goes home, where it can. */
const LONGEST_PER_NODE = 5;
const LONGEST_AT_LEAST = 20;
/** As for planned paths: every choice is a line of the state document. */
const MAX_LENGTH = 1000;

/**
 * A path whose edges are drawn with equal chances; behind a subworkflow it takes the default. After 5 edges a node (at least 20, at most 1,000) it
 * takes the shortest way to an end. It ends without one where it is stuck: at a dead end, or going round
 * in a loop without exit.
 */
export function randomPath(graph: UsableGraph, random: Random): Path {
  const path: GraphEdge[] = [];
  const longest = Math.min(
    graph.nodes.size * LONGEST_PER_NODE + LONGEST_AT_LEAST,
    MAX_LENGTH,
  );
  let at = graph.entryNodeId;
  while (path.length < longest && !isEnd(graph, at)) {
    const edges = (graph.outgoing.get(at) ?? [])
      .filter((edge) => !graph.conditional.has(edgeKey(edge)));
    const edge = edges[Math.floor(random() * edges.length)];
    if (!edge) return path;
    path.push(edge);
    at = edge.to;
  }
  return [...path, ...wayHome(graph).from(at)];
}
