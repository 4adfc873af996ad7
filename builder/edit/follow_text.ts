// Raw text of a document, and the rest that follows: a step file changes its node and edges, a graph
// changes its step files. Text that does not parse is refused with line and column.
import { jsonFault } from "../../runtime/package/json_text.ts";
import { readFrontMatter } from "../../schemas/front_matter.ts";
import { normalise, soundDocument } from "../../schemas/lenient.ts";
import type { StepFrontMatter } from "../../schemas/package.ts";
import { isRecord } from "../../schemas/record.ts";
import { addRawEdge } from "./edge_edits.ts";
import { edgeOf, edgesByStart, nodeOf, readGraph } from "./graph_file.ts";
import { isSameJson, textAt } from "./json_document.ts";
import { type MarkdownFile, readMarkdown } from "./markdown_file.ts";
import { renameIn } from "./node_edits.ts";
import { OpenGraph } from "./open_graph.ts";
import { refused } from "./refusal.ts";
import { newStepText, SHARED_KEYS, transitionsOf } from "./step_file.ts";
import { indexNode, renameInState, unindexFiles } from "./workflow_document.ts";
import type { WorkingCopy } from "./working_copy.ts";

const MAX_DOCUMENT_BYTES = 8 * 1024 * 1024;

/** @throws AppError `EDIT_REFUSED` with line and column if the text of a JSON document does not parse */
export function refuseBrokenJson(path: string, text: string): void {
  refuseLong(path, text);
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    const { message, line, column } = jsonFault(text);
    throw brokenText(path, { message, line, column });
  }
  if (!isRecord(value)) {
    throw brokenText(path, {
      message: "The document has to be an object in { }",
      line: 1,
      column: 1,
    });
  }
}

/** @throws AppError `EDIT_REFUSED` with line and column if the front matter does not parse */
export function refuseBrokenMarkdown(path: string, text: string): void {
  refuseLong(path, text);
  const read = readFrontMatter(text);
  if (!read.ok) throw brokenText(path, read.problem);
}

function refuseLong(path: string, text: string): void {
  if (text.length <= MAX_DOCUMENT_BYTES) return;
  throw refused(`"${path}" would be larger than 8 MiB, the most a document may be`);
}

function brokenText(path: string, fault: { message: string; line: number; column: number }) {
  const { message, line, column } = fault;
  return refused(`"${path}", line ${line}, column ${column}: ${message}`, { path, line, column });
}

/** Has node and edges follow a step file that was just written; only what the text changed counts. */
export function followStep(
  work: WorkingCopy,
  { workflowId, nodeId, before }: {
    workflowId: string;
    nodeId: string;
    before: MarkdownFile | undefined;
  },
): void {
  let graph = new OpenGraph(work, workflowId);
  const node = graph.node(nodeId);
  const step = graph.step(node);
  if (!step) return;
  const said = readStep(step.file);
  const old = before && readStep(before);
  const changes = new Map<string, unknown>();
  if (said.type !== old?.type && "type" in step.file.frontMatter.data) {
    changes.set("type", said.type);
  }
  for (const key of SHARED_KEYS) {
    if (!isSameJson(said[key], old?.[key])) changes.set(key, said[key]);
  }
  graph.changeNode(nodeId, Object.fromEntries(changes));
  if (said.transitions && !isSameJson(said.transitions, old?.transitions)) {
    followTransitions(graph, nodeId, said.transitions);
  }
  graph.save();
  const isRenamed = said.nodeId !== "" && said.nodeId !== nodeId && said.nodeId !== old?.nodeId;
  if (!isRenamed) return;
  graph = new OpenGraph(work, workflowId);
  renameIn(graph, nodeId, said.nodeId);
}

function readStep(file: MarkdownFile): StepFrontMatter {
  const read = normalise("step", file.frontMatter.data);
  return soundDocument("step", read) as unknown as StepFrontMatter;
}

/** The edges become what the transitions say: by target and label, then by target alone. */
function followTransitions(
  graph: OpenGraph,
  nodeId: string,
  transitions: NonNullable<StepFrontMatter["transitions"]>,
): void {
  const stated = transitionsOf(graph.outgoing(nodeId).map(edgeOf));
  if (isSameJson(stated, transitionsOf(transitions.map((item) => ({ from: nodeId, ...item }))))) {
    return;
  }
  for (const { to } of transitions) {
    if (graph.has(to)) continue;
    throw refused(
      `The transition to ${JSON.stringify(to.slice(0, 100))} leads to no node of the workflow`,
    );
  }
  const rest = new Set(graph.outgoing(nodeId));
  const matched = transitions.map((item) => {
    const edge = [...rest].find((edge) => edge.to === item.to && edge.label === item.label);
    if (edge) rest.delete(edge);
    return { item, edge };
  });
  for (const { item, edge: exact } of matched) {
    const edge = exact ?? [...rest].find((edge) => edge.to === item.to);
    if (edge) rest.delete(edge);
    const isDefault = item.isDefault || undefined;
    const { to, label, conditionText } = item;
    if (edge) graph.changeEdge(edge, { label, isDefault, conditionText });
    else {
      const more = { ...isDefault && { isDefault }, ...conditionText && { conditionText } };
      addRawEdge(graph, { from: nodeId, to, label, more });
    }
  }
  graph.edges = graph.edges.filter((edge) => !rest.has(edge));
}

/** Has step files, index and state follow a graph that was just written. */
export function followGraph(
  work: WorkingCopy,
  { workflowId, before }: { workflowId: string; before: Uint8Array | undefined },
): void {
  const after = readGraph(work.files.get(work.draft.workflow(workflowId)?.graphPath ?? ""));
  // A graph with faults is kept as text; nothing can follow it yet.
  if (!after?.isEditable || after.rawNodes.some((raw) => textAt(raw, "file") === "")) return;
  const graph = new OpenGraph(work, workflowId);
  const old = readGraph(before);
  const oldNodes = new Map((old?.rawNodes ?? []).map((raw) => [textAt(raw, "id"), nodeOf(raw)]));
  const newIds = new Set(graph.nodes.map(({ id }) => id));
  const fileTo = new Map(graph.nodes.map((raw) => [nodeOf(raw).file, nodeOf(raw).id]));
  const gone = [...oldNodes.values()].filter(({ id }) => !newIds.has(id));
  const renamed = new Map(gone.flatMap(({ id, file }) => {
    const newId = fileTo.get(file);
    return newId === undefined || oldNodes.has(newId) ? [] : [[id, newId] as const];
  }));
  removeLostSteps(graph, gone.filter(({ id }) => !renamed.has(id)).map(({ file }) => file));
  const byStart = edgesByStart(graph.edges);
  for (const raw of graph.nodes) {
    const node = nodeOf(raw);
    const known = oldNodes.get(node.id);
    if (graph.pathOf(node) === undefined && known === undefined) {
      work.writeText(node.file, newStepText(node, byStart.get(node.id) ?? []));
      indexNode(graph, node.id);
    } else graph.follow(node.id, SHARED_KEYS.filter((key) => !isSameJson(known?.[key], node[key])));
  }
  graph.save();
  renameInState(
    graph,
    (id) => renamed.get(id) ?? (oldNodes.has(id) && !newIds.has(id) ? undefined : id),
  );
}

function removeLostSteps(graph: OpenGraph, files: readonly string[]): void {
  const { work } = graph;
  const used = new Set(
    work.draft.workflows.flatMap(({ id }) =>
      (work.draft.workflow(id)?.nodes ?? []).flatMap(({ path }) => path ?? [])
    ),
  );
  const lost = files.flatMap((file) => graph.pathOf({ id: "", type: "step", file }) ?? [])
    .filter((path) => !used.has(path) && readMarkdown(work.files.get(path)) !== undefined);
  const own = new Set(lost.filter((path) => path.startsWith(`${graph.folder}steps/`)));
  unindexFiles(graph, own);
  for (const path of own) work.remove(path);
}
