// A package's workflow as a PocketFlow flow: its nodes, with its edges as their actions.
import { BaseNode, Flow } from "pocketflow";
import type { FlowDefinition } from "../flow/flow_source.ts";
import type { FlowRun } from "../flow/run_stage.ts";
import type { AgentFlow } from "./agent_flow.ts";
import { type StepNode, STOP } from "./step_node.ts";

/** Joins the nodes of a definition by its `ways`; the first node is the entry. */
export function graphFlow(
  definition: FlowDefinition | undefined,
  nodes: readonly StepNode[],
): AgentFlow {
  const { name = "", steps = [], ways = [] } = definition ?? {};
  const byId = new Map(nodes.map((node) => [node.agent.id, node]));
  const end = new BaseNode();
  for (const node of nodes) {
    node.ways = ways.filter(({ from }) => from === node.agent.id);
    node.on(STOP, end);
    for (const { action, to } of node.ways) node.on(action, byId.get(to) ?? end);
  }
  return {
    name,
    stages: steps.map(({ agents }) => agents),
    flow: new Flow<FlowRun>(nodes[0] ?? end),
  };
}
