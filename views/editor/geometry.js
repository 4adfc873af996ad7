// @ts-check
// Where nodes and edges of a workflow lie and how an edge runs: pure numbers, the one source for the
// server, which draws the SVG, and for the browser, which previews a gesture. No DOM, no graph model.

/**
 * A point of the canvas, in canvas units (pixels at zoom 1); y grows downwards.
 * @typedef {{ readonly x: number, readonly y: number }} Point
 *
 * @typedef {{ readonly x: number, readonly y: number, readonly width: number, readonly height: number }} Box
 *
 * How an edge is drawn: the `d` of its path, where the middle of its label is, how wide that may be,
 * and the four points of its only Bézier curve.
 * @typedef {{ readonly d: string, readonly label: Point, readonly labelWidth: number,
 *   readonly curve: readonly [Point, Point, Point, Point] }} EdgeShape
 *
 * The `index`-th (from 0) of `count` edges from the same node to the same node.
 * @typedef {{ readonly index: number, readonly count: number }} Lane
 *
 * @typedef {"right" | "left" | "top" | "bottom"} Side
 */

/** Every node has this size; its position is its upper left corner. */
export const NODE_SIZE = Object.freeze({ width: 180, height: 60 });

/** Positions snap to multiples of this. */
export const GRID = 10;

/** Further out than this nothing is placed; a position beyond comes back to the rim. */
export const REACH = 100_000;

/** Room that an edge needs to leave one node and enter another in a gentle curve. */
const GAP = 16;

/** Distance between two edges that run between the same nodes. */
const LANE = 22;

/** A label is at most this wide; beside a short level edge it has only the room between the nodes. */
const LABEL_WIDTH = 130;

/** So far above a level edge its label stands, so that line and arrow can be seen. */
const LABEL_LIFT = 10;

/** Between rows that are this far apart an edge to the left has room to run. */
const ROW_GAP = 60;

/** @type {Lane} */
const ONLY_LANE = { index: 0, count: 1 };

/**
 * A position as a document states it, made drawable: what is no finite number is 0, what is beyond
 * the reach lies on the rim. Whole numbers.
 * @param {{ readonly x?: unknown, readonly y?: unknown } | null | undefined} position
 * @returns {Point}
 */
export function sanePoint(position) {
  return { x: saneNumber(position?.x), y: saneNumber(position?.y) };
}

/** @param {unknown} value */
function saneNumber(value) {
  if (typeof value !== "number" || Number.isNaN(value)) return 0;
  return Math.round(Math.min(REACH, Math.max(-REACH, value))) + 0;
}

/**
 * The box that a node at `position` fills.
 * @param {Point} position
 * @returns {Box}
 */
export function nodeBox(position) {
  return { x: position.x, y: position.y, ...NODE_SIZE };
}

/**
 * The middle of one side of a node, where edges leave and enter.
 * @param {Point} position of the node
 * @param {Side} side
 * @returns {Point}
 */
export function portPoint(position, side) {
  const { width, height } = NODE_SIZE;
  const middle = { x: position.x + width / 2, y: position.y + height / 2 };
  if (side === "right") return { x: position.x + width, y: middle.y };
  if (side === "left") return { x: position.x, y: middle.y };
  if (side === "top") return { x: middle.x, y: position.y };
  return { x: middle.x, y: position.y + height };
}

/**
 * How the edge between two nodes runs. Forward it goes from the right side to the left side; between
 * nodes above each other from bottom to top or from top to bottom; to a node further left in another
 * row between the rows, as a text goes on in its next line; backward in the same row (a loop of the
 * workflow) in an arc below both. A node's edge to itself is a small loop above it.
 * @param {Point} from position of the node that it leaves
 * @param {Point} to position of the node that it enters
 * @param {Lane} [lane] keeps edges between the same two nodes apart
 * @returns {EdgeShape}
 */
export function edgeShape(from, to, lane = ONLY_LANE) {
  const { width, height } = NODE_SIZE;
  const across = to.x - from.x;
  const down = to.y - from.y;
  const offset = (lane.index - (lane.count - 1) / 2) * LANE;
  if (across === 0 && down === 0) return loopAbove(from, lane.index);
  if (across >= width + GAP) return forward(from, to, offset);
  if (Math.abs(across) < width && Math.abs(down) >= height + GAP) {
    return upright(from, to, offset);
  }
  if (Math.abs(down) >= height + ROW_GAP) return betweenRows(from, to, offset);
  return backward(from, to, lane.index);
}

/** @param {Point} from @param {Point} to @param {number} offset @returns {EdgeShape} */
function forward(from, to, offset) {
  const start = portPoint(from, "right");
  const end = portPoint(to, "left");
  const gap = end.x - start.x;
  const reach = Math.max(24, gap / 2);
  const bow = { x: 0, y: offset * 4 / 3 };
  // Where the edge is steep its label covers little of it, and nodes are out of the label's way.
  const level = Math.max(0, 1 - Math.abs(end.y - start.y) / 40);
  return shape([start, add(start, reach, bow.y), add(end, -reach, bow.y), end], {
    lift: LABEL_LIFT * level,
    labelWidth: level > 0 ? Math.max(24, gap - 6) : LABEL_WIDTH,
  });
}

/** @param {Point} from @param {Point} to @param {number} offset @returns {EdgeShape} */
function betweenRows(from, to, offset) {
  const start = portPoint(from, "right");
  const end = portPoint(to, "left");
  const aisle = (start.y + end.y) / 2 + offset * 4 / 3;
  // Far enough out that the curve is past the corner of the node when it turns.
  const out = 60 + Math.min(400, (start.x - end.x) / 4);
  return shape([start, { x: start.x + out, y: aisle }, { x: end.x - out, y: aisle }, end], {
    lift: LABEL_LIFT,
  });
}

/** @param {Point} from @param {Point} to @param {number} offset @returns {EdgeShape} */
function upright(from, to, offset) {
  const isDown = to.y > from.y;
  // Down on one side of the middle and up on the other: so two nodes may point at each other.
  const aside = isDown ? -LANE : LANE;
  const start = add(portPoint(from, isDown ? "bottom" : "top"), aside, 0);
  const end = add(portPoint(to, isDown ? "top" : "bottom"), aside, 0);
  const reach = Math.max(12, Math.abs(end.y - start.y) / 2) * (isDown ? 1 : -1);
  const bow = offset * 4 / 3;
  return shape([start, add(start, bow, reach), add(end, bow, -reach), end]);
}

/** @param {Point} from @param {Point} to @param {number} index @returns {EdgeShape} */
function backward(from, to, index) {
  const start = add(portPoint(from, "bottom"), LANE, 0);
  const end = add(portPoint(to, "bottom"), LANE, 0);
  const depth = 48 + Math.min(160, Math.abs(end.x - start.x) / 8) + index * LANE;
  const floor = Math.max(start.y, end.y) + depth;
  return shape([start, { x: start.x, y: floor }, { x: end.x, y: floor }, end], {
    lift: LABEL_LIFT,
  });
}

/** @param {Point} position @param {number} index @returns {EdgeShape} */
function loopAbove(position, index) {
  const start = add(portPoint(position, "top"), 36, 0);
  const end = add(portPoint(position, "top"), -36, 0);
  const rise = -(60 + index * LANE);
  return shape([start, add(start, 28, rise), add(end, -28, rise), end]);
}

/**
 * The line that is shown while a person draws an edge: from a port to the pointer.
 * @param {Point} start
 * @param {Point} end
 * @returns {EdgeShape}
 */
export function looseShape(start, end) {
  const reach = Math.max(24, Math.abs(end.x - start.x) / 2);
  return shape([start, add(start, reach, 0), add(end, -reach, 0), end]);
}

/**
 * @param {readonly [Point, Point, Point, Point]} curve
 * @param {{ readonly lift?: number, readonly labelWidth?: number }} [label]
 * @returns {EdgeShape}
 */
function shape(curve, { lift = 0, labelWidth = LABEL_WIDTH } = {}) {
  const [a, b, c, d] = curve;
  return {
    d: `M${text(a)} C${text(b)} ${text(c)} ${text(d)}`,
    label: rounded(add(pointOnCurve(curve, 0.5), 0, -lift)),
    labelWidth: Math.min(LABEL_WIDTH, labelWidth),
    curve,
  };
}

/** @param {Point} point */
function text(point) {
  return `${round(point.x)} ${round(point.y)}`;
}

/** @param {Point} point @returns {Point} */
function rounded(point) {
  return { x: round(point.x), y: round(point.y) };
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}

/** @param {Point} point @param {number} dx @param {number} dy @returns {Point} */
function add(point, dx, dy) {
  return { x: point.x + dx, y: point.y + dy };
}

/**
 * The point at `share` (0 to 1) of a cubic Bézier curve.
 * @param {readonly [Point, Point, Point, Point]} curve
 * @param {number} share
 * @returns {Point}
 */
export function pointOnCurve([a, b, c, d], share) {
  const rest = 1 - share;
  const [first, second, third, last] = /** @type {const} */ ([
    rest ** 3,
    3 * rest ** 2 * share,
    3 * rest * share ** 2,
    share ** 3,
  ]);
  const along = (/** @type {"x" | "y"} */ axis) =>
    a[axis] * first + b[axis] * second + c[axis] * third + d[axis] * last;
  return { x: along("x"), y: along("y") };
}

/**
 * How far a point is from an edge, to within a few units: enough to choose the edge that a node is
 * dropped on.
 * @param {EdgeShape} shape
 * @param {Point} point
 * @returns {number}
 */
export function distanceToEdge({ curve }, point) {
  let least = Infinity;
  for (let step = 0; step <= 24; step++) {
    const { x, y } = pointOnCurve(curve, step / 24);
    least = Math.min(least, Math.hypot(point.x - x, point.y - y));
  }
  return least;
}

/**
 * The smallest box round all nodes; undefined where there are none.
 * @param {Iterable<Point>} positions
 * @returns {Box | undefined}
 */
export function boundsOf(positions) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of positions) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + NODE_SIZE.width);
    bottom = Math.max(bottom, y + NODE_SIZE.height);
  }
  if (left === Infinity) return undefined;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/**
 * True where two boxes share area.
 * @param {Box} one
 * @param {Box} other
 */
export function boxesMeet(one, other) {
  return one.x < other.x + other.width && other.x < one.x + one.width &&
    one.y < other.y + other.height && other.y < one.y + one.height;
}

/**
 * The box between two corners, in whatever order they come.
 * @param {Point} one
 * @param {Point} other
 * @returns {Box}
 */
export function boxBetween(one, other) {
  return {
    x: Math.min(one.x, other.x),
    y: Math.min(one.y, other.y),
    width: Math.abs(one.x - other.x),
    height: Math.abs(one.y - other.y),
  };
}

/**
 * The nearest point of the grid.
 * @param {Point} point
 * @returns {Point}
 */
export function snapToGrid({ x, y }) {
  return { x: Math.round(x / GRID) * GRID + 0, y: Math.round(y / GRID) * GRID + 0 };
}

/**
 * A place for a new node: the wished one, or the first one below it where nothing is in the way.
 * @param {Point} wish
 * @param {readonly Point[]} taken positions of the nodes there are
 * @returns {Point}
 */
export function freePlace(wish, taken) {
  let place = snapToGrid(wish);
  const pitch = NODE_SIZE.height + 2 * GRID;
  for (let tries = 0; tries <= taken.length; tries++) {
    const box = nodeBox(place);
    if (!taken.some((other) => boxesMeet(box, nodeBox(other)))) return place;
    place = { x: place.x, y: place.y + pitch };
  }
  return place;
}
