// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// Dragging nodes: only they and their edges are touched while it lasts; on release one edit is posted.
// A single node without edges that is dropped on an edge is spliced into it.
import { need } from "./elements.js";
import { distanceToEdge, NODE_SIZE } from "./geometry.js";
import { isAdditive } from "./gestures.js";
import { align, toCanvas } from "./view_math.js";

/**
 * @typedef {import("./editor.js").Editor} Editor
 * @typedef {import("./geometry.js").Point} Point
 * @typedef {import("./gestures.js").Gesture} Gesture
 */

/** As near as this, in pixels of the screen, nodes line up with each other. */
const SNAP = 6;

/** As near as this to an edge, in canvas units, a node is spliced into it. */
const SPLICE = 22;

/**
 * Begins to drag a node, with the others that are selected.
 * @param {Editor} editor
 * @param {SVGGElement} element the node that is pressed
 * @param {PointerEvent} event
 * @returns {Gesture}
 */
export function dragGesture(editor, element, event) {
  const { selection, marks } = editor;
  const wasSelected = selection.ids.has(element.id);
  if (!wasSelected) {
    if (isAdditive(event)) selection.add([element.id]);
    else selection.set([element.id]);
  } else if (!isAdditive(event)) selection.add([element.id]);
  const ids = selection.nodeIds.filter((id) => marks.nodes.has(id));
  return new NodeDrag(editor, ids, {
    start: editor.view.toCanvas({
      x: event.clientX - editor.view.frame.left,
      y: event.clientY - editor.view.frame.top,
    }),
    // A press on one of many that does not become a drag means this one alone.
    onClick() {
      if (wasSelected && isAdditive(event)) selection.toggle(element.id);
      else if (!isAdditive(event)) selection.set([element.id]);
      selection.focus();
    },
  });
}

class NodeDrag {
  #editor;
  #ids;
  #start;
  #onClick;
  /** @type {Map<string, Point>} */
  #origins = new Map();
  /** @type {Map<string, Point>} */
  #places = new Map();
  #corner;
  #others;
  #splice;
  #moved = false;

  /**
   * @param {Editor} editor
   * @param {readonly string[]} ids
   * @param {{ readonly start: Point, readonly onClick: () => void }} options
   */
  constructor(editor, ids, { start, onClick }) {
    this.#editor = editor;
    this.#ids = ids;
    this.#start = start;
    this.#onClick = onClick;
    for (const id of ids) {
      const at = editor.marks.nodes.get(id)?.at;
      if (at) this.#origins.set(id, at);
    }
    const box = editor.selection.bounds();
    this.#corner = { x: box?.x ?? 0, y: box?.y ?? 0 };
    this.#others = linesOf(editor, new Set(ids));
    const [only] = ids;
    const isLoose = only !== undefined && ids.length === 1 &&
      editor.marks.nodes.get(only)?.edges.size === 0;
    this.#splice = isLoose ? new SpliceTarget(editor) : undefined;
  }

  /** @param {Point} point @param {PointerEvent} event */
  move(point, event) {
    if (!this.#moved) this.#lift(true);
    this.#moved = true;
    const { view, marks } = this.#editor;
    const at = toCanvas(view.current, point);
    const step = { x: at.x - this.#start.x, y: at.y - this.#start.y };
    const corner = { x: this.#corner.x + step.x, y: this.#corner.y + step.y };
    const snap = event.altKey
      ? { dx: Math.round(corner.x) - corner.x, dy: Math.round(corner.y) - corner.y }
      : align(corner, this.#others, SNAP / view.current.zoom);
    const shift = { x: step.x + snap.dx, y: step.y + snap.dy };
    for (const [id, origin] of this.#origins) {
      this.#places.set(id, { x: origin.x + shift.x, y: origin.y + shift.y });
    }
    marks.shift(shift, this.#places);
    drawGuides(snap, view.visible());
    const [place] = this.#places.values();
    if (place) this.#splice?.follow(place);
  }

  end() {
    this.#lift(false);
    this.#editor.marks.preview(this.#places);
    drawGuides({});
    const { corridor, marks, workflowId } = this.#editor;
    const edge = this.#splice?.take();
    const positions = Object.fromEntries(this.#places);
    const [nodeId] = this.#ids;
    const at = nodeId === undefined ? undefined : this.#places.get(nodeId);
    const stored = edge !== undefined && nodeId !== undefined && at !== undefined
      ? corridor.edit({ kind: "node.splice", workflowId, nodeId, edge, at })
      : corridor.edit({ kind: "nodes.move", workflowId, positions });
    void stored.then((isStored) => isStored || marks.restore(this.#ids));
  }

  cancel() {
    if (!this.#moved) return this.#onClick();
    this.#lift(false);
    drawGuides({});
    this.#splice?.take();
    this.#editor.marks.restore(this.#ids);
    this.#editor.say("left");
  }

  /** @param {boolean} isLifted */
  #lift(isLifted) {
    this.#editor.canvas.classList.toggle("dragging", isLifted);
    // What is under the pointer need not be looked for: a search of all marks in each frame.
    this.#editor.view.shield.hidden = !isLifted;
    this.#editor.marks.lift(isLifted ? this.#ids : []);
  }
}

/** The edge that a dragged node would be spliced into. */
export class SpliceTarget {
  #marks;
  #edges;
  /** @type {string | undefined} */
  #ref;

  /** @param {Editor} editor */
  constructor({ marks }) {
    this.#marks = marks;
    // Which edges are near is asked in every frame, their boxes are the same in all.
    this.#edges = [...marks.edges.values()].map(({ ref, shape }) => {
      const xs = shape.curve.map(({ x }) => x);
      const ys = shape.curve.map(({ y }) => y);
      return {
        ref,
        shape,
        left: Math.min(...xs) - SPLICE,
        right: Math.max(...xs) + SPLICE,
        top: Math.min(...ys) - SPLICE,
        bottom: Math.max(...ys) + SPLICE,
      };
    });
  }

  /** @param {Point} place of the node */
  follow(place) {
    const middle = { x: place.x + NODE_SIZE.width / 2, y: place.y + NODE_SIZE.height / 2 };
    let [best, least] = [/** @type {string | undefined} */ (undefined), SPLICE];
    for (const { ref, shape, left, right, top, bottom } of this.#edges) {
      const { x, y } = middle;
      if (x < left || x > right || y < top || y > bottom) continue;
      const distance = distanceToEdge(shape, middle);
      if (distance < least) [best, least] = [ref, distance];
    }
    if (best === this.#ref) return;
    this.#show(false);
    this.#ref = best;
    this.#show(true);
  }

  /** The edge, no longer shown. */
  take() {
    this.#show(false);
    return this.#ref;
  }

  /** @param {boolean} isTarget */
  #show(isTarget) {
    const mark = this.#ref === undefined ? undefined : this.#marks.edges.get(this.#ref);
    mark?.element.classList.toggle("target", isTarget);
  }
}

/**
 * Where other nodes in sight begin, for lining up.
 * @param {Editor} editor
 * @param {ReadonlySet<string>} moving
 */
export function linesOf({ marks, view }, moving) {
  const box = view.visible();
  const near = [...marks.nodes.values()].filter(({ id, at }) =>
    !moving.has(id) && at.x > box.x - NODE_SIZE.width && at.x < box.x + box.width &&
    at.y > box.y - NODE_SIZE.height && at.y < box.y + box.height
  );
  const sorted = (/** @type {readonly number[]} */ values) =>
    [...new Set(values)].sort((a, b) => a - b);
  return { xs: sorted(near.map(({ at }) => at.x)), ys: sorted(near.map(({ at }) => at.y)) };
}

/**
 * Shows the lines by which a node stands; none for none.
 * @param {{ readonly atX?: number, readonly atY?: number }} lines
 * @param {import("./geometry.js").Box} [box] what is in sight
 */
export function drawGuides({ atX, atY }, box = { x: 0, y: 0, width: 0, height: 0 }) {
  const x = atX === undefined ? "" : `M${atX} ${box.y}V${box.y + box.height}`;
  const y = atY === undefined ? "" : `M${box.x} ${atY}H${box.x + box.width}`;
  drawPath(need("guide-x", SVGPathElement), x);
  drawPath(need("guide-y", SVGPathElement), y);
}

/**
 * Draws a path anew only if it is another: the browser paints the layer for the same one, too.
 * @param {SVGPathElement} path
 * @param {string} d
 */
function drawPath(path, d) {
  if (path.getAttribute("d") !== d) path.setAttribute("d", d);
}
