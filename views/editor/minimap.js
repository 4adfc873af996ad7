// @ts-check
/// <reference lib="dom" />
// The map in the corner: every node as a rectangle, drawn when marks change; the part in sight as a
// frame that moves by a transform. A press moves the view there.
import { need, needIn } from "./elements.js";
import { boundsOf, NODE_SIZE } from "./geometry.js";
import { fitView, toCanvas, toWindow } from "./view_math.js";

/** @typedef {import("./editor.js").Editor} Editor */

const SIZE = { width: 160, height: 100 };

/** Pixels of the drawing for one of the page, for sharp lines on good screens. */
const DENSITY = 2;

/** The map of the whole canvas. */
export class Minimap {
  #editor;
  #root = need("minimap", HTMLElement);
  #drawing = needIn(this.#root, "canvas", HTMLCanvasElement);
  #frame = need("minimap-view", HTMLElement);
  /** @type {import("./view_math.js").View} */
  #map = { x: 0, y: 0, zoom: 1 };
  #request = 0;
  #timer = 0;
  /** Of the frame, as it is painted. */
  #size = { width: 1, height: 1 };

  /** @param {Editor} editor */
  constructor(editor) {
    this.#editor = editor;
    editor.marks.listeners.push(() => this.#redraw());
    editor.view.listeners.push(() => this.#place());
    // The theme may be that of the system, or a choice that another tab made.
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#redraw());
    new MutationObserver(() => this.#redraw())
      .observe(document.documentElement, { attributeFilter: ["data-theme"] });
    this.#root.addEventListener("pointerdown", (event) => this.#press(event));
    this.#root.addEventListener("pointermove", (event) => {
      if (event.buttons === 1) this.#go(event);
    });
    this.#redraw();
  }

  /** Shows it, or hides it. */
  toggle() {
    this.#root.hidden = !this.#root.hidden;
    this.#redraw();
  }

  #redraw() {
    this.#request ||= requestAnimationFrame(() => {
      this.#request = 0;
      if (!this.#root.hidden) this.#draw();
    });
  }

  #draw() {
    const places = [...this.#editor.marks.places()].map(([, at]) => at);
    this.#map = fitView(boundsOf(places), SIZE, { least: 0, margin: 12 });
    const { zoom } = this.#map;
    const pen = this.#drawing.getContext("2d");
    if (pen === null) return;
    pen.setTransform(DENSITY, 0, 0, DENSITY, 0, 0);
    pen.clearRect(0, 0, SIZE.width, SIZE.height);
    pen.fillStyle = getComputedStyle(this.#root).color;
    const width = Math.max(2, NODE_SIZE.width * zoom);
    const height = Math.max(1.5, NODE_SIZE.height * zoom);
    for (const place of places) {
      const corner = toWindow(this.#map, place);
      pen.fillRect(corner.x, corner.y, width, height);
    }
    this.#place();
  }

  #place() {
    if (this.#root.hidden) return;
    const box = this.#editor.view.visible();
    const { x, y } = toWindow(this.#map, box);
    const { zoom } = this.#map;
    const width = box.width * zoom;
    const height = box.height * zoom;
    // A new size would be painted; while the view moves the old one is scaled, which is not.
    const scale = `scale(${width / this.#size.width}, ${height / this.#size.height})`;
    this.#frame.style.transform = `translate(${x}px, ${y}px) ${scale}`;
    clearTimeout(this.#timer);
    if (width === this.#size.width && height === this.#size.height) return;
    this.#timer = setTimeout(() => {
      this.#size = { width, height };
      this.#frame.style.width = `${width}px`;
      this.#frame.style.height = `${height}px`;
      this.#frame.style.transform = `translate(${x}px, ${y}px)`;
    }, 200);
  }

  /** @param {PointerEvent} event */
  #press(event) {
    event.preventDefault();
    this.#root.setPointerCapture(event.pointerId);
    this.#go(event);
  }

  /** @param {PointerEvent} event */
  #go(event) {
    const { left, top } = this.#root.getBoundingClientRect();
    const at = toCanvas(this.#map, { x: event.clientX - left, y: event.clientY - top });
    const { view } = this.#editor;
    const { zoom } = view.current;
    const middle = view.middle();
    view.set({ x: middle.x - at.x * zoom, y: middle.y - at.y * zoom, zoom });
  }
}
