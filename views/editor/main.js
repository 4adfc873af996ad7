// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// Starts the editor in the browser: makes its parts and joins them. What each does is in its own file.
import { Actions } from "./actions.js";
import { NodeClipboard } from "./clipboard.js";
import { Editor } from "./editor.js";
import { pointOf } from "./elements.js";
import { CanvasForms } from "./forms.js";
import { boundsOf, NODE_SIZE } from "./geometry.js";
import { Hand } from "./gestures.js";
import { watchHandles } from "./handles.js";
import { nameKeys, obey } from "./keys.js";
import { watchFindings, watchInspector, watchOthers } from "./live.js";
import { Minimap } from "./minimap.js";
import { fitView } from "./view_math.js";
import { watchPalette } from "./palette.js";
import { Search } from "./search.js";
import { watchWheel } from "./wheel.js";

/** Below this zoom the page does not begin, since labels can hardly be read. */
const LEAST_READABLE = 0.8;

/** Starts the editor of the page. */
function start() {
  const editor = new Editor();
  const forms = new CanvasForms(editor);
  const hand = new Hand(editor, forms.openAdd);
  const clipboard = new NodeClipboard(editor);
  const search = new Search(editor);
  const minimap = new Minimap(editor);
  const actions = new Actions(editor, { hand, forms, clipboard, search, minimap });
  obey(editor, actions.table());
  nameKeys(editor.root);
  watchPalette(editor, hand, forms.openAdd);
  watchHandles(editor);
  watchWheel(editor);
  watchSpace(editor, hand);
  watchDoubleClicks(editor, forms);
  watchHistoryButtons(editor);
  watchProblems(editor);
  watchFindings(editor);
  watchInspector(editor);
  watchOthers(editor);
  editor.root.addEventListener("crewagent:cut", () => actions.delete({ reconnect: false }));
  document.addEventListener("crewagent:answer", (event) => {
    if (event instanceof CustomEvent) editor.corridor.take(String(event.detail));
  });
  editor.marks.listeners.push(() => showEmptiness(editor));
  const asked = new URLSearchParams(location.search).get("node");
  if (!editor.view.recall() || asked !== null) showStart(editor);
  if (asked !== null) editor.selection.go(`node:${asked}`);
  editor.root.classList.add("ready");
}

/** Shows everything, if it can then be read; else where the workflow begins. @param {Editor} editor */
function showStart({ marks, view }) {
  const bounds = boundsOf([...marks.places()].map(([, at]) => at));
  const whole = fitView(bounds, view.frame);
  const first = [...marks.nodes.values()].find(({ element }) =>
    element.dataset.entry !== undefined
  );
  if (whole.zoom >= LEAST_READABLE || first === undefined) return view.set(whole);
  const { x, y } = first.at;
  const zoom = LEAST_READABLE;
  view.set({ x: 60 - x * zoom, y: view.frame.height / 3 - y * zoom, zoom });
}

/** @param {Editor} editor */
function showEmptiness({ marks }) {
  const empty = document.getElementById("empty");
  if (empty) empty.hidden = marks.nodes.size > 0;
}

/** While the space bar is down, a drag moves the view. @param {Editor} editor @param {Hand} hand */
function watchSpace(editor, hand) {
  const set = (/** @type {boolean} */ isDown) => {
    hand.isSpaceDown = isDown;
    editor.canvas.classList.toggle("can-pan", isDown);
  };
  document.addEventListener("keydown", (event) => {
    if (event.key !== " " || !(event.target instanceof Node)) return;
    if (event.target !== document.body && !editor.canvas.contains(event.target)) return;
    event.preventDefault();
    set(true);
  });
  document.addEventListener("keyup", ({ key }) => key === " " && set(false));
  addEventListener("blur", () => set(false));
}

/** On a node its title, on an edge all of it, beside both a new node. @param {Editor} editor @param {CanvasForms} forms */
function watchDoubleClicks(editor, forms) {
  editor.canvas.addEventListener("dblclick", (event) => {
    if (!(event.target instanceof Element)) return;
    event.preventDefault();
    const node = event.target.closest(".node");
    const edge = event.target.closest(".edge");
    if (node instanceof SVGElement) return forms.openRename(node.dataset.node ?? "");
    if (edge instanceof SVGElement) return forms.openEdge(edge.dataset.edge ?? "");
    const { x, y } = editor.view.toCanvas(pointOf(event, editor.view.frame));
    forms.openAdd({ at: { x: x - NODE_SIZE.width / 2, y: y - NODE_SIZE.height / 2 } });
  });
}

/** Undo and redo say what they would do. @param {Editor} editor */
function watchHistoryButtons({ root, corridor }) {
  const show = () => {
    for (const name of /** @type {const} */ (["undo", "redo"])) {
      const button = root.querySelector(`[data-action="${name}"]`);
      if (!(button instanceof HTMLButtonElement)) continue;
      const summary = root.dataset[name] ?? "";
      const label = button.dataset.label ?? "";
      button.setAttribute("aria-disabled", String(summary === ""));
      button.title = summary === "" ? label : `${label}: ${summary}`;
    }
  };
  corridor.listeners.push(show);
  show();
}

/** The list of problems: show one, mend one. @param {Editor} editor */
function watchProblems({ root, selection, corridor }) {
  root.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("[data-show], [data-fix]") : null;
    if (!(button instanceof HTMLElement)) return;
    const { show, fix } = button.dataset;
    if (show !== undefined) selection.go(show);
    if (fix !== undefined) void corridor.edit(JSON.parse(fix));
  });
}

start();
