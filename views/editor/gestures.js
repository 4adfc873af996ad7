// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// Pointers on the canvas: decides by where a press begins which gesture it is, hands its moves on once
// per frame, and its end. What a gesture does is in `drag.js`, `connect.js` and here (pan, pinch of
// two fingers, box select). Not here: the wheel (`wheel.js`).
import { connectGesture, reconnectGesture } from "./connect.js";
import { dragGesture } from "./drag.js";
import { need, pointOf } from "./elements.js";
import { boxBetween, boxesMeet, nodeBox } from "./geometry.js";

/**
 * @typedef {import("./editor.js").Editor} Editor
 * @typedef {import("./geometry.js").Point} Point
 *
 * What goes on between press and release. Points are of the window on the canvas. `cancel` leaves
 * everything as before; `end` is told whether the pointer moved at all.
 * @typedef {{ move(point: Point, event: PointerEvent): void,
 *   end(point: Point, event: PointerEvent): void, cancel(): void }} Gesture
 */

/** So far a pointer may stray without it being a drag. */
const SLACK = 4;

/** The hand on the canvas. */
export class Hand {
  #editor;
  #openAdd;
  /** @type {Gesture | undefined} */
  #gesture;
  #pointerId = -1;
  /** @type {Point} */
  #start = { x: 0, y: 0 };
  #moved = false;
  /** @type {PointerEvent | undefined} */
  #latest;
  #request = 0;
  isSpaceDown = false;
  /** Fingers on the canvas. @type {Map<number, Point>} */
  #fingers = new Map();

  /**
   * @param {Editor} editor
   * @param {import("./forms.js").OpenAdd} openAdd
   */
  constructor(editor, openAdd) {
    this.#editor = editor;
    this.#openAdd = openAdd;
    const { canvas } = editor;
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#track(event));
    canvas.addEventListener("pointerup", (event) => this.#up(event));
    canvas.addEventListener("pointercancel", (event) => this.#drop(event));
    canvas.addEventListener("pointerover", (event) => this.#hover(event));
    // A press of the middle button must not start the browser's own scrolling.
    canvas.addEventListener("mousedown", (event) => event.button === 1 && event.preventDefault());
  }

  /** True while a press goes on. */
  get isBusy() {
    return this.#gesture !== undefined;
  }

  /** Leaves the gesture that goes on; everything is as before. */
  cancel() {
    this.#gesture?.cancel();
    this.#finish();
  }

  /**
   * Begins a gesture that was pressed elsewhere, such as on the palette.
   * @param {Gesture} gesture
   * @param {PointerEvent} event
   */
  begin(gesture, event) {
    this.#gesture = gesture;
    this.#pointerId = event.pointerId;
    this.#start = pointOf(event, this.#editor.view.frame);
    this.#moved = false;
    this.#editor.canvas.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.pointerType === "touch" && this.#pinchStarts(event)) return;
    if (this.#gesture !== undefined) return;
    const gesture = this.#choose(event);
    if (gesture === undefined) return;
    event.preventDefault();
    this.#editor.selection.focus();
    this.begin(gesture, event);
  }

  /** @param {PointerEvent} event @returns {Gesture | undefined} */
  #choose(event) {
    const target = this.#targetOf(event);
    const isTouch = event.pointerType === "touch";
    if (event.button === 1 || (event.button === 0 && this.isSpaceDown)) return this.#pan(event);
    if (event.button !== 0 || target === null) return undefined;
    const port = target.closest("[data-port]");
    if (port instanceof SVGElement && port.dataset.for !== undefined) {
      return connectGesture(this.#editor, port.dataset.for, this.#openAdd);
    }
    const end = target.closest("[data-end]");
    if (end instanceof SVGElement) return reconnectGesture(this.#editor, end);
    const node = target.closest(".node");
    if (node instanceof SVGGElement) return dragGesture(this.#editor, node, event);
    const edge = target.closest(".edge");
    if (edge !== null) return this.#pick(edge.id, event);
    return isTouch ? this.#pan(event) : this.#band(event);
  }

  /** What is pressed, also just after the view moved. @param {PointerEvent} event */
  #targetOf(event) {
    const { shield } = this.#editor.view;
    if (event.target !== shield) return event.target instanceof Element ? event.target : null;
    shield.hidden = true;
    return document.elementFromPoint(event.clientX, event.clientY);
  }

  /** @param {string} id @param {PointerEvent} event @returns {undefined} */
  #pick(id, event) {
    event.preventDefault();
    const { selection } = this.#editor;
    if (isAdditive(event)) selection.toggle(id);
    else selection.set([id]);
    selection.focus();
  }

  /** @param {PointerEvent} event */
  #track(event) {
    if (this.#fingers.has(event.pointerId)) this.#pinch(event);
    if (event.pointerId !== this.#pointerId || this.#gesture === undefined) return;
    this.#latest = event;
    this.#request ||= requestAnimationFrame(() => this.#step());
  }

  #step() {
    this.#request = 0;
    const event = this.#latest;
    this.#latest = undefined;
    if (event === undefined || this.#gesture === undefined) return;
    const point = pointOf(event, this.#editor.view.frame);
    this.#moved ||= Math.hypot(point.x - this.#start.x, point.y - this.#start.y) > SLACK;
    if (this.#moved) this.#gesture.move(point, event);
  }

  /** @param {PointerEvent} event */
  #up(event) {
    this.#fingers.delete(event.pointerId);
    if (event.pointerId !== this.#pointerId || this.#gesture === undefined) return;
    this.#latest = event;
    this.#step();
    const gesture = this.#gesture;
    const point = pointOf(event, this.#editor.view.frame);
    const moved = this.#moved;
    this.#finish();
    if (moved) gesture.end(point, event);
    else gesture.cancel();
  }

  /** @param {PointerEvent} event */
  #drop(event) {
    this.#fingers.delete(event.pointerId);
    if (event.pointerId === this.#pointerId) this.cancel();
  }

  #finish() {
    cancelAnimationFrame(this.#request);
    this.#request = 0;
    this.#gesture = undefined;
    this.#latest = undefined;
    this.#pointerId = -1;
  }

  /** @param {PointerEvent} event @returns {Gesture} */
  #pan(event) {
    const { view, canvas } = this.#editor;
    let last = pointOf(event, view.frame);
    canvas.classList.add("panning");
    const leave = () => canvas.classList.remove("panning");
    return {
      move(point) {
        view.panBy(point.x - last.x, point.y - last.y);
        last = point;
      },
      end: leave,
      cancel: leave,
    };
  }

  /** @param {PointerEvent} event @returns {Gesture} */
  #band(event) {
    const { view, marks, selection } = this.#editor;
    const band = need("band", HTMLElement);
    const start = pointOf(event, view.frame);
    const before = isAdditive(event) ? [...selection.ids] : [];
    if (before.length === 0) selection.set([]);
    return {
      move(point) {
        const box = boxBetween(start, point);
        band.hidden = false;
        band.style.transform = `translate(${box.x}px, ${box.y}px)`;
        band.style.width = `${box.width}px`;
        band.style.height = `${box.height}px`;
        const inside = boxBetween(view.toCanvas(start), view.toCanvas(point));
        const hits = [...marks.nodes.values()].filter(({ at }) => boxesMeet(inside, nodeBox(at)));
        selection.set([...before, ...hits.map(({ element }) => element.id)]);
      },
      end: () => {
        band.hidden = true;
        selection.focus();
        this.#editor.say("selectedMany", { count: selection.ids.size });
      },
      cancel() {
        band.hidden = true;
      },
    };
  }

  /** @param {PointerEvent} event */
  #hover(event) {
    if (this.#gesture !== undefined || !(event.target instanceof Element)) return;
    const node = event.target.closest(".node");
    if (node instanceof SVGGElement && node.dataset.node !== undefined) {
      document.dispatchEvent(new CustomEvent("crewagent:hover", { detail: node.dataset.node }));
    }
  }

  /** @param {PointerEvent} event @returns {boolean} whether this is the second finger */
  #pinchStarts(event) {
    this.#fingers.set(event.pointerId, pointOf(event, this.#editor.view.frame));
    if (this.#fingers.size < 2) return false;
    this.cancel();
    return true;
  }

  /** @param {PointerEvent} event */
  #pinch(event) {
    const before = [...this.#fingers.values()];
    this.#fingers.set(event.pointerId, pointOf(event, this.#editor.view.frame));
    const [a, b] = before;
    const [c, d] = [...this.#fingers.values()];
    if (!a || !b || !c || !d) return;
    const { view } = this.#editor;
    const was = Math.hypot(a.x - b.x, a.y - b.y) || 1;
    const middle = { x: (c.x + d.x) / 2, y: (c.y + d.y) / 2 };
    view.zoomBy(Math.hypot(c.x - d.x, c.y - d.y) / was, middle);
    view.panBy(middle.x - (a.x + b.x) / 2, middle.y - (a.y + b.y) / 2);
  }
}

/**
 * Whether a press adds to the selection.
 * @param {{ readonly shiftKey: boolean, readonly ctrlKey: boolean, readonly metaKey: boolean }} event
 */
export function isAdditive(event) {
  return event.shiftKey || event.ctrlKey || event.metaKey;
}
