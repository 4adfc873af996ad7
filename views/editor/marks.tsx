// The marks of the canvas: one node, one edge. The markup is a contract (CONTRACT.md), since an edit
// is answered with single marks that replace the old ones. Positions are attributes, never styles.
import type { Texts } from "../text/texts.ts";
import { type CanvasEdge, type CanvasNode, nodeName } from "./canvas_graph.ts";
import { fitLines, fitText } from "./fit_text.ts";
import { NODE_SIZE, type Point } from "./geometry.js";
import { NODE_ICONS } from "./node_icons.ts";
import { movedPath } from "./path_data.ts";
import { type Scene, shapeIn } from "./scene.ts";

const TITLE_WIDTH = NODE_SIZE.width - 54;

/** A node, where it lies in its scene. */
export function NodeMark({ node, scene, texts }: { node: CanvasNode; scene: Scene; texts: Texts }) {
  const { x, y } = scene.placeOf(node.id) ?? { x: 0, y: 0 };
  const isEntry = scene.graph.entryNodeId === node.id;
  const name = nodeName(node);
  const indent = node.type === "decision" || node.type === "merge" ? 44 : 38;
  // In the page the note comes first, as in the label: a label has to hold the text that is seen.
  const note = fitText(noteOf(node, texts), TITLE_WIDTH, 11);
  const lines = fitLines(name, { width: TITLE_WIDTH, size: 13, lines: 2 });
  return (
    <g
      id={`node:${node.id}`}
      class={`node ${node.type}`}
      data-node={node.id}
      data-type={node.type}
      data-x={x}
      data-y={y}
      data-title={node.title ?? ""}
      data-entry={isEntry ? "true" : undefined}
      role="option"
      tabindex={-1}
      aria-selected="false"
      aria-label={texts.editor.nodeLabel({ type: texts.editor[node.type], note, name, isEntry })}
    >
      {lines.join(" ") === name ? "" : <title>{name}</title>}
      <path class="node-box" d={movedPath(SHAPES[node.type], x, y)} />
      <path class="node-icon" d={movedPath(NODE_ICONS[node.type], x + indent - 26, y + 22)} />
      <text class="node-note" x={x + indent} y={y + (lines.length > 1 ? 51 : 44)}>{note}</text>{" "}
      <Title lines={lines} at={{ x: x + indent, y }} />
      {isEntry ? <path class="entry-mark" d={movedPath(ENTRY, x, y)} /> : ""}
    </g>
  );
}

function Title({ lines, at: { x, y } }: { lines: readonly string[]; at: Point }) {
  if (lines.length < 2) return <text class="node-title" x={x} y={y + 27}>{lines[0] ?? ""}</text>;
  return (
    <text class="node-title" x={x} y={y + 20}>
      {lines[0]} <tspan x={x} y={y + 35}>{lines[1]}</tspan>
    </text>
  );
}

/** The last line of a node: who does it, or what it calls; else what kind it is. */
function noteOf(node: CanvasNode, texts: Texts): string {
  if (node.type === "subworkflow" && node.subworkflowRef) return `→ ${node.subworkflowRef}`;
  return node.agentId || texts.editor[node.type];
}

/** An edge; nothing where one of its ends is no node (a finding says so). */
export function EdgeMark({ edge, scene, texts }: { edge: CanvasEdge; scene: Scene; texts: Texts }) {
  const shape = shapeIn(scene, edge);
  if (shape === undefined) return "";
  const lane = scene.laneOf(edge);
  const label = fitText(edge.label, shape.labelWidth, 11);
  return (
    <g
      id={`edge:${edge.ref}`}
      class={edgeClass(edge)}
      data-edge={edge.ref}
      data-from={edge.from}
      data-to={edge.to}
      data-index={lane.index}
      data-count={lane.count}
      data-label={edge.label}
      data-default={edge.isDefault ? "true" : undefined}
      data-condition={edge.conditionText || undefined}
      data-expr={edge.conditionExpr && JSON.stringify(edge.conditionExpr)}
      role="option"
      tabindex={-1}
      aria-selected="false"
      aria-label={edgeText(edge, scene, texts)}
    >
      {label === edge.label ? "" : <title>{edge.label}</title>}
      <path class="edge-hit" d={shape.d} />
      <path class="edge-line" d={shape.d} />
      <text class="edge-label" x={shape.label.x} y={shape.label.y}>
        {label}
      </text>
    </g>
  );
}

function edgeClass(edge: CanvasEdge): string {
  const kinds = ["edge"];
  if (edge.isDefault) kinds.push("default");
  if (edge.conditionText || edge.conditionExpr) kinds.push("conditional");
  return kinds.join(" ");
}

/** An edge in words, as screen readers say it. */
function edgeText(edge: CanvasEdge, scene: Scene, texts: Texts): string {
  const nameOf = (nodeId: string) => {
    const node = scene.nodes.get(nodeId);
    return node ? nodeName(node) : nodeId;
  };
  return texts.editor.edgeLabel({
    from: nameOf(edge.from),
    to: nameOf(edge.to),
    label: edge.label,
    isDefault: edge.isDefault === true,
    condition: edge.conditionText ?? "",
  });
}

/** Where a run begins: a dot before the node, and a line into it. */
const ENTRY = "M-31 30a5 5 0 1 0 10 0a5 5 0 1 0 -10 0M-21 30H-3M-8 26l5 4l-5 4";

/** Each type has a silhouette of its own, so that it can be told without its colour or its icon. */
export const SHAPES = {
  step: "M8 0H172A8 8 0 0 1 180 8V52A8 8 0 0 1 172 60H8A8 8 0 0 1 0 52V8A8 8 0 0 1 8 0Z",
  decision: "M16 0H164L180 30L164 60H16L0 30Z",
  merge: "M0 0H164L180 30L164 60H0L12 30Z",
  end: "M30 0H150A30 30 0 0 1 150 60H30A30 30 0 0 1 30 0Z",
  subworkflow:
    "M8 0H172A8 8 0 0 1 180 8V52A8 8 0 0 1 172 60H8A8 8 0 0 1 0 52V8A8 8 0 0 1 8 0ZM6 0V60M174 0V60",
};
