// A workflow as the API shows it. Pure.
import type { DraftEdge, DraftListing, DraftNode, DraftWorkflow } from "../edit/draft.ts";

/** What the list and the workflow itself both say. */
export function shownListing(listing: DraftListing, workflow: DraftWorkflow) {
  const { id: workflowId, displayName = workflowId, description = null, tags = [] } = listing;
  const { isDefault } = listing;
  const { documentPath, graphPath } = workflow;
  return { workflowId, displayName, description, tags, isDefault, documentPath, graphPath };
}

/** The workflow with its graph, without the revision. */
export function shownWorkflow(workflow: DraftWorkflow) {
  const { document, entryNodeId, isEditable } = workflow;
  return {
    ...shownListing(workflow.listing, workflow),
    workflowType: document?.state.workflowType ?? null,
    goal: document?.goal ?? null,
    howToExecute: document?.howToExecute ?? null,
    variables: document?.state.variables ?? {},
    inputDocuments: document?.state.inputDocuments ?? [],
    entryNodeId,
    isEditable,
    nodes: workflow.nodes.map(shownNode),
    edges: workflow.edges.map(shownEdge),
  };
}

function shownNode(node: DraftNode) {
  const { id: nodeId, type, at, inputs = [], outputs = [] } = node;
  const { title = null, description = null, agentId = null, subworkflowRef = null } = node;
  const { passContext = null, path = null } = node;
  return {
    nodeId,
    type,
    title,
    description,
    agentId,
    inputs,
    outputs,
    subworkflowRef,
    passContext,
    at,
    path,
  };
}

function shownEdge(edge: DraftEdge) {
  const { ref, from, to, label, isDefault = false } = edge;
  const { conditionText = null, conditionExpr = null } = edge;
  return { edge: ref, from, to, label, isDefault, conditionText, conditionExpr };
}
