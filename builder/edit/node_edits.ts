// Edits of nodes that stay or come: add, move, splice, change, rename, lay out.
import { folderOf } from "../../runtime/package/written_path.ts";
import type { EditOf, NodeFields } from "../../schemas/edit.ts";
import type { NodeType } from "../../schemas/package.ts";
import { autoLayout } from "./auto_layout.ts";
import { connect } from "./edge_edits.ts";
import { moveFiles } from "./file_moves.ts";
import { type JsonObject, textAt } from "./json_document.ts";
import { checkedId, fileNameOf, freeId, slugOf } from "./new_ids.ts";
import { OpenGraph } from "./open_graph.ts";
import { oneLine } from "./plain_text.ts";
import { refused } from "./refusal.ts";
import {
  callableWorkflow,
  refuseUnknownAgent,
  refuseWrongCall,
  refuseWrongNode,
} from "./rules_kept.ts";
import { newStepText } from "./step_file.ts";
import { changeMarkdown, indexNode, renameInState } from "./workflow_document.ts";
import { withBody } from "./markdown_file.ts";
import type { WorkingCopy } from "./working_copy.ts";

const TITLES: Readonly<Record<NodeType, string>> = {
  step: "New step",
  decision: "New decision",
  merge: "Merge",
  end: "End",
  subworkflow: "Subworkflow",
};

/** `node.add`. */
export function addNode(work: WorkingCopy, edit: EditOf<"node.add">): string {
  const graph = new OpenGraph(work, edit.workflowId);
  if (edit.from && edit.onEdge !== undefined) {
    throw refused("A new node is connected to a node or spliced into an edge, not both");
  }
  const edge = edit.onEdge === undefined ? undefined : graph.rawEdge(edit.onEdge);
  const before = edit.from?.nodeId ?? (edge && textAt(edge, "from"));
  const { nodeId, title } = nameOf(graph, edit);
  const file = newStepPath(graph, nodeId);
  const node: JsonObject = {
    id: nodeId,
    type: edit.type,
    file,
    title,
    ...agentFor(graph, edit, before),
    ...callOf(graph, edit),
  };
  refuseWrongNode(undefined, node);
  insertNode(graph, node, before);
  graph.place(nodeId, edit.at);
  work.writeText(file, newStepText(graph.node(nodeId), []));
  indexNode(graph, nodeId);
  if (edit.from) connect(graph, { from: edit.from.nodeId, to: nodeId, label: edit.from.label });
  if (edge) splice(graph, edge, nodeId);
  work.newNodeIds.push(nodeId);
  graph.save();
  return `Add ${edit.type} "${title}"`;
}

function nameOf(graph: OpenGraph, edit: EditOf<"node.add">): { nodeId: string; title: string } {
  const given = oneLine(edit.title ?? "");
  const title = given || freeTitle(graph, TITLES[edit.type]);
  if (edit.nodeId === undefined) {
    return { nodeId: freeId(slugOf(title) || edit.type, (id) => graph.has(id)), title };
  }
  const nodeId = checkedId(edit.nodeId, "node");
  if (graph.has(nodeId)) {
    throw refused(`The workflow has a node "${nodeId}" already; take another id`);
  }
  return { nodeId, title: given || nodeId };
}

function freeTitle(graph: OpenGraph, wanted: string): string {
  const taken = new Set(graph.nodes.map(({ title }) => title));
  let title = wanted;
  for (let number = 2; taken.has(title); number++) title = `${wanted} ${number}`;
  return title;
}

/** A free path for the step file of a node. */
export function newStepPath(graph: OpenGraph, nodeId: string): string {
  return graph.work.freePath(`${graph.folder}steps/${fileNameOf(nodeId)}`, ".md");
}

function agentFor(
  graph: OpenGraph,
  { agentId }: EditOf<"node.add">,
  before: string | undefined,
): JsonObject {
  if (agentId !== undefined && agentId !== "") {
    refuseUnknownAgent(graph.work, agentId);
    return { agentId };
  }
  const { agents } = graph.work.draft;
  const inherited = before === undefined ? undefined : graph.node(before).agentId;
  const only = agents.length === 1 ? agents[0]?.id : undefined;
  const chosen = [inherited, only].find((id) => agents.some((agent) => agent.id === id));
  return chosen === undefined ? {} : { agentId: chosen };
}

function callOf(graph: OpenGraph, { type, subworkflowRef }: EditOf<"node.add">): JsonObject {
  if (type !== "subworkflow") return {};
  const callee = subworkflowRef ?? callableWorkflow(graph.work, graph.workflowId);
  if (callee === undefined) {
    throw refused("There is no other workflow that this one could call; add a workflow first");
  }
  refuseWrongCall(graph.work, graph.workflowId, callee);
  graph.needsVersion12();
  return { subworkflowRef: callee };
}

/** Behind the node that leads to it; else in front of the ends that close the list. */
export function insertNode(graph: OpenGraph, node: JsonObject, before?: string): void {
  const behind = before === undefined ? -1 : graph.nodes.findIndex(({ id }) => id === before);
  const lastOther = graph.nodes.findLastIndex(({ type }) => type !== "end");
  const at = behind !== -1 ? behind : node.type === "end" ? graph.nodes.length - 1 : lastOther;
  graph.nodes.splice(at + 1, 0, node);
}

/** The edge leads to the node, a new one from there to where the edge led. */
function splice(graph: OpenGraph, edge: JsonObject, nodeId: string): void {
  const target = textAt(edge, "to");
  if (graph.node(nodeId).type === "end") {
    throw refused("A node that ends the workflow cannot stand inside an edge; put a step there");
  }
  if (edge.from === nodeId || target === nodeId) {
    throw refused(`The node "${nodeId}" is an end of that edge; drop it on another one`);
  }
  const isTwin = graph.edges.some((other) =>
    other !== edge && other.from === edge.from && other.to === nodeId && other.label === edge.label
  );
  if (isTwin) {
    throw refused(`An edge "${textAt(edge, "label")}" leads to "${nodeId}" already`);
  }
  graph.changeEdge(edge, { to: nodeId });
  const leadsOn = graph.outgoing(nodeId).some(({ to }) => to === target);
  if (!leadsOn) connect(graph, { from: nodeId, to: target });
}

/** `node.splice`. */
export function spliceNode(work: WorkingCopy, edit: EditOf<"node.splice">): string {
  const graph = new OpenGraph(work, edit.workflowId);
  const { id, title } = graph.node(edit.nodeId);
  splice(graph, graph.rawEdge(edit.edge), id);
  graph.place(id, edit.at);
  graph.save();
  return `Splice "${title ?? id}" into an edge`;
}

/** `nodes.move`. */
export function moveNodes(work: WorkingCopy, edit: EditOf<"nodes.move">): string {
  const graph = new OpenGraph(work, edit.workflowId);
  const moved = Object.entries(edit.positions);
  for (const [nodeId, at] of moved) graph.place(graph.node(nodeId).id, at);
  graph.save();
  const [only] = moved;
  return moved.length === 1 && only
    ? `Move "${titleOf(graph, only[0])}"`
    : `Move ${moved.length} nodes`;
}

function titleOf(graph: OpenGraph, nodeId: string): string {
  return graph.node(nodeId).title ?? nodeId;
}

/** `layout.auto`. */
export function layOut(work: WorkingCopy, edit: EditOf<"layout.auto">): string {
  const graph = new OpenGraph(work, edit.workflowId);
  const wanted = new Set(edit.nodeIds ?? graph.nodes.map((raw) => textAt(raw, "id")));
  for (const nodeId of wanted) graph.node(nodeId);
  const nodes = [...wanted].map((id) => ({ id }));
  const positions = autoLayout({ nodes, edges: graph.edgeList(), entryNodeId: graph.entryNodeId });
  const isPart = edit.nodeIds !== undefined;
  const [old, anew] = [[...wanted].map((id) => graph.point(id)), [...positions.values()]];
  const by = isPart
    ? { x: least(old, "x") - least(anew, "x"), y: least(old, "y") - least(anew, "y") }
    : { x: 0, y: 0 };
  for (const [id, { x, y }] of positions) graph.place(id, { x: x + by.x, y: y + by.y });
  graph.save();
  return isPart ? `Lay out ${wanted.size} nodes` : "Lay out the workflow";
}

function least(points: readonly { x: number; y: number }[], axis: "x" | "y"): number {
  const value = points.reduce((least, point) => Math.min(least, point[axis]), Infinity);
  return Number.isFinite(value) ? value : 0;
}

/** `node.rename`. */
export function renameNode(work: WorkingCopy, edit: EditOf<"node.rename">): string {
  const graph = new OpenGraph(work, edit.workflowId);
  renameIn(graph, edit.nodeId, edit.newNodeId);
  return `Rename "${edit.nodeId}" to "${edit.newNodeId}"`;
}

/** Renames a node and saves the graph. */
export function renameIn(graph: OpenGraph, oldId: string, newId: string): void {
  const { work } = graph;
  const node = graph.node(oldId);
  if (checkedId(newId, "node") === oldId) return;
  if (graph.has(newId)) {
    throw refused(`The workflow has a node "${newId}" already; take another id`);
  }
  graph.changeNode(oldId, { id: newId });
  const callers = new Set(
    graph.edges.filter(({ to }) => to === oldId).map((edge) => textAt(edge, "from")),
  );
  for (const edge of graph.edges.filter(({ from, to }) => from === oldId || to === oldId)) {
    const renamed = (id: unknown) => id === oldId ? newId : id;
    graph.changeEdge(edge, { from: renamed(edge.from), to: renamed(edge.to) });
  }
  if (graph.entryNodeId === oldId) graph.entryNodeId = newId;
  graph.renamePoint(oldId, newId);
  graph.follow(newId);
  graph.save();
  renameInState(graph, (id) => id === oldId ? newId : id);
  for (const id of callers) renameInText(graph, id === oldId ? newId : id, { oldId, newId });
  const path = graph.pathOf(node);
  if (path === undefined || path !== `${folderOf(path)}${fileNameOf(oldId)}.md`) return;
  const target = work.freePath(`${folderOf(path)}${fileNameOf(newId)}`, ".md");
  moveFiles(work, new Map([[path, target]]));
}

/** Step files tell the agent what to answer: "`next` = `id`". */
function renameInText(
  graph: OpenGraph,
  callerId: string,
  { oldId, newId }: { oldId: string; newId: string },
): void {
  const path = graph.pathOf(graph.node(callerId));
  if (path === undefined) return;
  const phrase = new RegExp(`(\`next\`\\s*=\\s*\`)${RegExp.escape(oldId)}\``, "g");
  changeMarkdown(graph.work, path, (file) => {
    const body = file.frontMatter.body.replace(phrase, (_match, head) => `${head}${newId}\``);
    return withBody(file, body);
  });
}

/** What a change of a node's type brings with it. @throws AppError `EDIT_REFUSED` */
export function typeChanges(graph: OpenGraph, nodeId: string, fields: NodeFields): JsonObject {
  const { type } = fields;
  const node = graph.node(nodeId);
  if (type === undefined || type === node.type) return {};
  const leaving = graph.outgoing(nodeId).length;
  if (type === "end" && leaving > 0) {
    const edges = leaving === 1 ? "an edge leaves" : `${leaving} edges leave`;
    throw refused(
      `The node "${nodeId}" cannot be an end while ${edges} it; delete what leaves it first`,
    );
  }
  if (type !== "subworkflow") {
    return { type, subworkflowRef: undefined, passContext: undefined };
  }
  const callee = fields.subworkflowRef ?? node.subworkflowRef ??
    callableWorkflow(graph.work, graph.workflowId);
  if (callee === undefined) {
    throw refused("There is no other workflow that this one could call; add a workflow first");
  }
  return { type, subworkflowRef: callee };
}
