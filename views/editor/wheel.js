// @ts-check
/// <reference lib="dom" />
// Wheels and trackpads on the canvas: panning, and zooming at the pointer, at most once per frame.
import { pointOf } from "./elements.js";

/**
 * Lets the wheel move the view, and with Ctrl or Command zoom it.
 * @param {import("./editor.js").Editor} editor
 */
export function watchWheel({ canvas, view }) {
  const pending = { dx: 0, dy: 0, factor: 1, at: { x: 0, y: 0 }, request: 0 };
  const roll = () => {
    const { dx, dy, factor, at } = pending;
    Object.assign(pending, { dx: 0, dy: 0, factor: 1, request: 0 });
    if (factor !== 1) view.zoomBy(factor, at);
    if (dx !== 0 || dy !== 0) view.panBy(dx, dy);
  };
  const turn = (/** @type {WheelEvent} */ event) => {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    if (event.ctrlKey || event.metaKey) {
      pending.factor *= factorOf(event.deltaY * unit);
      pending.at = pointOf(event, view.frame);
    } else if (event.shiftKey && event.deltaX === 0) pending.dx -= event.deltaY * unit;
    else {
      pending.dx -= event.deltaX * unit;
      pending.dy -= event.deltaY * unit;
    }
    pending.request ||= requestAnimationFrame(roll);
  };
  canvas.addEventListener("wheel", turn, { passive: false });
  watchTrackpad({ canvas, view });
}

/**
 * A pinch on a trackpad comes as small steps, a wheel as large ones.
 * @param {number} delta
 */
function factorOf(delta) {
  const step = Math.max(-60, Math.min(60, delta));
  return Math.exp(-step * (Math.abs(step) < 20 ? 0.012 : 0.005));
}

/**
 * Safari tells of a pinch on a trackpad by events of its own.
 * @param {Pick<import("./editor.js").Editor, "canvas" | "view">} editor
 */
function watchTrackpad({ canvas, view }) {
  let last = 1;
  canvas.addEventListener("gesturestart", (event) => {
    event.preventDefault();
    last = 1;
  });
  canvas.addEventListener("gesturechange", (event) => {
    event.preventDefault();
    const pinch = /** @type {MouseEvent & { scale: number }} */ (event);
    view.zoomBy(pinch.scale / last, pointOf(pinch, view.frame));
    last = pinch.scale;
  });
}
