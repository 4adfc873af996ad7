// What is known of a whole graph before any of its marks is drawn: where the nodes are and which lane
// each edge runs in. Each index is made when it is first asked for, since an edit draws a few marks.
import type { CanvasEdge, CanvasGraph, CanvasNode } from "./canvas_graph.ts";
import { type EdgeShape, edgeShape, type Lane, type Point, sanePoint } from "./geometry.js";

/** A graph, ready to be drawn in part or as a whole. */
export interface Scene {
  readonly graph: CanvasGraph;
  readonly nodes: ReadonlyMap<string, CanvasNode>;
  readonly edges: ReadonlyMap<string, CanvasEdge>;
  /** Where a node stands; `undefined` for one that is not in the graph. */
  placeOf(nodeId: string): Point | undefined;
  /** The lane of an edge of the graph. */
  laneOf(edge: CanvasEdge): Lane;
}

const scenes = new WeakMap<CanvasGraph, Scene>();

/**
 * Prepares a graph, which may not change afterwards. Of two nodes or edges with the same name the first
 * one counts.
 */
export function sceneOf(graph: CanvasGraph): Scene {
  const known = scenes.get(graph);
  if (known) return known;
  const scene = new GraphScene(graph);
  scenes.set(graph, scene);
  return scene;
}

class GraphScene implements Scene {
  #nodes: ReadonlyMap<string, CanvasNode> | undefined;
  #edges: ReadonlyMap<string, CanvasEdge> | undefined;
  /** By the node that they leave. */
  #leaving: ReadonlyMap<string, readonly CanvasEdge[]> | undefined;

  constructor(readonly graph: CanvasGraph) {}

  get nodes(): ReadonlyMap<string, CanvasNode> {
    return this.#nodes ??= firstBy(this.graph.nodes, (node) => node.id);
  }

  get edges(): ReadonlyMap<string, CanvasEdge> {
    return this.#edges ??= firstBy(this.graph.edges, (edge) => edge.ref);
  }

  placeOf(nodeId: string): Point | undefined {
    const node = this.nodes.get(nodeId);
    return node && sanePoint(node.at);
  }

  laneOf({ ref, from, to }: CanvasEdge): Lane {
    this.#leaving ??= Map.groupBy(this.edges.values(), (edge) => edge.from);
    const between = (this.#leaving.get(from) ?? []).filter((edge) => edge.to === to);
    return { index: between.findIndex((edge) => edge.ref === ref), count: between.length };
  }
}

function firstBy<Mark>(
  marks: readonly Mark[],
  nameOf: (mark: Mark) => string,
): ReadonlyMap<string, Mark> {
  const byName = new Map<string, Mark>();
  for (const mark of marks) if (!byName.has(nameOf(mark))) byName.set(nameOf(mark), mark);
  return byName;
}

/** How an edge runs; `undefined` where one of its ends is no node of the graph. */
export function shapeIn(scene: Scene, edge: CanvasEdge): EdgeShape | undefined {
  const from = scene.placeOf(edge.from);
  const to = scene.placeOf(edge.to);
  return from && to && edgeShape(from, to, scene.laneOf(edge));
}
