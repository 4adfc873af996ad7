// @ts-check
/// <reference lib="dom" />
// The parts of the editor under one name, and how it speaks: what each browser module is handed. Each
// part keeps its own state; this one none.
import { CanvasView } from "./canvas_view.js";
import { Corridor } from "./corridor.js";
import { fill, need } from "./elements.js";
import { Marks } from "./marks_in.js";
import { Selection } from "./selection.js";

/** The parts of the editor. */
export class Editor {
  root = need("editor", HTMLElement);
  canvas = need("canvas", HTMLElement);
  marks = new Marks();
  view;
  selection = new Selection(this);
  corridor = new Corridor(this);
  #live = need("live", HTMLElement);
  /** @type {Readonly<Record<string, string>>} */
  #texts = JSON.parse(this.root.dataset.texts ?? "{}");

  constructor() {
    this.view = new CanvasView(`${this.packageId}/${this.workflowId}`);
  }

  get packageId() {
    return this.root.dataset.packageId ?? "";
  }

  get workflowId() {
    return this.root.dataset.workflowId ?? "";
  }

  /** URL of the package's pages. */
  get base() {
    return this.root.dataset.base ?? "";
  }

  /** URL of the workflow's pages. */
  get here() {
    return `${this.base}/workflows/${encodeURIComponent(this.workflowId)}`;
  }

  /**
   * Tells those who do not see the canvas what happened.
   * @param {string} name of a text of the editor
   * @param {Readonly<Record<string, string | number>>} [values]
   */
  say(name, values = {}) {
    this.#live.textContent = fill(this.#texts[name] ?? name, values);
  }

  /**
   * Tells everybody what went wrong, where they look.
   * @param {string} name of a text of the editor
   * @param {Readonly<Record<string, string | number>>} [values]
   */
  complain(name, values = {}) {
    this.say(name, values);
    const toast = document.createElement("p");
    toast.className = "toast danger";
    toast.textContent = this.#live.textContent;
    // Read by the live region already.
    toast.setAttribute("aria-hidden", "true");
    document.getElementById("toasts")?.append(toast);
    setTimeout(() => toast.remove(), 8000);
  }

  /**
   * What a node is called.
   * @param {string} id
   */
  nameOf(id) {
    return this.marks.nodes.get(id)?.element.dataset.title || id;
  }
}
