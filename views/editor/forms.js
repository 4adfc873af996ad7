// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// The small forms on the canvas: where they stand, what they are filled with, and the edit that they
// post. One is open at a time; Escape or a press elsewhere leaves it.
import { need, needIn } from "./elements.js";
import { freePlace, NODE_SIZE, snapToGrid } from "./geometry.js";
import { toWindow } from "./view_math.js";

/**
 * @typedef {import("./editor.js").Editor} Editor
 * @typedef {import("./geometry.js").Point} Point
 * @typedef {import("../../schemas/package.ts").NodeType} NodeType
 *
 * What is known of a new node: its place (else the middle, or after `from`), the node it follows, the
 * edge it comes into, its type.
 * @typedef {{ readonly at?: Point, readonly from?: string, readonly onEdge?: string,
 *   readonly type?: string }} NewNode
 *
 * @typedef {(node: NewNode) => void} OpenAdd
 */

/** The forms on the canvas. */
export class CanvasForms {
  #editor;
  #add = need("add-form", HTMLFormElement);
  #rename = need("rename-form", HTMLFormElement);
  #edge = need("edge-form", HTMLFormElement);
  #error = need("edge-error", HTMLElement);
  /** @type {HTMLFormElement | undefined} */
  #open;
  /** Of the canvas. @type {Point} */
  #at = { x: 0, y: 0 };
  /** @type {NewNode} */
  #new = {};
  /** Id or ref of what is edited. */
  #subject = "";

  /** @param {Editor} editor */
  constructor(editor) {
    this.#editor = editor;
    this.#listen(this.#add, () => this.#submitAdd());
    this.#listen(this.#rename, () => this.#submitRename());
    this.#listen(this.#edge, () => this.#submitEdge());
    document.addEventListener("pointerdown", ({ target }) => {
      if (this.#open && target instanceof Node && !this.#open.contains(target)) this.close();
    }, { capture: true });
    // A view that comes to rest late must not take the field from who types already.
    editor.view.listeners.push(() => this.#place());
  }

  /** @param {HTMLFormElement} form @param {() => void} submit */
  #listen(form, submit) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      submit();
    });
    form.addEventListener("keydown", (event) => {
      event.stopPropagation();
      const isSubmit = event.key === "Enter" && (event.ctrlKey || event.metaKey);
      if (isSubmit) form.requestSubmit();
      if (event.key !== "Escape") return;
      this.close();
      this.#editor.selection.focus();
    });
    for (const button of form.querySelectorAll("[data-close]")) {
      button.addEventListener("click", () => {
        this.close();
        this.#editor.selection.focus();
      });
    }
  }

  /** Whether a form is open. */
  get isOpen() {
    return this.#open !== undefined;
  }

  /** Leaves the open form, whatever is in it. */
  close() {
    if (this.#open) this.#open.hidden = true;
    this.#open = undefined;
  }

  /** @param {HTMLFormElement} form @param {Point} at of the canvas @param {Element} first */
  #show(form, at, first) {
    this.close();
    this.#open = form;
    this.#at = at;
    form.hidden = false;
    this.#place();
    if (first instanceof HTMLInputElement) {
      first.focus({ preventScroll: true });
      first.select();
    }
  }

  /** Puts the open form where its subject is, as far as that is in sight. */
  #place() {
    const form = this.#open;
    if (form === undefined) return;
    const { view } = this.#editor;
    const { x, y } = toWindow(view.current, this.#at);
    const { offsetWidth, offsetHeight } = form;
    const left = Math.max(8, Math.min(x, view.frame.width - offsetWidth - 8));
    const top = Math.max(8, Math.min(y, view.frame.height - offsetHeight - 8));
    form.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }

  /** Asks for a new node. @type {OpenAdd} */
  openAdd = (node) => {
    const at = this.#placeFor(node);
    this.#new = { ...node, at };
    this.#add.reset();
    const choice = this.#add.querySelector(`[name="type"][value="${node.type ?? "step"}"]`);
    if (choice instanceof HTMLInputElement) choice.checked = true;
    this.#show(this.#add, at, needIn(this.#add, "#add-title", HTMLInputElement));
  };

  /** @param {NewNode} node @returns {Point} */
  #placeFor({ at, from, onEdge }) {
    const { marks, view } = this.#editor;
    if (at) return snapToGrid(at);
    const taken = [...marks.nodes.values()].map((mark) => mark.at);
    const before = from === undefined ? undefined : marks.nodes.get(from)?.at;
    if (before) return freePlace({ x: before.x + NODE_SIZE.width + 80, y: before.y }, taken);
    const middle = onEdge === undefined
      ? view.toCanvas(view.middle())
      : marks.edges.get(onEdge)?.shape.label ?? { x: 0, y: 0 };
    const corner = { x: middle.x - NODE_SIZE.width / 2, y: middle.y - NODE_SIZE.height / 2 };
    return freePlace(corner, taken);
  }

  #submitAdd() {
    const fields = new FormData(this.#add);
    const title = String(fields.get("title") ?? "").trim();
    const { at = { x: 0, y: 0 }, from, onEdge } = this.#new;
    this.close();
    void this.#editor.corridor.edit({
      kind: "node.add",
      workflowId: this.#editor.workflowId,
      type: /** @type {NodeType} */ (String(fields.get("type") ?? "step")),
      at,
      ...(title && { title }),
      ...(from !== undefined && { from: { nodeId: from } }),
      ...(onEdge !== undefined && { onEdge }),
    });
  }

  /**
   * Edits a node's title where it stands.
   * @param {string} id
   */
  openRename(id) {
    const mark = this.#editor.marks.nodes.get(id);
    if (mark === undefined) return;
    this.#subject = id;
    const field = needIn(this.#rename, "#rename-title", HTMLInputElement);
    field.value = mark.element.dataset.title ?? "";
    this.#show(this.#rename, { x: mark.at.x, y: mark.at.y + 12 }, field);
  }

  #submitRename() {
    const title = needIn(this.#rename, "#rename-title", HTMLInputElement).value.trim();
    const nodeId = this.#subject;
    this.close();
    this.#editor.selection.focus();
    const before = this.#editor.marks.nodes.get(nodeId)?.element.dataset.title ?? "";
    if (title === before) return;
    const { workflowId } = this.#editor;
    void this.#editor.corridor.edit({
      kind: "node.change",
      workflowId,
      nodeId,
      fields: { title: title || null },
    });
  }

  /**
   * Edits all of an edge where its label stands.
   * @param {string} ref
   */
  openEdge(ref) {
    const mark = this.#editor.marks.edges.get(ref);
    if (mark === undefined) return;
    this.#subject = ref;
    const { label = "", condition = "", expr = "" } = mark.element.dataset;
    this.#field("edge-label", HTMLInputElement).value = label;
    needIn(this.#edge, '[name="isDefault"]', HTMLInputElement).checked =
      mark.element.dataset.default !== undefined;
    this.#field("edge-condition", HTMLTextAreaElement).value = condition;
    // A short one reads best on one line.
    const text = expr.length > 90 ? JSON.stringify(JSON.parse(expr), null, 1) : expr;
    this.#field("edge-expr", HTMLTextAreaElement).value = text;
    this.#error.textContent = "";
    const at = { x: mark.shape.label.x + 8, y: mark.shape.label.y + 12 };
    this.#show(this.#edge, at, this.#field("edge-label", HTMLInputElement));
  }

  /**
   * @template {Element} T
   * @param {string} id
   * @param {new () => T} type
   */
  #field(id, type) {
    return needIn(this.#edge, `#${id}`, type);
  }

  #submitEdge() {
    const mark = this.#editor.marks.edges.get(this.#subject);
    if (mark === undefined) return this.close();
    const expression = this.#expression();
    if (expression === undefined) return;
    const was = mark.element.dataset;
    const label = this.#field("edge-label", HTMLInputElement).value.trim();
    const isDefault = needIn(this.#edge, '[name="isDefault"]', HTMLInputElement).checked;
    const conditionText = this.#field("edge-condition", HTMLTextAreaElement).value.trim();
    const fields = {
      ...(label !== was.label && label && { label }),
      ...(isDefault !== (was.default !== undefined) && { isDefault }),
      ...(conditionText !== (was.condition ?? "") && { conditionText: conditionText || null }),
      ...(JSON.stringify(expression) !== (was.expr ?? "null") && { conditionExpr: expression }),
    };
    const edge = this.#subject;
    this.close();
    this.#editor.selection.focus();
    if (Object.keys(fields).length === 0) return;
    const { workflowId } = this.#editor;
    void this.#editor.corridor.edit({ kind: "edge.change", workflowId, edge, fields });
  }

  /** The expression; null for none, undefined (and said why) for what is no JSON object. */
  #expression() {
    const text = this.#field("edge-expr", HTMLTextAreaElement).value.trim();
    if (text === "") return null;
    try {
      const value = JSON.parse(text);
      if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
      throw new SyntaxError("{…}");
    } catch (error) {
      const message = error instanceof Error ? error.message : "";
      this.#editor.say("badExpression", { message });
      this.#error.textContent = need("live", HTMLElement).textContent;
      this.#field("edge-expr", HTMLTextAreaElement).focus();
      return undefined;
    }
  }
}
