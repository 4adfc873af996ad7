// Where the nodes of a graph stand: as `metadata.layout` says, else where a layout puts them.
import type { Point } from "../../schemas/edit.ts";
import { isRecord } from "../../schemas/record.ts";
import { autoLayout, quickLayout } from "./auto_layout.ts";
import { edgeOf, type GraphFile } from "./graph_file.ts";
import { type JsonObject, objectAt } from "./json_document.ts";

const MAX_COORDINATE = 100_000;
/** Opening a larger graph without positions must not wait for dagre. */
const MAX_NODES_FOR_DAGRE = 150;
const COLUMN = 260;
const ROW = 120;
const PER_ROW = 8;

/** The point with whole numbers inside the canvas. */
export function soundPoint({ x, y }: Point): Point {
  return { x: soundNumber(x), y: soundNumber(y) };
}

function soundNumber(value: number): number {
  return Math.round(Math.min(MAX_COORDINATE, Math.max(-MAX_COORDINATE, value))) + 0;
}

/** `metadata.layout`, unknown keys included. */
export function layoutOf(raw: JsonObject): JsonObject {
  return objectAt(objectAt(raw, "metadata"), "layout");
}

function storedPoint(layout: JsonObject, nodeId: string): Point | undefined {
  const value = Object.hasOwn(layout, nodeId) ? layout[nodeId] : undefined;
  if (!isRecord(value) || !Number.isFinite(value.x) || !Number.isFinite(value.y)) return undefined;
  return soundPoint({ x: Number(value.x), y: Number(value.y) });
}

const known = new WeakMap<JsonObject, ReadonlyMap<string, Point>>();

/** The position of every node, its upper left corner. The same graph gives the same positions. */
export function positionsOf(graph: GraphFile): ReadonlyMap<string, Point> {
  let positions = known.get(graph.raw);
  if (positions === undefined) {
    positions = positionsIn(graph);
    known.set(graph.raw, positions);
  }
  return positions;
}

function positionsIn(
  { raw, rawNodes, rawEdges, entryNodeId }: GraphFile,
): ReadonlyMap<string, Point> {
  const layout = layoutOf(raw);
  const positions = new Map<string, Point>();
  const missing: string[] = [];
  for (const { id } of rawNodes) {
    const point = storedPoint(layout, String(id));
    if (point) positions.set(String(id), point);
    else missing.push(String(id));
  }
  if (missing.length === 0) return positions;
  if (positions.size === 0) {
    const nodes = missing.map((id) => ({ id }));
    return layoutOnce({ nodes, edges: rawEdges.map(edgeOf), entryNodeId });
  }
  const points = [...positions.values()];
  const left = points.reduce((least, { x }) => Math.min(least, x), Infinity);
  const bottom = points.reduce((most, { y }) => Math.max(most, y), -Infinity);
  for (const [index, id] of missing.entries()) {
    const row = Math.floor(index / PER_ROW) + 1;
    positions.set(id, soundPoint({ x: left + (index % PER_ROW) * COLUMN, y: bottom + row * ROW }));
  }
  return positions;
}

type LayoutInput = Parameters<typeof autoLayout>[0];

/** Layouts by what they depend on: a change of a title must not cost 100 ms. */
const layouts = new Map<string, ReadonlyMap<string, Point>>();
const MAX_LAYOUTS = 20;

function layoutOnce(graph: LayoutInput): ReadonlyMap<string, Point> {
  const key = JSON.stringify([
    graph.entryNodeId,
    graph.nodes.map(({ id }) => id),
    graph.edges.map(({ from, to }) => [from, to]),
  ]);
  let layout = layouts.get(key);
  if (layout === undefined) {
    layout = graph.nodes.length > MAX_NODES_FOR_DAGRE ? quickLayout(graph) : autoLayout(graph);
    layouts.set(key, layout);
    const [oldest] = layouts.keys();
    if (layouts.size > MAX_LAYOUTS && oldest !== undefined) layouts.delete(oldest);
  }
  return layout;
}
