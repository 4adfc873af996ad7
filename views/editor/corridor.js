// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// The one way by which the canvas changes the package: an edit is posted, and the marks in its answer
// take the place of the old ones. Edits go one after another, so that each is made on what the one
// before it left.
import { needIn } from "./elements.js";

/**
 * @typedef {import("./editor.js").Editor} Editor
 * @typedef {import("../../schemas/edit.ts").Edit} Edit
 */

/** The way to the server. */
export class Corridor {
  /** Called after each answer, with its summary. @type {((summary: string) => void)[]} */
  listeners = [];
  #editor;
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();
  /** How many requests are under way. */
  #open = 0;
  #known = 0;

  /** @param {Editor} editor */
  constructor(editor) {
    this.#editor = editor;
  }

  /**
   * Sends an edit. Where it is refused the marks are as before, and the person is told.
   * @param {Edit} edit
   * @returns {Promise<boolean>} whether it was stored
   */
  edit(edit) {
    return this.#send("done", () => ({
      path: "/edits",
      body: { baseRevision: this.revision, edit },
    }));
  }

  /** Takes the last edit back. */
  undo() {
    return this.#send("undone", () => ({ path: "/undo", body: this.#stepBody() }));
  }

  /** Does the last undone edit again. */
  redo() {
    return this.#send("redone", () => ({ path: "/redo", body: this.#stepBody() }));
  }

  #stepBody() {
    return { baseRevision: this.revision, workflowId: this.#editor.workflowId };
  }

  /** The revision that the marks show. */
  get revision() {
    return Number(this.#editor.root.dataset.revision);
  }

  /**
   * Catches up with a revision that somebody else made.
   * @param {number} revision
   */
  async catchUp(revision) {
    this.#known = Math.max(this.#known, revision);
    // An answer under way will bring it along.
    if (this.#open > 0 || this.#known <= this.revision) return;
    await this.#queue(async () => {
      if (this.#known <= this.revision) return true;
      const response = await fetch(`${this.#editor.here}/canvas?since=${this.revision}`, {
        headers: { accept: "text/html" },
      });
      if (!response.ok) return this.#refused(response);
      const summary = this.take(await response.text(), { others: true });
      this.#editor.say("others", { summary });
      return true;
    });
  }

  /**
   * @param {"done" | "undone" | "redone"} said
   * @param {() => { readonly path: string, readonly body: unknown }} request made when its turn comes
   */
  #send(said, request) {
    return this.#queue(async () => {
      const { path, body } = request();
      const response = await fetch(this.#editor.base + path, {
        method: "POST",
        headers: {
          "accept": "text/html",
          "content-type": "application/json",
          "x-csrf-token": csrfToken(),
        },
        body: JSON.stringify(body),
      });
      if (!response.ok) return this.#refused(response);
      const summary = this.take(await response.text());
      this.#editor.say(said, { summary });
      return true;
    });
  }

  /** @param {() => Promise<boolean>} work @returns {Promise<boolean>} */
  #queue(work) {
    this.#open += 1;
    const turn = this.#last.then(work).catch((error) => {
      // `fetch` rejects with a TypeError where there was no answer at all.
      if (!(error instanceof TypeError)) throw error;
      this.#editor.complain("offline");
      return false;
    }).finally(() => {
      this.#open -= 1;
      if (this.#open === 0 && this.#known > this.revision) void this.catchUp(this.#known);
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** @param {Response} response */
  async #refused(response) {
    const text = await response.text();
    this.#editor.complain("failed", { message: messageOf(text) ?? response.statusText });
    if (response.status === 409) this.#known = this.revision + 1;
    return false;
  }

  /**
   * Puts an answer into the page: its marks, the revision, what undo and redo would do.
   * @param {string} html
   * @param {{ readonly others?: boolean }} [options] `others`: nothing to select, it is not ours
   * @returns {string} the summary of the edit
   */
  take(html, { others = false } = {}) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const answer = needIn(page, "#answer", HTMLElement);
    const { root, marks, selection } = this.#editor;
    const { revision = "0", summary = "", undo = "", redo = "", select = "[]" } = answer.dataset;
    if (answer.dataset.workflowId === this.#editor.workflowId) {
      marks.take(answer);
      Object.assign(root.dataset, { revision, undo, redo });
      /** @type {string[]} */
      const chosen = others ? [] : JSON.parse(select);
      if (chosen.length > 0) {
        selection.set(chosen);
        selection.focus();
        selection.reveal();
      } else selection.prune();
    }
    document.dispatchEvent(new CustomEvent("crewagent:revision", { detail: Number(revision) }));
    for (const listener of this.listeners) listener(summary);
    return summary;
  }
}

/** The token that every change has to carry. */
export function csrfToken() {
  return document.querySelector('meta[name="csrf"]')?.getAttribute("content") ?? "";
}

/**
 * The message of an error's answer, JSON or page.
 * @param {string} text
 * @returns {string | undefined}
 */
function messageOf(text) {
  try {
    const message = JSON.parse(text)?.error?.message;
    if (typeof message === "string") return message;
  } catch {
    // A page, then.
  }
  const page = new DOMParser().parseFromString(text, "text/html");
  return page.querySelector("[data-error], main p")?.textContent?.trim();
}
