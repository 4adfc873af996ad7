// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// What arrives by itself after an edit: the findings, a moment later so that they hold nothing up; the
// revisions of other tabs; and the properties of what is selected.

/** @typedef {import("./editor.js").Editor} Editor */

/** Findings are asked for when edits pause this long. */
const PAUSE_MS = 300;

/**
 * Keeps badges and the list of problems up to date.
 * @param {Editor} editor
 */
export function watchFindings(editor) {
  let timer = 0;
  let asked = 0;
  const load = async () => {
    const turn = ++asked;
    const response = await fetch(`${editor.here}/findings`, { headers: { accept: "text/html" } });
    // A later question makes this answer old.
    if (!response.ok || turn !== asked) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const list = page.getElementById("findings");
    if (list) document.getElementById("findings")?.replaceWith(document.adoptNode(list));
    for (const old of editor.canvas.querySelectorAll(".flaw")) {
      old.parentElement?.removeAttribute("aria-description");
      old.remove();
    }
    for (const badge of page.querySelectorAll(".flaw")) {
      const mark = document.getElementById(badge.getAttribute("data-for") ?? "");
      mark?.setAttribute("aria-description", badge.getAttribute("data-said") ?? "");
      mark?.append(document.adoptNode(badge));
    }
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => load().catch(() => undefined), PAUSE_MS);
  };
  editor.corridor.listeners.push(soon);
  soon();
}

/**
 * Catches up when another tab or program changes the package. Only a tab that can be seen listens: a
 * browser opens six connections to one server, and the seventh tab would wait for ever for its page.
 * @param {Editor} editor
 */
export function watchOthers(editor) {
  /** @type {EventSource | undefined} */
  let source;
  const leave = () => {
    source?.close();
    source = undefined;
  };
  const listen = () => {
    leave();
    if (document.visibilityState === "hidden") return;
    source = new EventSource(`${editor.base}/events`);
    source.addEventListener("revision", (event) => {
      const { revision } = JSON.parse(event.data);
      if (Number.isInteger(revision)) void editor.corridor.catchUp(revision);
    });
  };
  document.addEventListener("visibilitychange", listen);
  // A page that comes back from the browser's memory listens again.
  addEventListener("pageshow", ({ persisted }) => persisted && listen());
  addEventListener("pagehide", leave);
  listen();
}

/**
 * Fills the properties with the forms of what is selected.
 * @param {Editor} editor
 */
export function watchInspector(editor) {
  const panel = document.getElementById("inspector");
  if (panel === null) return;
  let asked = 0;
  const load = async () => {
    const turn = ++asked;
    const { selection } = editor;
    const query = new URLSearchParams();
    if (selection.node) query.set("node", selection.node.id);
    else if (selection.edge) query.set("edge", selection.edge.ref);
    const response = await fetch(`${editor.here}/inspector?${query}`, {
      headers: { accept: "text/html", "HX-Request": "true" },
    });
    if (turn !== asked || !response.ok) return;
    const html = await response.text();
    // Somebody types there: what they type is newer than what arrives.
    if (panel.contains(document.activeElement) && panel.dataset.for === String(query)) return;
    panel.dataset.for = String(query);
    panel.innerHTML = html;
    const { htmx } = /** @type {{ htmx?: { process(element: Element): void } }} */ (window);
    htmx?.process(panel);
  };
  const quietly = () => void load().catch(() => undefined);
  document.addEventListener("crewagent:select", quietly);
  editor.corridor.listeners.push(quietly);
  quietly();
}
