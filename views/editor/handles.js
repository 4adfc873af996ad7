// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// The handles: the port of the node under the pointer (or the selected one), and the two ends of the
// selected edge. Three circles that move about, instead of three at every mark.
import { needIn } from "./elements.js";
import { portPoint } from "./geometry.js";

/**
 * Keeps the handles where the person needs them.
 * @param {import("./editor.js").Editor} editor
 */
export function watchHandles(editor) {
  const { canvas, marks, selection } = editor;
  const port = needIn(canvas, "[data-port]", SVGElement);
  const ends = [
    needIn(canvas, '[data-end="from"]', SVGElement),
    needIn(canvas, '[data-end="to"]', SVGElement),
  ];
  let hovered = "";
  const draw = () => {
    const node = marks.nodes.get(hovered) ?? selection.node;
    place(port, node?.id, node && portPoint(node.at, "right"));
    const edge = selection.edge;
    const [start, , , end] = edge?.shape.curve ?? [];
    place(ends[0], edge?.ref, start);
    place(ends[1], edge?.ref, end);
  };
  document.addEventListener("crewagent:hover", (event) => {
    hovered = event instanceof CustomEvent ? String(event.detail) : "";
    draw();
  });
  selection.listeners.push(() => {
    hovered = "";
    draw();
  });
  marks.listeners.push(draw);
}

/**
 * @param {SVGElement | undefined} handle
 * @param {string | undefined} subject
 * @param {import("./geometry.js").Point | undefined} at
 */
function place(handle, subject, at) {
  if (handle === undefined) return;
  handle.classList.toggle("shown", at !== undefined);
  if (at === undefined || subject === undefined) return;
  handle.dataset.for = subject;
  handle.setAttribute("transform", `translate(${at.x} ${at.y})`);
}
