// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// Finds nodes by title, id, note, and edges by label: highlights the hits, Enter walks through them.
import { need } from "./elements.js";

/** @typedef {import("./editor.js").Editor} Editor */

/** The search of the canvas. */
export class Search {
  #editor;
  #field = need("search", HTMLInputElement);
  #output = need("hits", HTMLOutputElement);
  /** @type {string[]} */
  #hits = [];
  #index = -1;

  /** @param {Editor} editor */
  constructor(editor) {
    this.#editor = editor;
    this.#field.addEventListener("input", () => this.#find());
    this.#field.addEventListener("keydown", (event) => this.#onKey(event));
    editor.marks.listeners.push(() => this.#field.value && this.#find());
  }

  /** Puts the cursor into the field. */
  open() {
    this.#field.focus();
    this.#field.select();
  }

  #find() {
    for (const id of this.#hits) document.getElementById(id)?.classList.remove("hit");
    const words = this.#field.value.trim().toLocaleLowerCase();
    this.#index = -1;
    this.#hits = words === ""
      ? []
      : [...this.#texts()].filter(([, text]) => text.toLocaleLowerCase().includes(words)).map((
        [id],
      ) => id);
    for (const id of this.#hits) document.getElementById(id)?.classList.add("hit");
    this.#editor.canvas.classList.toggle("searching", words !== "");
    this.#output.value = words === "" ? "" : String(this.#hits.length);
  }

  /** @returns {Iterable<readonly [string, string]>} */
  *#texts() {
    const { nodes, edges } = this.#editor.marks;
    for (const { id, element } of nodes.values()) {
      const note = element.querySelector(".node-note")?.textContent ?? "";
      yield [element.id, `${element.dataset.title}\n${id}\n${note}`];
    }
    for (const { element } of edges.values()) {
      yield [element.id, `${element.dataset.label}\n${element.dataset.condition ?? ""}`];
    }
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    event.stopPropagation();
    if (event.key === "Escape") {
      this.#field.value = "";
      this.#find();
      this.#editor.selection.focus();
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.#walk(event.shiftKey ? -1 : 1);
    }
  }

  /** @param {1 | -1} step */
  #walk(step) {
    const count = this.#hits.length;
    if (count === 0) return this.#editor.say("noHits");
    this.#index = this.#index < 0 && step < 0 ? count - 1 : (this.#index + step + count) % count;
    const id = this.#hits[this.#index];
    if (id === undefined) return;
    const { selection } = this.#editor;
    selection.set([id]);
    selection.reveal();
    this.#output.value = `${this.#index + 1} / ${count}`;
    this.#editor.say("hits", { count, index: this.#index + 1 });
  }
}
