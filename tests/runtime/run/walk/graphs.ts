// Graphs in short notation for the tests of walks, and packages made of them.
import type { GraphEdge, GraphNode, NodeType, WorkflowGraph } from "../../../../schemas/package.ts";
import { formAPackage, stepText, type Texts, workflowText } from "../../package/sample_package.ts";

/** Node id → type, or `call:WORKFLOW` for a subworkflow; the first node is the entry. */
export type Nodes = Readonly<Record<string, string>>;
/** `[from, to]`, with a label (by default the target) and more of an edge if need be. */
export type Edges = readonly (readonly [string, string, string?, Partial<GraphEdge>?])[];

/** A graph of version 1.2. */
export function graphOf(nodes: Nodes, edges: Edges, folder = "main"): WorkflowGraph {
  return {
    schemaVersion: "1.2",
    entryNodeId: Object.keys(nodes)[0] ?? "",
    nodes: Object.entries(nodes).map(([id, kind]) => nodeOf(id, kind, folder)),
    edges: edges.map(([from, to, label = to, more]) => ({ from, to, label, ...more })),
  };
}

function nodeOf(id: string, kind: string, folder: string): GraphNode {
  const file = `workflows/${folder}/${id}.md`;
  const [type = "", subworkflowRef] = kind.split(":");
  if (type !== "call") return { id, type: type as NodeType, file };
  return { id, type: "subworkflow", file, ...(subworkflowRef && { subworkflowRef }) };
}

/** A chain of `count` steps and decisions, every decision with an edge back, up to one end. */
export function longChain(count: number): WorkflowGraph {
  const nodes: Record<string, string> = {};
  const edges: [string, string, string][] = [];
  for (let index = 0; index < count; index += 1) {
    nodes[`n${index}`] = index === count - 1 ? "end" : index % 2 ? "decision" : "step";
    if (index < count - 1) edges.push([`n${index}`, `n${index + 1}`, "on"]);
    if (index % 2 && index < count - 1) {
      edges.push([`n${index}`, `n${Math.max(0, index - 9)}`, "back"]);
    }
  }
  return graphOf(nodes, edges);
}

/** A package of these workflows, the first one its default. */
export function packageOf(workflows: Readonly<Record<string, readonly [Nodes, Edges]>>): Texts {
  const texts: Texts = { "agents.json": formAPackage()["agents.json"] ?? "" };
  const listings = Object.keys(workflows).map((id) => ({
    id,
    workflow: `workflows/${id}/workflow.md`,
    graph: `workflows/${id}/workflow.graph.json`,
  }));
  const { id: _, ...entry } = listings[0] ?? { id: "" };
  texts["bmad.json"] = JSON.stringify({
    schemaVersion: "1.2",
    name: "walked",
    version: "1.0.0",
    entry: { ...entry, agents: "agents.json" },
    workflows: listings,
  });
  for (const [id, [nodes, edges]] of Object.entries(workflows)) {
    const graph = graphOf(nodes, edges, id);
    texts[`workflows/${id}/workflow.md`] = workflowText(id, "");
    texts[`workflows/${id}/workflow.graph.json`] = JSON.stringify(graph);
    for (const node of graph.nodes) texts[node.file] = stepText(node.id, node.type);
  }
  return texts;
}
