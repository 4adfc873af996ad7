// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// Drawing edges: from a node's port to another node, or an edge's end to another node, by pointer and
// by keys. The same line shows both; on release one edit is posted.
import { need } from "./elements.js";
import { looseShape, NODE_SIZE, nodeBox, portPoint } from "./geometry.js";
import { nearestToward } from "./view_math.js";

/**
 * @typedef {import("./editor.js").Editor} Editor
 * @typedef {import("./geometry.js").Point} Point
 * @typedef {import("./gestures.js").Gesture} Gesture
 * @typedef {import("../../schemas/edit.ts").Edit} Edit
 */

/** @param {string} d */
function drawGhost(d) {
  need("ghost", SVGPathElement).setAttribute("d", d);
}

/** Shows which node would be the end. */
class TargetMark {
  #editor;
  /** @type {string | undefined} */
  id;

  /** @param {Editor} editor */
  constructor(editor) {
    this.#editor = editor;
  }

  /** @param {string | undefined} id */
  set(id) {
    if (id === this.id) return;
    this.#toggle(false);
    this.id = id;
    this.#toggle(true);
  }

  /** @param {boolean} isTarget */
  #toggle(isTarget) {
    const mark = this.id === undefined ? undefined : this.#editor.marks.nodes.get(this.id);
    mark?.element.classList.toggle("target", isTarget);
  }
}

/**
 * Drags an edge out of a node. Dropped on a node it connects the two; dropped beside, a new node is
 * asked for that follows.
 * @param {Editor} editor
 * @param {string} from id of the node
 * @param {import("./forms.js").OpenAdd} openAdd
 * @returns {Gesture}
 */
export function connectGesture(editor, from, openAdd) {
  const { marks, view, corridor, workflowId } = editor;
  const start = portPoint(marks.nodes.get(from)?.at ?? { x: 0, y: 0 }, "right");
  const target = new TargetMark(editor);
  const clear = () => {
    target.set(undefined);
    drawGhost("");
  };
  return {
    move(point) {
      const at = view.toCanvas(point);
      target.set(marks.nodeAt(at)?.id);
      drawGhost(looseShape(start, at).d);
    },
    end(point) {
      const to = target.id;
      clear();
      if (to !== undefined) void corridor.edit({ kind: "edge.add", workflowId, from, to });
      else {
        const { x, y } = view.toCanvas(point);
        openAdd({ at: { x, y: y - NODE_SIZE.height / 2 }, from });
      }
    },
    // A press on the port alone asks for the node that follows.
    cancel() {
      clear();
      openAdd({ from });
    },
  };
}

/**
 * Drags one end of the selected edge to another node.
 * @param {Editor} editor
 * @param {SVGElement} handle
 * @returns {Gesture}
 */
export function reconnectGesture(editor, handle) {
  const { marks, view, corridor, workflowId } = editor;
  const end = handle.dataset.end === "from" ? "from" : "to";
  const edge = handle.dataset.for ?? "";
  const [start, , , last] = marks.edges.get(edge)?.shape.curve ?? [];
  const target = new TargetMark(editor);
  const clear = () => {
    target.set(undefined);
    drawGhost("");
  };
  return {
    move(point) {
      const at = view.toCanvas(point);
      target.set(marks.nodeAt(at)?.id);
      const fixed = end === "to" ? start : last;
      if (fixed) drawGhost((end === "to" ? looseShape(fixed, at) : looseShape(at, fixed)).d);
    },
    end() {
      const node = target.id;
      clear();
      if (node === undefined) editor.say("left");
      else void corridor.edit({ kind: "edge.change", workflowId, edge, fields: { [end]: node } });
    },
    cancel: clear,
  };
}

/** Connecting with keys: the arrow keys choose the other node. */
export class KeyConnect {
  #editor;
  #from;
  #edit;
  #target;

  /**
   * @param {Editor} editor
   * @param {string} from id of the node that stays
   * @param {(nodeId: string) => Edit} edit what choosing a node means
   */
  constructor(editor, from, edit) {
    this.#editor = editor;
    this.#from = from;
    this.#edit = edit;
    this.#target = new TargetMark(editor);
  }

  /** @param {import("./view_math.js").Direction} direction */
  walk(direction) {
    const { marks, view } = this.#editor;
    const here = this.#target.id ?? this.#from;
    const at = marks.nodes.get(here)?.at;
    const next = at && nearestToward(at, marks.places(here), direction);
    const place = next === undefined ? undefined : marks.nodes.get(next)?.at;
    if (next === undefined || place === undefined) return this.#editor.say("noWay");
    this.#target.set(next);
    view.reveal(nodeBox(place));
    const start = marks.nodes.get(this.#from)?.at;
    if (start) drawGhost(looseShape(portPoint(start, "right"), portPoint(place, "left")).d);
    this.#editor.say("target", { name: this.#editor.nameOf(next) });
  }

  /** Posts the edit, if a node is chosen. */
  confirm() {
    const node = this.#target.id;
    this.leave();
    if (node === undefined) this.#editor.say("left");
    else void this.#editor.corridor.edit(this.#edit(node));
  }

  /** Leaves everything as it was. */
  leave() {
    this.#target.set(undefined);
    drawGhost("");
  }
}
