// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// The window on the canvas: pan and zoom by one transform of the stage and by nothing else. Layout is
// read when the window changes its size, never while it moves.
import { need } from "./elements.js";
import { fitView, revealView, saneZoom, toCanvas, visibleBox, zoomAt } from "./view_math.js";

/**
 * @typedef {import("./geometry.js").Point} Point
 * @typedef {import("./geometry.js").Box} Box
 * @typedef {import("./view_math.js").View} View
 */

/** Below this zoom the words on the canvas cannot be read, so they are not drawn. */
const FAR = 0.4;

/** Below this zoom so much is in sight that even to look at every mark takes too long for a frame. */
const DISTANT = 0.6;

/** The window on the canvas. */
export class CanvasView {
  /** @type {View} */
  current = { x: 0, y: 0, zoom: 1 };
  /** The canvas's place in the page. @type {{ left: number, top: number, width: number, height: number }} */
  frame = { left: 0, top: 0, width: 1, height: 1 };
  /** Called after the view changed. @type {(() => void)[]} */
  listeners = [];
  /** Lies over the marks while the view moves: the browser need not look which one is hit. */
  shield = need("shield", HTMLElement);
  #canvas = need("canvas", HTMLElement);
  #stage = need("stage", HTMLElement);
  #zoomText = need("zoom", HTMLElement);
  #key;
  #frameRequest = 0;
  #settleTimer = 0;

  /** @param {string} key names this canvas among those of the browser tab */
  constructor(key) {
    this.#key = `view:${key}`;
    const measure = () => {
      const { left, top, width, height } = this.#canvas.getBoundingClientRect();
      this.frame = { left, top, width: width || 1, height: height || 1 };
    };
    measure();
    new ResizeObserver(measure).observe(this.#canvas);
    addEventListener("resize", measure);
    addEventListener("scroll", measure, { passive: true });
    // The browser scrolls to what it focuses; here only the view may move.
    this.#canvas.addEventListener("scroll", () => this.#canvas.scrollTo(0, 0));
  }

  /** @param {View} view */
  set(view) {
    this.current = view;
    this.#frameRequest ||= requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.#frameRequest = 0;
    const { x, y, zoom } = this.current;
    this.#stage.style.transform = `translate(${x}px, ${y}px) scale(${zoom})`;
    this.#stage.classList.add("moving");
    if (zoom < DISTANT) this.#stage.classList.add("distant");
    this.shield.hidden = false;
    clearTimeout(this.#settleTimer);
    this.#settleTimer = setTimeout(() => this.#settle(), 300);
    for (const listener of this.listeners) listener();
  }

  /** What need not happen in every frame. */
  #settle() {
    // Without the hint the browser draws the marks anew, sharp at this zoom.
    this.#stage.classList.remove("moving");
    this.#stage.classList.toggle("distant", this.current.zoom < DISTANT);
    this.shield.hidden = true;
    // A class on the canvas costs the style of every mark, so not while it moves either.
    this.#canvas.classList.toggle("far", this.current.zoom < FAR);
    this.#zoomText.textContent = `${Math.round(this.current.zoom * 100)} %`;
    sessionStorage.setItem(this.#key, JSON.stringify(this.current));
  }

  /** @param {number} dx @param {number} dy in pixels of the window */
  panBy(dx, dy) {
    const { x, y, zoom } = this.current;
    this.set({ x: x + dx, y: y + dy, zoom });
  }

  /** @param {number} factor @param {Point} [point] of the window; its middle otherwise */
  zoomBy(factor, point = this.middle()) {
    this.set(zoomAt(this.current, point, factor));
  }

  /** @param {number} zoom */
  zoomTo(zoom) {
    this.zoomBy(zoom / this.current.zoom);
  }

  /** @returns {Point} */
  middle() {
    return { x: this.frame.width / 2, y: this.frame.height / 2 };
  }

  /** @param {Box | undefined} box */
  fit(box) {
    this.set(fitView(box, this.frame));
  }

  /** @param {Box} box */
  reveal(box) {
    const view = revealView(this.current, box, this.frame);
    if (view !== this.current) this.set(view);
  }

  /** @param {Point} point of the window @returns {Point} */
  toCanvas(point) {
    return toCanvas(this.current, point);
  }

  /** @returns {Box} */
  visible() {
    return visibleBox(this.current, this.frame);
  }

  /** Returns to where the person left this canvas in this tab; false if they were never here. */
  recall() {
    try {
      const { x, y, zoom } = JSON.parse(sessionStorage.getItem(this.#key) ?? "null");
      if (![x, y, zoom].every(Number.isFinite)) return false;
      this.set({ x, y, zoom: saneZoom(zoom) });
      return true;
    } catch {
      return false;
    }
  }
}
