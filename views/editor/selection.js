// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// What is selected on the canvas, and which mark is the current one: the class `selected` on marks is
// all there is of it. Tells the rest of the page by the event `crewagent:select`.
import { need } from "./elements.js";
import { boundsOf, nodeBox } from "./geometry.js";

/** @typedef {import("./editor.js").Editor} Editor */

/** The selected marks. */
export class Selection {
  /** Ids of elements, the current one last. @type {Set<string>} */
  ids = new Set();
  /** Called after the selection changed. @type {(() => void)[]} */
  listeners = [];
  #editor;
  #tellTimer = 0;

  /** @param {Editor} editor */
  constructor(editor) {
    this.#editor = editor;
  }

  /** The id of the mark that keys act on; undefined if nothing is selected. */
  get current() {
    return [...this.ids].at(-1);
  }

  /** Ids of the selected nodes. */
  get nodeIds() {
    return [...this.ids].filter((id) => id.startsWith("node:")).map((id) => id.slice(5));
  }

  /** Refs of the selected edges. */
  get edgeRefs() {
    return [...this.ids].filter((id) => id.startsWith("edge:")).map((id) => id.slice(5));
  }

  /** The only selected node. */
  get node() {
    const id = this.ids.size === 1 ? this.nodeIds[0] : undefined;
    return id === undefined ? undefined : this.#editor.marks.nodes.get(id);
  }

  /** The only selected edge. */
  get edge() {
    const ref = this.ids.size === 1 ? this.edgeRefs[0] : undefined;
    return ref === undefined ? undefined : this.#editor.marks.edges.get(ref);
  }

  /**
   * Selects exactly these.
   * @param {Iterable<string>} ids
   */
  set(ids) {
    const wanted = new Set([...ids].filter((id) => document.getElementById(id) !== null));
    for (const id of this.ids) if (!wanted.has(id)) show(id, false);
    for (const id of wanted) show(id, true);
    const changed = wanted.size !== this.ids.size || [...wanted].some((id) => !this.ids.has(id));
    this.ids = wanted;
    if (changed) this.#tell();
  }

  /** @param {string} id */
  toggle(id) {
    const ids = new Set(this.ids);
    if (!ids.delete(id)) ids.add(id);
    this.set(ids);
  }

  /** @param {Iterable<string>} ids */
  add(ids) {
    const all = new Set(this.ids);
    for (const id of ids) {
      all.delete(id);
      all.add(id);
    }
    this.set(all);
  }

  /** Forgets what is gone; call after marks changed. */
  prune() {
    this.set(this.ids);
  }

  /**
   * Selects one mark, focuses it and brings it into sight.
   * @param {string} id
   * @param {{ readonly keep?: boolean }} [options] `keep` adds it to the selection
   */
  go(id, { keep = false } = {}) {
    if (keep) this.add([id]);
    else this.set([id]);
    this.focus();
    this.reveal();
  }

  /** Focuses the current mark, else the canvas. */
  focus() {
    const { current } = this;
    const element = current === undefined ? null : document.getElementById(current);
    (element ?? need("canvas", HTMLElement)).focus({ preventScroll: true });
  }

  /** Moves the view as little as needed to show the current mark. */
  reveal() {
    const { marks, view } = this.#editor;
    const { current } = this;
    if (current === undefined) return;
    const node = marks.nodes.get(current.slice(5));
    if (current.startsWith("node:") && node) return view.reveal(nodeBox(node.at));
    const label = marks.edges.get(current.slice(5))?.shape.label;
    if (label) view.reveal({ x: label.x - 60, y: label.y - 20, width: 120, height: 40 });
  }

  /** The box round all selected nodes. */
  bounds() {
    const { marks } = this.#editor;
    return boundsOf(this.nodeIds.flatMap((id) => marks.nodes.get(id)?.at ?? []));
  }

  #tell() {
    for (const listener of this.listeners) listener();
    clearTimeout(this.#tellTimer);
    // Walking with the arrow keys is faster than properties can be fetched.
    this.#tellTimer = setTimeout(() => {
      const detail = { nodes: this.nodeIds, edges: this.edgeRefs };
      document.dispatchEvent(new CustomEvent("crewagent:select", { detail }));
    }, 120);
  }
}

/** @param {string} id @param {boolean} isSelected */
function show(id, isSelected) {
  const element = document.getElementById(id);
  element?.classList.toggle("selected", isSelected);
  element?.setAttribute("aria-selected", String(isSelected));
}
