// The order in which a flow runs its agents. Types only: `plan_flow.ts` makes it, `flow_graph.ts` shows it.

/** A flow ready to run: every agent stands in exactly one stage, behind all it waits for. */
export interface FlowPlan {
  readonly flow: string;
  readonly description: string;
  readonly stages: readonly FlowStage[];
  /** Every `wait_for.agents` inside the flow. */
  readonly edges: readonly FlowEdge[];
  /** Edges that lead through the flow instead of its stages. */
  readonly ways?: readonly FlowEdge[];
}

/** Agents that run side by side; mostly one. They do not depend on each other. */
export interface FlowStage {
  readonly agents: readonly string[];
}

/** `to` waits for `from`. */
export interface FlowEdge {
  readonly from: string;
  readonly to: string;
}
