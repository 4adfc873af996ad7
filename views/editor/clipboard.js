// @ts-check
/// <reference lib="dom" />
// Copy, cut and paste of nodes, also into another workflow or package. What is copied is JSON text on
// the system's clipboard; where that may not be written, the browser tab remembers it.
import { csrfToken } from "./corridor.js";
import { snapToGrid } from "./geometry.js";

/** @typedef {import("./editor.js").Editor} Editor */

const STORED = "crewagent.clip";

/** How far a copy lies from what was copied. */
const ASIDE = 40;

/** The nodes that were copied. */
export class NodeClipboard {
  #editor;
  /** Where the pointer is on the canvas. @type {import("./geometry.js").Point | undefined} */
  #pointer;

  /** @param {Editor} editor */
  constructor(editor) {
    this.#editor = editor;
    const { canvas, view } = editor;
    canvas.addEventListener("pointermove", ({ clientX, clientY }) => {
      this.#pointer = { x: clientX - view.frame.left, y: clientY - view.frame.top };
    });
    canvas.addEventListener("pointerleave", () => this.#pointer = undefined);
    document.addEventListener("copy", (event) => this.#onCopy(event));
    document.addEventListener("cut", (event) => this.#onCopy(event, { cut: true }));
    document.addEventListener("paste", (event) => this.#onPaste(event));
  }

  /** Whether keys and menus mean the canvas, not a field of a form. */
  get #isCanvas() {
    const { activeElement } = document;
    return activeElement === document.body || this.#editor.canvas.contains(activeElement);
  }

  /** @param {ClipboardEvent} event @param {{ readonly cut?: boolean }} [options] */
  #onCopy(event, { cut = false } = {}) {
    if (!this.#isCanvas || this.#editor.selection.nodeIds.length === 0) return;
    event.preventDefault();
    void this.copy().then((isCopied) => {
      if (isCopied && cut) this.#editor.root.dispatchEvent(new CustomEvent("crewagent:cut"));
    });
  }

  /** Copies the selected nodes with the edges among them. */
  async copy() {
    const nodeIds = this.#editor.selection.nodeIds;
    const text = this.#fetchClip(nodeIds);
    const isStored = this.#store(text);
    const clip = await text;
    await isStored;
    if (clip === undefined) return false;
    this.#editor.say("copied", { count: nodeIds.length });
    return true;
  }

  /** @param {readonly string[]} nodeIds @returns {Promise<string | undefined>} */
  async #fetchClip(nodeIds) {
    const response = await fetch(`${this.#editor.here}/clip`, {
      method: "POST",
      headers: {
        "accept": "application/json",
        "content-type": "application/json",
        "x-csrf-token": csrfToken(),
      },
      body: JSON.stringify({ nodeIds }),
    });
    const { data, error } = await response.json();
    if (response.ok) return JSON.stringify(data);
    this.#editor.complain("failed", { message: error?.message ?? "" });
    return undefined;
  }

  /** @param {Promise<string | undefined>} text */
  async #store(text) {
    // The clipboard may be written only while the key's press still counts, so the promise goes in.
    const blob = text.then((clip) => new Blob([clip ?? ""], { type: "text/plain" }));
    const isWritten = navigator.clipboard === undefined
      ? Promise.resolve(false)
      : navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })])
        .then(() => true, () => false);
    const clip = await text;
    if (clip === undefined) return;
    if (await isWritten) sessionStorage.removeItem(STORED);
    else sessionStorage.setItem(STORED, clip);
  }

  /** @param {ClipboardEvent} event */
  #onPaste(event) {
    if (!this.#isCanvas) return;
    event.preventDefault();
    this.paste(event.clipboardData?.getData("text/plain") ?? "");
  }

  /** @param {string} text of the system's clipboard */
  paste(text) {
    const clip = clipOf(sessionStorage.getItem(STORED) ?? "") ?? clipOf(text);
    if (clip === undefined) return this.#editor.complain("nothingToPaste");
    const { corridor, workflowId } = this.#editor;
    void corridor.edit({ kind: "nodes.paste", workflowId, clip, at: this.#place(clip) });
  }

  /** @param {import("../../schemas/edit.ts").Clip} clip */
  #place(clip) {
    const { view, marks } = this.#editor;
    if (this.#pointer) return snapToGrid(view.toCanvas(this.#pointer));
    const taken = new Set([...marks.nodes.values()].map(({ at }) => `${at.x},${at.y}`));
    const xs = clip.nodes.map(({ at }) => at.x);
    const ys = clip.nodes.map(({ at }) => at.y);
    let at = { x: Math.min(...xs), y: Math.min(...ys) };
    while (taken.has(`${at.x},${at.y}`)) at = { x: at.x + ASIDE, y: at.y + ASIDE };
    return at;
  }

  /** Copies the selected nodes beside themselves. */
  duplicate() {
    const { corridor, workflowId, selection } = this.#editor;
    const nodeIds = selection.nodeIds;
    if (nodeIds.length === 0) return;
    const by = { x: ASIDE, y: ASIDE };
    void corridor.edit({ kind: "nodes.duplicate", workflowId, nodeIds, by });
  }
}

/**
 * A text as a clip; undefined where it is something else. The server checks all of it.
 * @param {string} text
 * @returns {import("../../schemas/edit.ts").Clip | undefined}
 */
function clipOf(text) {
  if (!text.includes("crewagent.nodes/1")) return undefined;
  try {
    const clip = JSON.parse(text);
    return Array.isArray(clip?.nodes) && clip.nodes.length > 0 ? clip : undefined;
  } catch {
    return undefined;
  }
}
