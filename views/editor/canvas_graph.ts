// A workflow as the canvas shows it: the shapes that the views of the editor take. Plain data; the
// page makes it from a draft.
import type { NodeType } from "../../schemas/package.ts";
import type { Point } from "./geometry.js";

/** A node with its place. */
export interface CanvasNode {
  readonly id: string;
  readonly type: NodeType;
  readonly title?: string;
  readonly agentId?: string;
  readonly subworkflowRef?: string;
  readonly at: Point;
}

/** An edge under the name that edits use. */
export interface CanvasEdge {
  readonly ref: string;
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly isDefault?: boolean;
  readonly conditionText?: string;
  /** JSONLogic. */
  readonly conditionExpr?: Record<string, unknown>;
}

/** A workflow on the canvas. */
export interface CanvasGraph {
  readonly workflowId: string;
  readonly entryNodeId: string;
  readonly nodes: readonly CanvasNode[];
  readonly edges: readonly CanvasEdge[];
}

/** What a node is called: its title, else its id. */
export function nodeName(node: CanvasNode): string {
  return node.title?.trim() || node.id;
}
