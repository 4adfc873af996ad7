// A workflow of a package with the workflows that it calls put in their places: one graph of steps and
// edges. Pure.
import type { GraphEdge, GraphNode } from "../../schemas/package.ts";
import type { LoadedPackage, LoadedWorkflow } from "../package/load.ts";

/** A node, and the id that it has in the joined graph. */
export interface PlacedNode {
  readonly id: string;
  readonly node: GraphNode;
  readonly workflow: LoadedWorkflow;
  /** Its edges, to ids of the joined graph. */
  readonly edges: readonly GraphEdge[];
}

/** More nodes than this no one has drawn; workflows that call each other twice on every level could. */
const MAX_NODES = 5000;

/**
 * The nodes of a workflow, the entry first. A node that calls another workflow is that workflow: edges
 * to it lead to the entry of the called one, whose ends lead where the default edge of the node leads.
 * `undefined` for more than 5,000 nodes. The package has been checked: no workflow calls itself.
 */
export function joinedGraph(
  loaded: LoadedPackage,
  workflow: LoadedWorkflow,
): readonly PlacedNode[] | undefined {
  const placed: PlacedNode[] = [];
  place({ loaded, placed }, { workflow, prefix: "", onEnd: undefined });
  if (placed.length > MAX_NODES) return undefined;
  const entry = entryOf(loaded, workflow, "");
  return [...placed].sort((a, b) => Number(b.id === entry) - Number(a.id === entry));
}

interface Joining {
  readonly loaded: LoadedPackage;
  readonly placed: PlacedNode[];
}

interface Call {
  readonly workflow: LoadedWorkflow;
  readonly prefix: string;
  /** Where the ends of a called workflow lead. */
  readonly onEnd: string | undefined;
}

function place(joining: Joining, { workflow, prefix, onEnd }: Call): void {
  const { loaded, placed } = joining;
  const { nodes, edges } = workflow.graph;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const target = (id: string) => {
    const node = byId.get(id);
    const called = node && calledBy(loaded, node);
    return called ? entryOf(loaded, called, `${prefix}${id}.`) : prefix + id;
  };
  for (const node of nodes) {
    if (placed.length > MAX_NODES) return;
    const own = edges.filter(({ from }) => from === node.id)
      .map((edge) => ({ ...edge, to: target(edge.to) }));
    const called = calledBy(loaded, node);
    if (called) {
      const next = (own.find(({ isDefault }) => isDefault) ?? own[0])?.to ?? onEnd;
      place(joining, { workflow: called, prefix: `${prefix}${node.id}.`, onEnd: next });
      continue;
    }
    const leaves = own.length === 0 && onEnd !== undefined
      ? [{ from: node.id, to: onEnd, label: "return" }]
      : own;
    placed.push({ id: prefix + node.id, node, workflow, edges: leaves });
  }
}

function calledBy(loaded: LoadedPackage, node: GraphNode): LoadedWorkflow | undefined {
  if (node.type !== "subworkflow") return undefined;
  return loaded.workflows.find(({ id }) => id === node.subworkflowRef);
}

/** The id of the first step of a workflow, which may itself lie in one that it calls. */
function entryOf(loaded: LoadedPackage, workflow: LoadedWorkflow, prefix: string): string {
  const { entryNodeId, nodes } = workflow.graph;
  const node = nodes.find(({ id }) => id === entryNodeId);
  const called = node && calledBy(loaded, node);
  return called ? entryOf(loaded, called, `${prefix}${entryNodeId}.`) : prefix + entryNodeId;
}
