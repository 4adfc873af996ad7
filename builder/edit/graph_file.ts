// `workflow.graph.json` as the builder reads it: the raw objects, which an edit puts back with all
// their keys, and the clean nodes and edges seen in them. Not here: step files, positions.
import type { EdgeRef } from "../../schemas/edit.ts";
import type { GraphEdge, GraphNode, NodeType } from "../../schemas/package.ts";
import { isRecord } from "../../schemas/record.ts";
import { type JsonObject, readJsonObject, textAt } from "./json_document.ts";

/** A graph as it stands in its file. */
export interface GraphFile {
  readonly raw: JsonObject;
  /** Objects with an id and a type; all of `raw.nodes` if the graph is editable. */
  readonly rawNodes: readonly JsonObject[];
  /** Objects with both ends; all of `raw.edges` if the graph is editable. */
  readonly rawEdges: readonly JsonObject[];
  readonly entryNodeId: string;
  readonly isEditable: boolean;
}

const graphs = new WeakMap<JsonObject, GraphFile>();

/** The graph; `undefined` if the file is missing or no JSON object. */
export function readGraph(bytes: Uint8Array | undefined): GraphFile | undefined {
  const raw = readJsonObject(bytes);
  if (!raw) return undefined;
  let graph = graphs.get(raw);
  if (graph === undefined) {
    graph = graphOf(raw);
    graphs.set(raw, graph);
  }
  return graph;
}

function graphOf(raw: JsonObject): GraphFile {
  const [nodes, edges] = [raw.nodes, raw.edges].map((list) =>
    Array.isArray(list) ? list : undefined
  );
  const rawNodes = (nodes ?? []).filter(isNode);
  const rawEdges = (edges ?? []).filter(isEdge);
  const { metadata } = raw;
  const layout = isRecord(metadata) ? metadata.layout : undefined;
  const isEditable = rawNodes.length === nodes?.length && rawEdges.length === edges?.length &&
    (metadata === undefined || isRecord(metadata)) && (layout === undefined || isRecord(layout));
  return { raw, rawNodes, rawEdges, entryNodeId: textAt(raw, "entryNodeId"), isEditable };
}

const TYPES: readonly unknown[] = ["step", "decision", "merge", "end", "subworkflow"];

function isNode(value: unknown): value is JsonObject {
  return isRecord(value) && typeof value.id === "string" && value.id !== "" &&
    TYPES.includes(value.type);
}

function isEdge(value: unknown): value is JsonObject {
  return isRecord(value) && typeof value.from === "string" && typeof value.to === "string";
}

const nodes = new WeakMap<JsonObject, GraphNode>();
const edges = new WeakMap<JsonObject, GraphEdge>();

/** The node without what its schema does not know or would refuse, and without empty texts. */
export function nodeOf(raw: JsonObject): GraphNode {
  let node = nodes.get(raw);
  if (node === undefined) {
    const text = optionalText(raw);
    node = {
      id: textAt(raw, "id"),
      type: raw.type as NodeType,
      file: textAt(raw, "file"),
      ...text("title"),
      ...text("description"),
      ...text("agentId"),
      ...list(raw, "inputs"),
      ...list(raw, "outputs"),
      ...text("subworkflowRef"),
      ...(typeof raw.passContext === "boolean" && { passContext: raw.passContext }),
    };
    nodes.set(raw, node);
  }
  return node;
}

/** The edge without what its schema does not know or would refuse, and without empty texts. */
export function edgeOf(raw: JsonObject): GraphEdge {
  let edge = edges.get(raw);
  if (edge === undefined) {
    const text = optionalText(raw);
    edge = {
      from: textAt(raw, "from"),
      to: textAt(raw, "to"),
      label: textAt(raw, "label"),
      ...text("id"),
      ...(typeof raw.isDefault === "boolean" && { isDefault: raw.isDefault }),
      ...text("conditionText"),
      ...(isRecord(raw.conditionExpr) && { conditionExpr: raw.conditionExpr }),
    };
    edges.set(raw, edge);
  }
  return edge;
}

function optionalText(raw: JsonObject) {
  return (key: string) => textAt(raw, key) === "" ? {} : { [key]: textAt(raw, key) };
}

function list(raw: JsonObject, key: string): Record<string, string[]> {
  const value = raw[key];
  if (!Array.isArray(value)) return {};
  return { [key]: value.filter((item) => typeof item === "string") };
}

const refs = new WeakMap<GraphFile, readonly EdgeRef[]>();

/** The refs of a graph's edges, in their order. */
export function edgeRefs(graph: GraphFile): readonly EdgeRef[] {
  let known = refs.get(graph);
  if (known === undefined) {
    known = refsIn(graph);
    refs.set(graph, known);
  }
  return known;
}

function refsIn({ rawEdges }: GraphFile): EdgeRef[] {
  const own = new Set<unknown>(rawEdges.map((raw) => edgeOf(raw).id));
  // As nearly always: then no edge has to be counted among those between its nodes.
  if (own.size === rawEdges.length && !own.has(undefined)) return [...own] as EdgeRef[];
  const ids = new Set<string>();
  const between = new Map<string, number>();
  return rawEdges.map((raw) => {
    const { id, from, to } = edgeOf(raw);
    const ends = `${from}>${to}`;
    const number = (between.get(ends) ?? 0) + 1;
    between.set(ends, number);
    if (id === undefined || ids.has(id)) return `${ends}#${number}`;
    ids.add(id);
    return id;
  });
}

const byRef = new WeakMap<GraphFile, ReadonlyMap<EdgeRef, JsonObject>>();

/** The raw edges of a graph by their refs, in their order; of two with one ref the first. */
export function edgesByRef(graph: GraphFile): ReadonlyMap<EdgeRef, JsonObject> {
  let known = byRef.get(graph);
  if (known === undefined) {
    const all = edgeRefs(graph);
    const edges = new Map<EdgeRef, JsonObject>();
    for (const [index, raw] of graph.rawEdges.entries()) {
      const ref = all[index] ?? "";
      if (!edges.has(ref)) edges.set(ref, raw);
    }
    known = edges;
    byRef.set(graph, known);
  }
  return known;
}

/** The edges that leave each node, in their order. */
export function edgesByStart(rawEdges: readonly JsonObject[]): Map<string, GraphEdge[]> {
  const byStart = new Map<string, GraphEdge[]>();
  for (const raw of rawEdges) {
    const edge = edgeOf(raw);
    byStart.get(edge.from)?.push(edge) ?? byStart.set(edge.from, [edge]);
  }
  return byStart;
}
