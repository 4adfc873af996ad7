// @ts-check
// The arithmetic of looking at a canvas: pan, zoom at a point, fit, snap to other nodes, and the
// nearest node in a direction. Pure; no DOM.
import { GRID, NODE_SIZE } from "./geometry.js";

/**
 * @typedef {import("./geometry.js").Point} Point
 * @typedef {import("./geometry.js").Box} Box
 *
 * Where the canvas's origin lies in the window on it, in pixels, and how much is 1 canvas unit.
 * @typedef {{ readonly x: number, readonly y: number, readonly zoom: number }} View
 *
 * @typedef {{ readonly width: number, readonly height: number }} Size
 * @typedef {"left" | "right" | "up" | "down"} Direction
 *
 * How far to move so that edges of boxes line up, and the lines to show for it (canvas units).
 * @typedef {{ readonly dx: number, readonly dy: number, readonly atX?: number, readonly atY?: number }} Alignment
 */

/** The least and the greatest zoom. */
export const ZOOM_LIMITS = Object.freeze({ least: 0.05, most: 3 });

/**
 * A zoom within its limits; 1 for what is no number.
 * @param {number} zoom
 */
export function saneZoom(zoom) {
  if (Number.isNaN(zoom)) return 1;
  return Math.min(ZOOM_LIMITS.most, Math.max(ZOOM_LIMITS.least, zoom));
}

/**
 * The canvas point under a point of the window.
 * @param {View} view
 * @param {Point} point
 * @returns {Point}
 */
export function toCanvas(view, point) {
  return { x: (point.x - view.x) / view.zoom, y: (point.y - view.y) / view.zoom };
}

/**
 * The point of the window where a canvas point is seen.
 * @param {View} view
 * @param {Point} point
 * @returns {Point}
 */
export function toWindow(view, point) {
  return { x: point.x * view.zoom + view.x, y: point.y * view.zoom + view.y };
}

/**
 * Zooms by a factor; what is under `point` of the window stays there.
 * @param {View} view
 * @param {Point} point
 * @param {number} factor
 * @returns {View}
 */
export function zoomAt(view, point, factor) {
  const zoom = saneZoom(view.zoom * factor);
  const change = zoom / view.zoom;
  return {
    x: point.x - (point.x - view.x) * change,
    y: point.y - (point.y - view.y) * change,
    zoom,
  };
}

/**
 * The view that shows a whole box in the middle, never larger than life.
 * @param {Box | undefined} box nothing to show gives the origin a little inside the corner
 * @param {Size} size of the window
 * @param {{ readonly least?: number, readonly margin?: number }} [options] `least` zoom
 * @returns {View}
 */
export function fitView(box, size, { least = ZOOM_LIMITS.least, margin = 40 } = {}) {
  if (box === undefined) return { x: size.width / 2, y: size.height / 2, zoom: 1 };
  const zoom = Math.min(
    1,
    Math.max(
      least,
      Math.min(
        Math.max(1, size.width - 2 * margin) / Math.max(1, box.width),
        Math.max(1, size.height - 2 * margin) / Math.max(1, box.height),
      ),
    ),
  );
  return {
    x: size.width / 2 - (box.x + box.width / 2) * zoom,
    y: size.height / 2 - (box.y + box.height / 2) * zoom,
    zoom,
  };
}

/**
 * The view moved as little as needed so that a box can be seen; the same view if it can.
 * @param {View} view
 * @param {Box} box
 * @param {Size} size of the window
 * @returns {View}
 */
export function revealView(view, box, size) {
  const margin = 40;
  const corner = toWindow(view, box);
  const dx = pull(corner.x, box.width * view.zoom, size.width, margin);
  const dy = pull(corner.y, box.height * view.zoom, size.height, margin);
  return dx === 0 && dy === 0 ? view : { x: view.x + dx, y: view.y + dy, zoom: view.zoom };
}

/** @param {number} start @param {number} length @param {number} room @param {number} margin */
function pull(start, length, room, margin) {
  if (start < margin) return margin - start;
  const over = start + length - (room - margin);
  return over > 0 ? -Math.min(over, start - margin) : 0;
}

/**
 * The part of the canvas that the window shows.
 * @param {View} view
 * @param {Size} size
 * @returns {Box}
 */
export function visibleBox(view, size) {
  return {
    ...toCanvas(view, { x: 0, y: 0 }),
    width: size.width / view.zoom,
    height: size.height / view.zoom,
  };
}

/**
 * Lines a moving box up with other nodes where it is within `tolerance`, else with the grid.
 * @param {Point} corner the upper left corner of what moves
 * @param {{ readonly xs: readonly number[], readonly ys: readonly number[] }} others sorted
 * @param {number} tolerance in canvas units
 * @returns {Alignment}
 */
export function align(corner, others, tolerance) {
  const atX = nearest(others.xs, corner.x, tolerance);
  const atY = nearest(others.ys, corner.y, tolerance);
  return {
    dx: (atX ?? Math.round(corner.x / GRID) * GRID) - corner.x,
    dy: (atY ?? Math.round(corner.y / GRID) * GRID) - corner.y,
    ...(atX !== undefined && { atX }),
    ...(atY !== undefined && { atY }),
  };
}

/**
 * The value of a sorted list that is nearest to `wish`, if it is within `tolerance`.
 * @param {readonly number[]} sorted
 * @param {number} wish
 * @param {number} tolerance
 * @returns {number | undefined}
 */
function nearest(sorted, wish, tolerance) {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) < wish) low = middle + 1;
    else high = middle;
  }
  const around = [sorted[low - 1], sorted[low]].filter((value) =>
    value !== undefined && Math.abs(value - wish) <= tolerance
  );
  return around.sort((a, b) => Math.abs((a ?? 0) - wish) - Math.abs((b ?? 0) - wish))[0];
}

/**
 * The node that a person means by "the next one in this direction": the nearest one, where a step
 * aside counts three times as much as a step ahead. Undefined if nothing lies there.
 * @param {Point} from
 * @param {Iterable<readonly [string, Point]>} nodes id and position
 * @param {Direction} direction
 * @returns {string | undefined}
 */
export function nearestToward(from, nodes, direction) {
  let best;
  let least = Infinity;
  for (const [id, { x, y }] of nodes) {
    const { ahead, aside } = stepsTo({ x: x - from.x, y: y - from.y }, direction);
    // A cone of a little more than 45°, so that every node can be reached in some direction.
    if (ahead <= 0 || aside > ahead * 1.2 + NODE_SIZE.height / 2) continue;
    const cost = ahead + 3 * aside;
    if (cost < least) [best, least] = [id, cost];
  }
  return best;
}

/** @param {Point} step @param {Direction} direction */
function stepsTo({ x, y }, direction) {
  if (direction === "left") return { ahead: -x, aside: Math.abs(y) };
  if (direction === "right") return { ahead: x, aside: Math.abs(y) };
  if (direction === "up") return { ahead: -y, aside: Math.abs(x) };
  return { ahead: y, aside: Math.abs(x) };
}
