// A chain of nodes in several rows, as a text is set in lines: it then fits a window at a size that
// can be read. Not here: the layers themselves (`auto_layout.ts`).
import type { Point } from "../../schemas/edit.ts";

/** As many nodes stand in one row at least; they fit a window of 1280 pixels. */
const SHORT_ROW = 3;

/** A row takes this many times as many nodes as there are rows. */
const BREADTH = 1.2;

/**
 * The corners, in rows `pitch` apart where the layout is a chain: never two nodes at the same `x`. As
 * they are where it is short, or branches: then an edge to the next row would cross other nodes.
 */
export function foldChain(
  points: ReadonlyMap<string, Point>,
  pitch: Point,
): ReadonlyMap<string, Point> {
  const chain = [...points].sort(([, a], [, b]) => a.x - b.x);
  const perRow = Math.max(SHORT_ROW, Math.ceil(Math.sqrt(chain.length * BREADTH)));
  const isChain = chain.every(([, { x }], index) => x !== chain[index - 1]?.[1].x);
  if (!isChain || chain.length <= perRow) return points;
  const left = chain[0]?.[1].x ?? 0;
  const top = Math.min(...chain.map(([, { y }]) => y));
  const folded = new Map(points);
  for (const [index, [id]] of chain.entries()) {
    const [column, row] = [index % perRow, Math.floor(index / perRow)];
    folded.set(id, { x: left + column * pitch.x, y: top + row * pitch.y });
  }
  return folded;
}
