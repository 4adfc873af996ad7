// What is known of a whole graph once before any of its marks is drawn: where the nodes are and which
// lane each edge runs in. Linear in nodes and edges.
import type { CanvasEdge, CanvasGraph, CanvasNode } from "./canvas_graph.ts";
import { type EdgeShape, edgeShape, type Lane, type Point, sanePoint } from "./geometry.js";

/** A graph, ready to be drawn in part or as a whole. */
export interface Scene {
  readonly graph: CanvasGraph;
  readonly nodes: ReadonlyMap<string, CanvasNode>;
  readonly edges: ReadonlyMap<string, CanvasEdge>;
  readonly places: ReadonlyMap<string, Point>;
  readonly lanes: ReadonlyMap<string, Lane>;
}

const scenes = new WeakMap<CanvasGraph, Scene>();

/**
 * Prepares a graph, which may not change afterwards. Of two nodes or edges with the same name the first
 * one counts.
 */
export function sceneOf(graph: CanvasGraph): Scene {
  const known = scenes.get(graph);
  if (known) return known;
  const scene = prepared(graph);
  scenes.set(graph, scene);
  return scene;
}

function prepared(graph: CanvasGraph): Scene {
  const nodes = new Map<string, CanvasNode>();
  const places = new Map<string, Point>();
  for (const node of graph.nodes) {
    if (nodes.has(node.id)) continue;
    nodes.set(node.id, node);
    places.set(node.id, sanePoint(node.at));
  }
  const edges = new Map<string, CanvasEdge>();
  const between = new Map<string, Map<string, string[]>>();
  for (const edge of graph.edges) {
    if (edges.has(edge.ref)) continue;
    edges.set(edge.ref, edge);
    const ways = between.get(edge.from) ?? new Map<string, string[]>();
    between.set(edge.from, ways);
    const refs = ways.get(edge.to);
    if (refs) refs.push(edge.ref);
    else ways.set(edge.to, [edge.ref]);
  }
  const lanes = new Map<string, Lane>();
  for (const ways of between.values()) {
    for (const refs of ways.values()) {
      for (const [index, ref] of refs.entries()) lanes.set(ref, { index, count: refs.length });
    }
  }
  return { graph, nodes, edges, places, lanes };
}

/** How an edge runs; `undefined` where one of its ends is no node of the graph. */
export function shapeIn(scene: Scene, edge: CanvasEdge): EdgeShape | undefined {
  const from = scene.places.get(edge.from);
  const to = scene.places.get(edge.to);
  return from && to && edgeShape(from, to, scene.lanes.get(edge.ref));
}
