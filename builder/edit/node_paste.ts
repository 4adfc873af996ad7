// `nodes.paste` and `nodes.duplicate`: nodes that come from a clip, which may have been tampered with.
import { isSameJson, type JsonObject, withKeys } from "./json_document.ts";
import type { Clip, ClipNode, EditOf, Point } from "../../schemas/edit.ts";
import { readFrontMatter } from "../../schemas/front_matter.ts";
import { copyNodes } from "./draft.ts";
import { addRawEdge, checkedExpression, keepOneDefault } from "./edge_edits.ts";
import { edgesByStart } from "./graph_file.ts";
import { type MarkdownFile, withBody } from "./markdown_file.ts";
import { checkedId, freeId } from "./new_ids.ts";
import { newStepPath } from "./node_edits.ts";
import { NODE_KEYS, OpenGraph } from "./open_graph.ts";
import { lines, oneLine } from "./plain_text.ts";
import { conflicting, refused } from "./refusal.ts";
import {
  callableWorkflow,
  refuseViolations,
  refuseWrongCall,
  refuseWrongChecks,
  refuseWrongNode,
} from "./rules_kept.ts";
import { followNode, newStepText, SHARED_KEYS } from "./step_file.ts";
import { indexNode } from "./workflow_document.ts";
import type { WorkingCopy } from "./working_copy.ts";

/** `nodes.duplicate`. */
export function duplicateNodes(work: WorkingCopy, edit: EditOf<"nodes.duplicate">): string {
  const graph = new OpenGraph(work, edit.workflowId);
  for (const id of edit.nodeIds) graph.node(id);
  const clip = copyNodes(work.draft, edit.workflowId, edit.nodeIds);
  addClip(graph, clip, edit.by);
  return clip.nodes.length === 1
    ? `Duplicate "${clip.nodes[0]?.title ?? clip.nodes[0]?.id}"`
    : `Duplicate ${clip.nodes.length} nodes`;
}

/** `nodes.paste`. */
export function pasteNodes(work: WorkingCopy, edit: EditOf<"nodes.paste">): string {
  const graph = new OpenGraph(work, edit.workflowId);
  const { clip, at } = edit;
  const least = (axis: "x" | "y") =>
    clip.nodes.reduce((least, node) => Math.min(least, node.at[axis]), Infinity);
  if (clip.nodes.length === 0) throw refused("There is nothing to paste; copy a node first");
  addClip(graph, clip, { x: at.x - least("x"), y: at.y - least("y") });
  return clip.nodes.length === 1
    ? `Paste "${clip.nodes[0]?.title ?? clip.nodes[0]?.id}"`
    : `Paste ${clip.nodes.length} nodes`;
}

function addClip(graph: OpenGraph, clip: Clip, by: Point): void {
  const newIdOf = new Map<string, string>();
  for (const node of clip.nodes) {
    if (newIdOf.has(node.id)) throw refused(`The copied nodes have the id "${node.id}" twice`);
    const wanted = checkedId(node.id, "node");
    newIdOf.set(node.id, freeId(wanted, (id) => graph.has(id) || isAmong(newIdOf, id)));
  }
  for (const node of clip.nodes) {
    const id = newIdOf.get(node.id) ?? node.id;
    const raw = rawNodeOf(graph, node, id);
    refuseWrongNode(undefined, raw);
    graph.nodes.push(raw);
    graph.place(id, { x: node.at.x + by.x, y: node.at.y + by.y });
    graph.work.newNodeIds.push(id);
  }
  addEdges(graph, clip, newIdOf);
  const byStart = edgesByStart(graph.edges);
  for (const node of clip.nodes) {
    const id = newIdOf.get(node.id) ?? node.id;
    writeStep(graph, { node, id, newIdOf, edges: byStart.get(id) ?? [] });
    indexNode(graph, id);
  }
  graph.save();
}

function isAmong(newIdOf: ReadonlyMap<string, string>, id: string): boolean {
  for (const newId of newIdOf.values()) if (newId === id) return true;
  return false;
}

function rawNodeOf(graph: OpenGraph, node: ClipNode, id: string): JsonObject {
  const { agents } = graph.work.draft;
  const only = agents.length === 1 ? agents[0]?.id : undefined;
  const agentId = agents.some((agent) => agent.id === node.agentId) ? node.agentId : only;
  const hasAgent = node.agentId !== undefined && agentId !== undefined;
  const keys: JsonObject = {
    title: oneLine(node.title ?? "") || undefined,
    description: node.description?.trim() || undefined,
    agentId: hasAgent ? agentId : undefined,
    inputs: node.inputs && lines(node.inputs),
    outputs: node.outputs && lines(node.outputs),
    ...callOf(graph, node),
  };
  const raw = { id, type: node.type, file: newStepPath(graph, id) };
  // The file is there at once, so that the next node does not take its path.
  graph.work.writeText(raw.file, "");
  return withKeys(raw, keys, NODE_KEYS);
}

function callOf(graph: OpenGraph, { type, subworkflowRef, passContext }: ClipNode): JsonObject {
  if (type !== "subworkflow") return {};
  const { work, workflowId } = graph;
  const isKnown = work.draft.workflows.some(({ id }) => id === subworkflowRef);
  const callee = isKnown ? subworkflowRef : callableWorkflow(work, workflowId);
  if (callee === undefined) {
    throw refused("There is no other workflow that a pasted node could call; add a workflow first");
  }
  refuseWrongCall(work, workflowId, callee);
  graph.needsVersion12();
  return { subworkflowRef: callee, passContext };
}

function addEdges(graph: OpenGraph, clip: Clip, newIdOf: ReadonlyMap<string, string>): void {
  const starts = new Set<string>();
  for (const edge of clip.edges) {
    const [from, to] = [newIdOf.get(edge.from), newIdOf.get(edge.to)];
    if (from === undefined || to === undefined) {
      throw conflicting("The copied edges lead to nodes that were not copied; copy them again");
    }
    const { isDefault, conditionText, conditionExpr } = edge;
    const more = {
      ...(isDefault && { isDefault }),
      ...(conditionText && { conditionText }),
      ...(conditionExpr && { conditionExpr: checkedExpression(conditionExpr) }),
    };
    // What is wrong with edges of an end came with the original.
    if (graph.node(from).type === "end") continue;
    addRawEdge(graph, { from, to, label: edge.label, more });
    starts.add(from);
  }
  for (const id of starts) keepOneDefault(graph, id);
}

interface PastedStep {
  readonly node: ClipNode;
  readonly id: string;
  readonly newIdOf: ReadonlyMap<string, string>;
  readonly edges: Parameters<typeof newStepText>[1];
}

function writeStep(graph: OpenGraph, { node, id, newIdOf, edges }: PastedStep): void {
  const after = graph.node(id);
  const read = node.step === undefined ? undefined : readFrontMatter(node.step);
  if (!read?.ok) {
    graph.work.writeText(after.file, newStepText(after, edges));
    return;
  }
  const copied: MarkdownFile = { text: node.step ?? "", frontMatter: read.value };
  const { data } = read.value;
  const keys = SHARED_KEYS.filter((key) => !isSameJson(data[key], after[key]));
  const file = renamedInText(followNode(copied, after, { edges, keys }), newIdOf);
  refuseViolations("step", { before: undefined, after: file.frontMatter.data });
  refuseWrongChecks(undefined, { node: after, file });
  graph.work.writeText(after.file, file.text);
}

function renamedInText(file: MarkdownFile, newIdOf: ReadonlyMap<string, string>): MarkdownFile {
  const body = file.frontMatter.body.replace(
    /(`next`\s*=\s*`)([^`\n]+)`/g,
    (whole, head: string, id: string) => newIdOf.has(id) ? `${head}${newIdOf.get(id)}\`` : whole,
  );
  return withBody(file, body);
}
