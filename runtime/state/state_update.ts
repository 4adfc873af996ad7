// Changes of a state document as new text. Pure; comments, key order and unknown keys survive.
import type { FrontMatterChange } from "../../schemas/front_matter.ts";
import { outgoingEdges } from "../../schemas/graph.ts";
import type { GraphEdge, GraphNode, WorkflowGraph, WorkflowState } from "../../schemas/package.ts";
import type { NodeCompletion, StateUpdate } from "../../schemas/state.ts";
import { type ToolFailure, toolFailure } from "../../schemas/tool.ts";
import type { ReadState } from "./read_state.ts";

/** The text after an update. Lists that are sets (`stepsCompleted`, `artifacts`) get no entry twice. */
export function applyUpdate({ frontMatter, state }: ReadState, update: StateUpdate): string {
  const changes: FrontMatterChange[] = [
    ...appended("stepsCompleted", update["stepsCompleted.append"], state.stepsCompleted),
    ...appended("artifacts", update["artifacts.append"], state.artifacts ?? []),
    ...Object.entries(update["variables.set"] ?? {}).map(([name, value]) => ({
      path: ["variables", name],
      set: value,
    })),
    ...asList(update["decisionLog.append"]).map((append) => ({ path: ["decisionLog"], append })),
  ];
  const { "currentNodeId.set": nodeId, "updatedAt.set": updatedAt } = update;
  if (nodeId !== undefined) changes.push({ path: ["currentNodeId"], set: nodeId });
  if (updatedAt !== undefined) changes.push({ path: ["updatedAt"], set: updatedAt });
  return frontMatter.withChanges(changes);
}

function appended(
  key: "stepsCompleted" | "artifacts",
  items: string | readonly string[] | undefined,
  present: readonly string[],
): FrontMatterChange[] {
  const fresh = new Set(asList(items).map(String));
  return [...fresh].filter((item) => !present.includes(item))
    .map((append) => ({ path: [key], append }));
}

function asList(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** What finishing a node means as an update, and where it leads; `null` at an end node. */
export interface CompletionPlan {
  readonly ok: true;
  readonly update: StateUpdate;
  readonly next: string | null;
}

/** Reads a completion against the graph. The guard still judges the result. */
export function planCompletion(
  completion: NodeCompletion,
  { graph, node, state }: { graph: WorkflowGraph; node: GraphNode; state: WorkflowState },
): CompletionPlan | ToolFailure {
  if (completion.nodeId !== node.id) {
    return toolFailure(
      "E_INVALID_TRANSITION",
      `The current node is "${node.id}", not "${completion.nodeId}". Only the current node can be completed: call state_complete_node with nodeId "${node.id}" when its step is done`,
      { currentNodeId: node.id },
    );
  }
  // An end node leads nowhere, whatever the graph draws behind it.
  const edges = node.type === "end" ? [] : outgoingEdges(graph, node.id);
  const byLabel = edgeByLabel(edges, completion);
  const only = edges.length === 1 ? edges[0]?.to : undefined;
  const next = node.type === "end" ? undefined : completion.next || byLabel?.to || only;
  if (next === undefined && edges.length > 1) {
    return toolFailure(
      "E_STEP_INCOMPLETE",
      `Node "${node.id}" has ${edges.length} ways on; say which with "next" and "decision"`,
      { missing: [{ what: "next", oneOf: edges.map(({ to, label }) => ({ to, label })) }] },
    );
  }
  return {
    ok: true,
    next: next ?? null,
    update: completionUpdate(completion, state, {
      next,
      label: byLabel?.label ?? soleLabel(edges, next),
    }),
  };
}

/** The exact label goes first, then the edge that leads where the model says. */
function edgeByLabel(
  edges: readonly GraphEdge[],
  { next, decision }: NodeCompletion,
): GraphEdge | undefined {
  const named = edges.filter(({ label }) => isSameLabel(label, decision?.label));
  return named.find(({ label, to }) => label === decision?.label && to === next) ??
    named.find(({ to }) => to === next) ??
    named.find(({ label }) => label === decision?.label) ?? named[0];
}

/** Where one edge leads there, there is nothing to mistake. */
function soleLabel(edges: readonly GraphEdge[], next: string | undefined): string | undefined {
  const [edge, more] = edges.filter(({ to }) => to === next);
  return more === undefined && edges.length === 1 ? edge?.label : undefined;
}

/** Small models change case and spaces of a label; what is logged is the edge's own. */
function isSameLabel(label: string, given: string | undefined): boolean {
  return label.trim().toLowerCase() === given?.trim().toLowerCase();
}

/** Artifacts are listed by their path in the project, however a model names them. */
function projectRelative(path: string): string {
  return path.replace(/^@project\//, "");
}

function completionUpdate(
  { nodeId, variables, artifacts, decision }: NodeCompletion,
  state: WorkflowState,
  { next, label }: { next: string | undefined; label: string | undefined },
): StateUpdate {
  const entry = decision && next !== undefined && {
    from: nodeId,
    to: next,
    label: label ?? decision.label,
    ...(decision.reason && { reason: decision.reason }),
  };
  return {
    ...(!state.stepsCompleted.includes(nodeId) && { "stepsCompleted.append": nodeId }),
    ...(variables && { "variables.set": variables }),
    ...(artifacts && { "artifacts.append": artifacts.map(projectRelative) }),
    ...(entry && { "decisionLog.append": entry }),
    ...(next !== undefined && { "currentNodeId.set": next }),
  };
}
