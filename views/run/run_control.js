// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// The page of a run: its clock, and its map, which can be panned, zoomed and clicked. The stream draws
// the panel anew; where one looks and what one has opened stays. Without this file all is there as text.
import { visibleBox, zoomAt } from "../editor/view_math.js";

/**
 * @typedef {import("../editor/view_math.js").View} View
 * @typedef {import("../editor/view_math.js").Size} Size
 * @typedef {import("../editor/geometry.js").Box} Box
 */

/** Moves less than this are a click. */
const CLICK_PX = 4;
const ZOOM_STEP = 1.3;

/** Below this a map is too small to read, so that the node where the run stands is shown larger. */
const LEAST_ZOOM = 0.85;

/** Where the person looks; undefined where nobody moved the map. @type {View | undefined} */
let view;
/** The person asked for the whole map. */
let isWhole = false;
/** Nodes of the list that are open. @type {Set<string>} */
const opened = new Set();
/** The map that has its handlers. @type {Element | null} */
let known = null;

tick();
setInterval(tick, 1000);
take();
const body = document.querySelector(".run-body");
if (body) new MutationObserver(take).observe(body, { childList: true, subtree: true });

/** The time that a run was driven goes on while it is. */
function tick() {
  for (const clock of document.querySelectorAll("[data-driven-since]")) {
    if (!(clock instanceof HTMLElement)) continue;
    const { drivenMs, drivenSince = "" } = clock.dataset;
    const now = Math.max(0, Date.now() - Date.parse(drivenSince));
    const text = duration(Number(drivenMs) + now);
    if (clock.textContent !== text) clock.textContent = text;
  }
}

/** As `views/run/run_phase.tsx` says it, in whole seconds. @param {number} ms */
function duration(ms) {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds / 60) % 60} min`;
}

/** Takes a map and a list that were drawn anew. */
function take() {
  const map = document.querySelector(".run-map");
  if (map === known) return;
  known = map;
  openAgain();
  if (!(map instanceof SVGSVGElement)) return;
  const whole = map.getAttribute("viewBox") ?? "";
  show(map, whole);
  watchPointer(map, whole);
  watchButtons(map, whole);
}

function openAgain() {
  for (const entry of document.querySelectorAll("details.run-node")) {
    if (!(entry instanceof HTMLDetailsElement)) continue;
    const nodeId = entry.dataset.node ?? "";
    entry.open = opened.has(nodeId);
    entry.addEventListener("toggle", () => {
      if (entry.open) opened.add(nodeId);
      else if (entry.isConnected) opened.delete(nodeId);
    });
  }
}

/** @param {SVGSVGElement} map @returns {Size} */
function sizeOf(map) {
  const { width, height } = map.getBoundingClientRect();
  return { width: width || 1, height: height || 1 };
}

/** @param {string} whole @returns {Box} */
function boxOf(whole) {
  const [x = 0, y = 0, width = 1, height = 1] = whole.split(" ").map(Number);
  return { x, y, width, height };
}

/** @param {SVGSVGElement} map @param {string} whole */
function show(map, whole) {
  if (view === undefined && !focusOf(map, whole)) {
    map.setAttribute("viewBox", whole);
    return;
  }
  const { x, y, width, height } = visibleBox(present(map, whole), sizeOf(map));
  map.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
}

/** @param {SVGSVGElement} map @param {string} whole @returns {View} */
function present(map, whole) {
  if (view !== undefined) return view;
  const [{ x, y, width, height }, size] = [boxOf(whole), sizeOf(map)];
  const at = focusOf(map, whole);
  const zoom = at ? LEAST_ZOOM : fittingZoom(map, whole);
  /** @type {(whole: number, start: number, shown: number, wanted: number | undefined) => number} */
  const offset = (length, start, shown, wanted) => {
    if (wanted === undefined || length * zoom <= shown) {
      return shown / 2 - (start + length / 2) * zoom;
    }
    return Math.min(
      -start * zoom,
      Math.max(shown - (start + length) * zoom, shown / 2 - wanted * zoom),
    );
  };
  return {
    x: offset(width, x, size.width, at?.x),
    y: offset(height, y, size.height, at?.y),
    zoom,
  };
}

/** As the browser fits a viewBox into an element. @param {SVGSVGElement} map @param {string} whole */
function fittingZoom(map, whole) {
  const [{ width, height }, size] = [boxOf(whole), sizeOf(map)];
  return Math.min(size.width / width, size.height / height);
}

/**
 * The middle of the node where the run stands, if the whole map would be too small; a map that has no
 * size yet is whole.
 * @param {SVGSVGElement} map @param {string} whole
 */
function focusOf(map, whole) {
  if (isWhole || sizeOf(map).width === 1 || fittingZoom(map, whole) >= LEAST_ZOOM) return undefined;
  const node = map.querySelector(
    ".map-node:is(.running, .waiting, .paused, .failed, .next) .map-box",
  );
  if (!(node instanceof SVGGraphicsElement)) return undefined;
  const { x, y, width, height } = node.getBBox();
  return { x: x + width / 2, y: y + height / 2 };
}

/** @param {SVGSVGElement} map @param {string} whole */
function watchPointer(map, whole) {
  /** @type {{ x: number, y: number, moved: boolean, from: View } | undefined} */
  let grip;
  map.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    grip = { x: event.clientX, y: event.clientY, moved: false, from: present(map, whole) };
  });
  map.addEventListener("pointermove", (event) => {
    if (!grip || event.buttons === 0) return;
    const [dx, dy] = [event.clientX - grip.x, event.clientY - grip.y];
    if (!grip.moved && Math.hypot(dx, dy) < CLICK_PX) return;
    if (!grip.moved) map.setPointerCapture(event.pointerId);
    grip.moved = true;
    view = { ...grip.from, x: grip.from.x + dx, y: grip.from.y + dy };
    show(map, whole);
  });
  map.addEventListener("click", (event) => {
    const moved = grip?.moved ?? false;
    grip = undefined;
    if (!moved && event.target instanceof Element) choose(event.target);
  });
  map.addEventListener("wheel", (event) => {
    // The wheel alone scrolls the panel that the map stands in.
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const { left, top } = map.getBoundingClientRect();
    const at = { x: event.clientX - left, y: event.clientY - top };
    view = zoomAt(present(map, whole), at, event.deltaY < 0 ? ZOOM_STEP : 1 / ZOOM_STEP);
    show(map, whole);
  }, { passive: false });
}

/** Opens what can be done at a node. @param {Element} target */
function choose(target) {
  const node = target.closest("[data-node]");
  const nodeId = node instanceof SVGElement ? node.dataset.node : undefined;
  if (nodeId === undefined) return;
  for (const entry of document.querySelectorAll("details.run-node")) {
    if (!(entry instanceof HTMLDetailsElement) || entry.dataset.node !== nodeId) continue;
    entry.open = true;
    const summary = entry.querySelector("summary");
    summary?.focus({ preventScroll: true });
    entry.scrollIntoView({ block: "nearest" });
  }
}

/** @param {SVGSVGElement} map @param {string} whole */
function watchButtons(map, whole) {
  const bar = document.querySelector(".run-map-zoom");
  if (!(bar instanceof HTMLElement)) return;
  bar.hidden = false;
  bar.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button) return;
    const { zoom } = button.dataset;
    const { width, height } = sizeOf(map);
    const factor = zoom === "in" ? ZOOM_STEP : 1 / ZOOM_STEP;
    isWhole = zoom === "fit";
    view = zoom === "fit"
      ? undefined
      : zoomAt(present(map, whole), { x: width / 2, y: height / 2 }, factor);
    show(map, whole);
  });
}
