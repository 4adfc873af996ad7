// What makes a graph one that can be walked: ends of edges, ids, reachability, branches.
import type { Finding } from "../../../schemas/finding.ts";
import { reachableFrom } from "../../../schemas/graph.ts";
import type { GraphEdge, WorkflowGraph } from "../../../schemas/package.ts";
import type { PackageDocument } from "../documents.ts";
import { finding } from "../finding_codes.ts";
import { repeated } from "./repeated.ts";

type GraphDocument = PackageDocument<WorkflowGraph>;

/** Findings about one graph, by itself. Linear in nodes and edges. */
export function* graphRules(document: GraphDocument): Generator<Finding> {
  const { nodes, edges } = document.value;
  for (const { index, first } of repeated(nodes.map(({ id }) => id))) {
    const message = `Nodes ${first} and ${index} both have the id "${nodes[index]?.id}"`;
    yield finding("GRAPH_NODE_ID_DUPLICATE", document.at(`/nodes/${index}/id`), message);
  }
  for (const { index, first } of repeated(edges.map(({ id }) => id))) {
    const message = `Edges ${first} and ${index} both have the id "${edges[index]?.id}"`;
    yield finding("GRAPH_EDGE_ID_DUPLICATE", document.at(`/edges/${index}/id`), message);
  }
  const nodeIds = new Set(nodes.map(({ id }) => id));
  yield* endRules(document, nodeIds);
  yield* reachRules(document, nodeIds);
  yield* branchRules(document);
}

function* endRules(document: GraphDocument, nodeIds: ReadonlySet<string>): Generator<Finding> {
  const { entryNodeId, edges } = document.value;
  if (!nodeIds.has(entryNodeId) && (entryNodeId !== "" || document.isValid)) {
    const message = `The entry "${entryNodeId}" is not the id of a node`;
    yield finding("GRAPH_ENTRY_UNKNOWN", document.at("/entryNodeId"), message);
  }
  for (const [index, { from, to, label }] of edges.entries()) {
    // An empty end of a document with faults may stand for a missing one, reported already.
    const isUnknown = (id: string) => !nodeIds.has(id) && (id !== "" || document.isValid);
    if (isUnknown(from)) {
      const message = `The edge "${label}" to "${to}" starts at "${from}", which is no node`;
      yield finding("GRAPH_EDGE_SOURCE_UNKNOWN", document.at(`/edges/${index}/from`), message);
    }
    if (isUnknown(to)) {
      const message = `The edge "${label}" from "${from}" leads to "${to}", which is no node`;
      yield finding("GRAPH_EDGE_TARGET_UNKNOWN", document.at(`/edges/${index}/to`), message);
    }
  }
}

function* reachRules(document: GraphDocument, nodeIds: ReadonlySet<string>): Generator<Finding> {
  const { entryNodeId, nodes } = document.value;
  // Without an entry every node would be unreachable; one finding says enough.
  if (entryNodeId === "" || !nodeIds.has(entryNodeId)) return;
  const reachable = reachableFrom(document.value, entryNodeId);
  if (!nodes.some(({ id, type }) => type === "end" && reachable.has(id))) {
    const message =
      `No end node can be reached from the entry "${entryNodeId}", so no run completes`;
    yield finding("GRAPH_NO_END_REACHABLE", document.at("/entryNodeId"), message);
  }
  for (const [index, { id }] of nodes.entries()) {
    if (id === "" || reachable.has(id)) continue;
    const message = `The node "${id}" cannot be reached from the entry "${entryNodeId}"`;
    yield finding("GRAPH_NODE_UNREACHABLE", document.at(`/nodes/${index}`), message);
  }
}

function* branchRules(document: GraphDocument): Generator<Finding> {
  const { nodes, edges } = document.value;
  const outgoing = new Map<string, GraphEdge[]>();
  for (const edge of edges) outgoing.get(edge.from)?.push(edge) ?? outgoing.set(edge.from, [edge]);
  for (const [index, { id, type }] of nodes.entries()) {
    const branches = outgoing.get(id) ?? [];
    if (type === "decision" && branches.length < 2) {
      const found = branches.length === 0 ? "no outgoing edge" : "only one outgoing edge";
      const message = `The decision "${id}" has ${found}; it needs two or more`;
      yield finding("GRAPH_DECISION_TOO_FEW_EDGES", document.at(`/nodes/${index}`), message);
    }
    const endsHere = type === "end" || type === "decision" || id === "";
    if (!endsHere && branches.length === 0) {
      const message = `The ${type} "${id}" has no outgoing edge, so a run that comes there stays`;
      yield finding("GRAPH_DEAD_END", document.at(`/nodes/${index}`), message);
    }
    const defaults = branches.filter(({ isDefault }) => isDefault).length;
    if (branches.length > 1 && defaults !== 1) {
      const found = defaults === 0 ? "none of them is" : `${defaults} of them are`;
      const message =
        `The node "${id}" has ${branches.length} outgoing edges, and ${found} the default`;
      yield finding("GRAPH_DEFAULT_EDGE", document.at(`/nodes/${index}`), message);
    }
  }
}
