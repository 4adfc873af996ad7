// A graph in layers, fast: which edges go back in a loop, how far from the start each node is, and a
// plain layout for graphs on which dagre would take too long. Linear but for the sorting of layers.
import type { Point } from "../../schemas/edit.ts";

/** A graph of indexes. */
export interface IndexGraph {
  readonly count: number;
  readonly edges: readonly (readonly [from: number, to: number])[];
}

/** The graph without the edges that close a loop, met depth-first from index 0 on. */
export function withoutLoops({ count, edges }: IndexGraph): IndexGraph {
  const next: number[][] = Array.from({ length: count }, () => []);
  for (const [index, [from]] of edges.entries()) next[from]?.push(index);
  const state = new Uint8Array(count);
  const forward: (readonly [number, number])[] = [];
  for (let start = 0; start < count; start++) {
    const path = state[start] === 0 ? [{ node: start, at: 0 }] : [];
    state[start] ||= 1;
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const edge = edges[next[top.node]?.[top.at++] ?? -1];
      if (!edge) {
        state[top.node] = 2;
        path.pop();
        continue;
      }
      const [, to] = edge;
      // A node on the path leads back.
      if (state[to] === 1) continue;
      forward.push(edge);
      if (state[to] === 2) continue;
      state[to] = 1;
      path.push({ node: to, at: 0 });
    }
  }
  return { count, edges: forward };
}

/** For each node the longest way to it, in a graph without loops. */
export function ranksOf({ count, edges }: IndexGraph): number[] {
  const ranks = new Array<number>(count).fill(0);
  const open = new Array<number>(count).fill(0);
  const next: number[][] = Array.from({ length: count }, () => []);
  for (const [from, to] of edges) {
    next[from]?.push(to);
    open[to] = (open[to] ?? 0) + 1;
  }
  const queue = open.flatMap((waiting, node) => waiting === 0 ? [node] : []);
  for (const node of queue) {
    for (const to of next[node] ?? []) {
      ranks[to] = Math.max(ranks[to] ?? 0, (ranks[node] ?? 0) + 1);
      open[to] = (open[to] ?? 0) - 1;
      if (open[to] === 0) queue.push(to);
    }
  }
  return ranks;
}

/** Positions by rank from left to right; in a layer, a node stands near those that lead to it. */
export function layeredPoints(graph: IndexGraph, pitch: Point): Point[] {
  const forward = withoutLoops(graph);
  const ranks = ranksOf(forward);
  const before: number[][] = Array.from({ length: graph.count }, () => []);
  for (const [from, to] of forward.edges) before[to]?.push(from);
  const layers: number[][] = [];
  for (const [node, rank] of ranks.entries()) (layers[rank] ??= []).push(node);
  const points: Point[] = [];
  for (const [rank, layer = []] of layers.entries()) {
    const wish = (node: number) => {
      const heights = (before[node] ?? []).map((other) => points[other]?.y ?? 0);
      return heights.reduce((sum, y) => sum + y, 0) / Math.max(1, heights.length);
    };
    const wishes = layer.map((node) => ({ node, y: wish(node) }));
    wishes.sort((a, b) => a.y - b.y || a.node - b.node);
    let lowest = 0;
    for (const { node, y } of wishes) {
      const place = Math.max(lowest, Math.round(y / pitch.y) * pitch.y);
      points[node] = { x: rank * pitch.x, y: place };
      lowest = place + pitch.y;
    }
  }
  return points;
}
