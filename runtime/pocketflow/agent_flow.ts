// The flows of a generated project as PocketFlow flows, and the walk that leads a run through them.
import { BaseNode, Flow } from "pocketflow";
import { AppError } from "../../schemas/error.ts";
import type { FlowWalk } from "../flow/flow_ports.ts";
import type { FlowSource } from "../flow/flow_source.ts";
import { planFlow } from "../flow/plan_flow.ts";
import type { FlowRun } from "../flow/run_stage.ts";
import type { AgentNode } from "./agent_node.ts";
import { PENDING, StageNode } from "./stage_node.ts";

/** A flow by its name. */
export interface AgentFlow {
  readonly name: string;
  /** Agents of each stage, in order. */
  readonly stages: readonly (readonly string[])[];
  readonly flow: Flow<FlowRun>;
}

/** Chains stages: each inner list is one stage, whose agents run side by side. */
export function agentFlow(name: string, stages: readonly (readonly AgentNode[])[]): AgentFlow {
  const nodes = stages.map((members) => new StageNode(members));
  const end = new BaseNode();
  nodes.forEach((node, index) => node.on(PENDING, end).next(nodes[index + 1] ?? end));
  return {
    name,
    stages: stages.map((members) => members.map(({ agent }) => agent.id)),
    flow: new Flow<FlowRun>(nodes[0] ?? end),
  };
}

/**
 * Walks runs through these flows.
 * @throws AppError `FLOW_INVALID` if a flow's stages are not those that its agents ask for
 */
export function pocketFlowWalk(
  flows: readonly AgentFlow[],
  source: Pick<FlowSource, "agents" | "flows">,
): FlowWalk {
  for (const { name, stages } of flows) requirePlanned(name, stages, source);
  const byName = new Map(flows.map((flow) => [flow.name, flow]));
  return async (run) => {
    await byName.get(run.plan.flow)?.flow.run(run);
  };
}

function requirePlanned(
  name: string,
  stages: AgentFlow["stages"],
  source: Pick<FlowSource, "agents" | "flows">,
): void {
  const planned = planFlow(source, name).stages.map(({ agents }) => agents);
  if (JSON.stringify(planned) === JSON.stringify(stages)) return;
  throw new AppError(
    "FLOW_INVALID",
    `The stages of the flow "${name}" are ${JSON.stringify(stages)}, but its agents ask for ` +
      `${JSON.stringify(planned)}. Generate the project anew`,
  );
}
