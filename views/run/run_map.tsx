// The workflow of a run as a picture with the live position: drawn with the editor's geometry, read-only.
// A picture and nothing else: what it says and offers is in the list of nodes (`node_list.tsx`).
import { Arrow } from "../editor/arrow.tsx";
import type { CanvasEdge, CanvasNode } from "../editor/canvas_graph.ts";
import { nodeName } from "../editor/canvas_graph.ts";
import { fitLines, fitText } from "../editor/fit_text.ts";
import { boundsOf, NODE_SIZE, sanePoint } from "../editor/geometry.js";
import { SHAPES } from "../editor/marks.tsx";
import { NODE_ICONS } from "../editor/node_icons.ts";
import { movedPath } from "../editor/path_data.ts";
import { type Scene, shapeIn } from "../editor/scene.ts";
import type { Texts } from "../text/texts.ts";
import type { NodeState, ShownNode } from "./shown_node.ts";

/** What the picture shows. */
export interface RunMapProps {
  readonly scene: Scene;
  readonly nodes: ReadonlyMap<string, ShownNode>;
  /** Names of the edges that the run has taken. */
  readonly taken: ReadonlySet<string>;
  readonly texts: Texts;
}

const MARGIN = 24;

/** The picture; empty for a workflow without nodes. */
export function RunMap({ scene, nodes, taken, texts }: RunMapProps) {
  const bounds = boundsOf([...scene.nodes.values()].map(({ at }) => sanePoint(at)));
  if (!bounds) return "";
  const { control } = texts;
  const box = [
    bounds.x - MARGIN,
    bounds.y - MARGIN,
    bounds.width + 2 * MARGIN,
    bounds.height + 2 * MARGIN,
  ];
  return (
    <div class="run-map-frame">
      {/* Without ids: htmx would give a new element with the id of an old one its attributes back. */}
      <svg class="run-map" viewBox={box.join(" ")} aria-hidden="true">
        <defs>
          <Arrow id="map-arrow" />
          <Arrow id="map-arrow-taken" />
        </defs>
        {[...scene.edges.values()].map((edge) => (
          <MapEdge edge={edge} scene={scene} isTaken={taken.has(edge.ref)} />
        ))}
        {[...scene.nodes.values()].map((node) => (
          <MapNode node={node} scene={scene} shown={nodes.get(node.id)} />
        ))}
      </svg>
      <div class="run-map-zoom" hidden>
        <button type="button" data-zoom="in" title={control.zoomIn} aria-label={control.zoomIn}>
          +
        </button>
        <button type="button" data-zoom="out" title={control.zoomOut} aria-label={control.zoomOut}>
          −
        </button>
        <button type="button" data-zoom="fit">{control.zoomFit}</button>
      </div>
    </div>
  );
}

function MapEdge({ edge, scene, isTaken }: { edge: CanvasEdge; scene: Scene; isTaken: boolean }) {
  const shape = shapeIn(scene, edge);
  if (!shape) return "";
  return (
    <g class={`map-edge ${isTaken ? "taken" : ""}`} data-taken={isTaken ? edge.ref : undefined}>
      <path d={shape.d} />
      <text x={shape.label.x} y={shape.label.y}>
        {fitText(edge.label, shape.labelWidth, 11)}
      </text>
    </g>
  );
}

/** So that a state can be told without its colour. */
const SIGNS: Readonly<Record<NodeState, string>> = {
  done: "✓",
  running: "▶",
  waiting: "?",
  paused: "‖",
  failed: "✕",
  next: "▷",
  open: "",
};

const TITLE_WIDTH = NODE_SIZE.width - 60;

function MapNode(
  { node, scene, shown }: { node: CanvasNode; scene: Scene; shown: ShownNode | undefined },
) {
  const { x, y } = scene.placeOf(node.id) ?? { x: 0, y: 0 };
  const state = shown?.state ?? "open";
  const indent = node.type === "decision" || node.type === "merge" ? 44 : 38;
  const lines = fitLines(nodeName(node), { width: TITLE_WIDTH, size: 13, lines: 2 });
  const [first = "", second] = lines;
  const middle = y + NODE_SIZE.height / 2;
  return (
    <g class={`map-node ${node.type} ${state}`} data-node={node.id} data-state={state}>
      <title>{nodeName(node)}</title>
      <path class="map-box" d={movedPath(SHAPES[node.type], x, y)} />
      <path class="map-icon" d={movedPath(NODE_ICONS[node.type], x + indent - 26, y + 22)} />
      <text class="map-title" x={x + indent} y={second === undefined ? middle + 4 : middle - 3}>
        {first}
      </text>
      {second !== undefined && (
        <text class="map-title" x={x + indent} y={middle + 13}>{second}</text>
      )}
      {SIGNS[state] && (
        <>
          <circle class="map-sign" cx={x + NODE_SIZE.width - 8} cy={y + 4} r="11" />
          <text class="map-sign-text" x={x + NODE_SIZE.width - 8} y={y + 8.5}>{SIGNS[state]}</text>
        </>
      )}
      {shown?.before && <path class="map-break" d={octagon(x - 9, middle)} />}
      {shown?.after && <path class="map-break" d={octagon(x + NODE_SIZE.width + 9, middle)} />}
      {shown?.target && <path class="map-target" d={flag(x - 9, middle)} />}
    </g>
  );
}

/** A stop sign, which is known by its shape. */
function octagon(x: number, y: number): string {
  return `M${x - 3} ${y - 8}h6l5 5v6l-5 5h-6l-5-5v-6z`;
}

function flag(x: number, y: number): string {
  return `M${x} ${y + 9}V${y - 9}l9 4l-9 4`;
}
