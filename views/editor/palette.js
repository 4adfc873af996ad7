// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// The palette: a press adds a node of that type in the middle; dragging puts it where it is dropped, in
// an edge if it is dropped on one.
import { SpliceTarget } from "./drag.js";
import { need } from "./elements.js";
import { NODE_SIZE, snapToGrid } from "./geometry.js";

/**
 * Lets nodes be added from the palette.
 * @param {import("./editor.js").Editor} editor
 * @param {import("./gestures.js").Hand} hand
 * @param {import("./forms.js").OpenAdd} openAdd
 */
export function watchPalette(editor, hand, openAdd) {
  for (const button of editor.root.querySelectorAll("[data-add]")) {
    if (!(button instanceof HTMLElement)) continue;
    const type = button.dataset.add ?? "step";
    let wasDragged = false;
    button.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      wasDragged = false;
      const gesture = paletteGesture(editor, type, openAdd);
      hand.begin({
        ...gesture,
        move(point, moved) {
          wasDragged = true;
          gesture.move(point, moved);
        },
        cancel() {
          gesture.cancel();
          if (!wasDragged) openAdd({ type });
        },
      }, event);
    });
    // The keyboard's press has no pointer; a pointer's press is the gesture above.
    button.addEventListener("click", (event) => {
      if (event.detail === 0) openAdd({ type });
    });
  }
}

/**
 * @param {import("./editor.js").Editor} editor
 * @param {string} type
 * @param {import("./forms.js").OpenAdd} openAdd
 * @returns {import("./gestures.js").Gesture}
 */
function paletteGesture(editor, type, openAdd) {
  const { view } = editor;
  const ghost = need("ghost", SVGPathElement);
  const target = new SpliceTarget(editor);
  const cornerAt = (/** @type {import("./geometry.js").Point} */ point) => {
    const { x, y } = view.toCanvas(point);
    return snapToGrid({ x: x - NODE_SIZE.width / 2, y: y - NODE_SIZE.height / 2 });
  };
  return {
    move(point) {
      const { x, y } = cornerAt(point);
      ghost.setAttribute(
        "d",
        `M${x} ${y}h${NODE_SIZE.width}v${NODE_SIZE.height}h${-NODE_SIZE.width}z`,
      );
      target.follow({ x, y });
    },
    end(point) {
      ghost.setAttribute("d", "");
      const onEdge = target.take();
      if (point.x < 0 || point.y < 0) return editor.say("left");
      openAdd({ type, at: cornerAt(point), ...(onEdge !== undefined && { onEdge }) });
    },
    cancel() {
      ghost.setAttribute("d", "");
      target.take();
    },
  };
}
