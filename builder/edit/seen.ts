// What an edit's author saw: the values that the edit replaces or removes. If they differ in the
// present draft, somebody else changed them since, and the edit would lose that.
import type { Edit } from "../../schemas/edit.ts";
import { isRecord } from "../../schemas/record.ts";
import { type Draft, type DraftWorkflow, stepOf } from "./draft.ts";
import { fileHash } from "./file_edits.ts";
import { objectsAt, readJsonObject } from "./json_document.ts";
import { conflicting } from "./refusal.ts";

/** @throws AppError `EDIT_CONFLICT` if what the edit is about is not as its author saw it */
export function refuseUnseen(base: Draft, draft: Draft, edit: Edit): void {
  if (base === draft) return;
  const [before, now] = [seenBy(edit, base), seenBy(edit, draft)];
  if (JSON.stringify(before) === JSON.stringify(now)) return;
  throw conflicting(
    "Somebody else changed the same thing since you opened it; look at it as it is now and do it again",
  );
}

/** The values that the edit is about, as JSON. */
function seenBy(edit: Edit, draft: Draft): unknown {
  if ("workflowId" in edit && edit.workflowId !== undefined && edit.kind !== "workflow.add") {
    const workflow = draft.workflow(edit.workflowId);
    return workflow ? seenInWorkflow(edit, draft, workflow) : null;
  }
  switch (edit.kind) {
    case "workflows.order":
      return draft.workflows.map(({ id }) => id);
    case "agent.change":
      return picked(rawAgent(draft, edit.agentId), edit.fields);
    case "agent.delete":
      return rawAgent(draft, edit.agentId) ?? null;
    case "manifest.change":
      return picked({ ...draft.manifest, ...draft.manifest.runtime }, edit.fields);
    case "file.write":
    case "file.delete": {
      const bytes = draft.files.get(edit.path);
      return bytes ? fileHash(bytes) : null;
    }
    default:
      return null;
  }
}

function rawAgent(draft: Draft, agentId: string) {
  const document = readJsonObject(draft.files.get(draft.agentsPath));
  return objectsAt(document, "agents").find(({ id }) => id === agentId);
}

/** The values of the keys that are to change; of objects that are merged, of their keys. */
function picked(value: unknown, fields: object): unknown {
  if (!isRecord(value)) return null;
  return Object.entries(fields).map(([key, field]) => {
    const now = Object.hasOwn(value, key) ? value[key] : undefined;
    const isMerged = key === "metadata" || key === "persona";
    return isMerged && isRecord(field) ? picked(now, field) : now ?? null;
  });
}

function seenInWorkflow(edit: Edit, draft: Draft, workflow: DraftWorkflow): unknown {
  switch (edit.kind) {
    case "node.add":
      return edit.onEdge === undefined ? null : workflow.edge(edit.onEdge) ?? null;
    case "node.splice":
      return [workflow.edge(edit.edge) ?? null, workflow.node(edit.nodeId)?.at ?? null];
    case "nodes.move":
      return Object.keys(edit.positions).map((id) => workflow.node(id)?.at ?? null);
    case "layout.auto":
      return (edit.nodeIds ?? workflow.nodes.map(({ id }) => id))
        .map((id) => workflow.node(id)?.at ?? null);
    case "node.change":
      return picked(
        { ...workflow.node(edit.nodeId), ...formValues(draft, workflow.id, edit.nodeId) },
        edit.fields,
      );
    case "nodes.delete":
      return edit.nodeIds.map((id) => seenNode(draft, workflow, id));
    case "edge.change":
      return picked(workflow.edge(edit.edge), { from: 0, to: 0, ...edit.fields });
    case "edges.delete":
      return edit.edges.map((ref) => workflow.edge(ref) ?? null);
    case "entry.set":
      return workflow.entryNodeId;
    case "workflow.change":
      return picked(
        { ...workflow.listing, ...workflow.document, ...workflow.document?.state },
        edit.fields,
      );
    case "workflow.delete":
      return [...draft.files].filter(([path]) => isPartOf(workflow, path))
        .map(([path, bytes]) => [path, fileHash(bytes)]);
    default:
      return null;
  }
}

function formValues(draft: Draft, workflowId: string, nodeId: string) {
  const step = stepOf(draft, workflowId, nodeId);
  if (!step) return {};
  const { setsVariables, checks } = step.frontMatter;
  const { goal, instructions, completion } = step;
  return { setsVariables, checks, goal, instructions, completion };
}

/** A node with its text and all edges at it: an edge that somebody added would be lost. */
function seenNode(draft: Draft, workflow: DraftWorkflow, nodeId: string): unknown {
  const { at: _at, ...node } = workflow.node(nodeId) ?? { at: undefined };
  const edges = workflow.edges.filter(({ from, to }) => from === nodeId || to === nodeId);
  return [node, stepOf(draft, workflow.id, nodeId)?.text ?? null, edges];
}

function isPartOf({ documentPath, graphPath, nodes }: DraftWorkflow, path: string): boolean {
  return path === documentPath || path === graphPath || nodes.some((node) => node.path === path);
}
