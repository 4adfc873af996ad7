// What has to be drawn anew after an edit: found by comparing the drafts, so that no edit can forget.
import type { Edit } from "../../schemas/edit.ts";
import { MANIFEST_PATH } from "../../runtime/package/integrity.ts";
import type { Touched } from "./apply_edit.ts";
import type { Draft, DraftEdge, DraftNode, DraftWorkflow } from "./draft.ts";
import { isSameJson } from "./json_document.ts";
import { listChanges } from "./list_changes.ts";
import type { WorkingCopy } from "./working_copy.ts";

/** Compares the draft before with that after. */
export function touchedBy(
  edit: Edit,
  { work, after, changed }: {
    work: WorkingCopy;
    after: Draft;
    changed: ReadonlyMap<string, unknown>;
  },
): Touched {
  const workflowId = workflowIdOf(edit, work.before, after);
  const oldId = "workflowId" in edit ? edit.workflowId : workflowId;
  const [old, now] = [work.before.workflow(oldId ?? ""), after.workflow(workflowId ?? "")];
  const isListChanged = changed.has(MANIFEST_PATH) || changed.has(after.agentsPath);
  return {
    ...(workflowId !== undefined && { workflowId }),
    ...graphChanges(old, now),
    newNodeIds: work.newNodeIds,
    agentIds: agentChanges(work.before, after),
    isPackageChanged: isListChanged,
  };
}

function workflowIdOf(edit: Edit, before: Draft, after: Draft): string | undefined {
  if (edit.kind === "workflow.rename") return edit.newWorkflowId;
  if (edit.kind === "workflow.add" || edit.kind === "workflow.duplicate") {
    const known = new Set(before.workflows.map(({ id }) => id));
    return after.workflows.find(({ id }) => !known.has(id))?.id;
  }
  if ("workflowId" in edit) return edit.workflowId;
  if (edit.kind !== "file.write") return undefined;
  return after.workflows.find(({ id }) => {
    const workflow = after.workflow(id);
    return workflow?.graphPath === edit.path || workflow?.documentPath === edit.path ||
      workflow?.nodes.some(({ path }) => path === edit.path);
  })?.id;
}

type GraphChanges = Pick<Touched, "nodeIds" | "removedNodeIds" | "edgeRefs" | "removedEdgeRefs">;

function graphChanges(
  old: DraftWorkflow | undefined,
  now: DraftWorkflow | undefined,
): GraphChanges {
  const nodes = listChanges(old?.nodes ?? [], now?.nodes ?? []);
  const edges = listChanges(old?.edges ?? [], now?.edges ?? []);
  const oldNodes = new Map(nodes.gone.map((node) => [node.id, node]));
  const oldEdges = new Map(edges.gone.map((edge) => [edge.ref, edge]));
  const changed = new Set<string>();
  const moved = new Set<string>();
  for (const node of nodes.fresh) {
    const before = oldNodes.get(node.id);
    if (before?.at.x !== node.at.x || before?.at.y !== node.at.y) moved.add(node.id);
    if (moved.has(node.id) || !isSameNode(before, node)) changed.add(node.id);
    oldNodes.delete(node.id);
  }
  if (old?.entryNodeId !== now?.entryNodeId) {
    for (const workflow of [old, now]) {
      const entry = now?.node(workflow?.entryNodeId ?? "");
      if (entry) changed.add(entry.id);
    }
  }
  const redrawn = new Set(edges.fresh.filter((edge) => !isSameEdge(oldEdges.get(edge.ref), edge)));
  for (const { ref } of edges.fresh) oldEdges.delete(ref);
  const edgeRefs = (now?.edges ?? []).filter((edge) =>
    redrawn.has(edge) || moved.has(edge.from) || moved.has(edge.to)
  );
  return {
    nodeIds: [...changed],
    removedNodeIds: [...oldNodes.keys()].filter((id) => !now?.node(id)),
    edgeRefs: edgeRefs.map(({ ref }) => ref),
    removedEdgeRefs: [...oldEdges.keys()].filter((ref) => !now?.edge(ref)),
  };
}

/** Faster than comparing texts: nearly all values are the very same. */
function isSameNode(before: DraftNode | undefined, { at: _at, ...node }: DraftNode): boolean {
  return before !== undefined && hasSameValues(before, node);
}

function isSameEdge(before: DraftEdge | undefined, edge: DraftEdge): boolean {
  if (before === edge || before === undefined) return before === edge;
  return hasSameValues(before, edge) && hasSameValues(edge, before);
}

function hasSameValues(a: object, b: object): boolean {
  const other: ReadonlyMap<string, unknown> = new Map(Object.entries(a));
  return Object.entries(b).every(([key, value]) =>
    other.get(key) === value || isSameJson(other.get(key), value)
  );
}

function agentChanges(before: Draft, after: Draft): string[] {
  if (before.files.get(before.agentsPath) === after.files.get(after.agentsPath)) return [];
  const known = new Map(before.agents.map((agent) => [agent.id, agent]));
  return after.agents.filter((agent) => !isSameJson(known.get(agent.id), agent)).map(({ id }) =>
    id
  );
}
