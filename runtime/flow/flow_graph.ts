// A plan as a picture: the dependency graph as JSON and as Mermaid. Pure.
import type { FlowEdge, FlowPlan } from "./flow_plan.ts";
import type { FlowAgent } from "./flow_source.ts";

/** The graph of a flow, as `GET /flows/{name}/graph` answers it. */
export interface FlowGraph {
  readonly flow: string;
  readonly nodes: readonly FlowGraphNode[];
  /** What an agent waits for, not the mere order of stages; or the edges of a workflow's graph. */
  readonly edges: readonly FlowEdge[];
  /** None where the edges of a graph lead through the flow. */
  readonly stages: readonly (readonly string[])[];
}

/** An agent in the graph. */
export interface FlowGraphNode {
  readonly id: string;
  readonly description: string;
  /** 0-based. */
  readonly stage: number;
  readonly wait_for_docs: readonly string[];
}

/** The graph of a plan. */
export function flowGraph(plan: FlowPlan, agents: readonly FlowAgent[]): FlowGraph {
  const byId = new Map(agents.map((agent) => [agent.id, agent]));
  return {
    flow: plan.flow,
    nodes: plan.stages.flatMap((stage, index) =>
      stage.agents.map((id) => ({
        id,
        description: byId.get(id)?.description ?? "",
        stage: index,
        wait_for_docs: byId.get(id)?.waitFor.docs ?? [],
      }))
    ),
    edges: plan.ways ?? plan.edges,
    stages: plan.ways ? [] : plan.stages.map(({ agents }) => agents),
  };
}

/**
 * The graph as Mermaid text. Solid arrows are `wait_for`, dotted ones the order of stages where nobody
 * waits, cylinders are documents. No id can break out of its label.
 */
export function toMermaid({ nodes, edges, stages }: FlowGraph): string {
  const names = new Map(nodes.map(({ id }, index) => [id, `a${index}`]));
  const docs = [...new Set(nodes.flatMap((node) => node.wait_for_docs))];
  const docNames = new Map(docs.map((doc, index) => [doc, `d${index}`]));
  const lines = [
    "flowchart TD",
    ...nodes.map(({ id }) => `  ${names.get(id)}["${label(id)}"]`),
    ...docs.map((doc) => `  ${docNames.get(doc)}[("${label(doc)}")]`),
    ...nodes.flatMap((node) =>
      node.wait_for_docs.map((doc) => `  ${docNames.get(doc)} --> ${names.get(node.id)}`)
    ),
    ...edges.map(({ from, to }) => `  ${names.get(from)} --> ${names.get(to)}`),
    ...orderLines(stages, edges, names),
  ];
  return `${lines.join("\n")}\n`;
}

/** Between stages that no edge joins, one dotted line says which comes first. */
function orderLines(
  stages: FlowGraph["stages"],
  edges: readonly FlowEdge[],
  names: ReadonlyMap<string, string>,
): string[] {
  return stages.slice(1).flatMap((stage, index) => {
    const before = stages[index] ?? [];
    const isJoined = edges.some(({ from, to }) => before.includes(from) && stage.includes(to));
    const [last, first] = [before.at(-1), stage[0]];
    if (isJoined || last === undefined || first === undefined) return [];
    return [`  ${names.get(last)} -.-> ${names.get(first)}`];
  });
}

function label(text: string): string {
  return text.replace(/[^A-Za-z0-9 ._-]/g, (char) => `#${char.codePointAt(0)};`);
}
