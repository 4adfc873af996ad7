// A stage of a flow as one PocketFlow node: PocketFlow has no fan-out that joins again, so the agents of
// a stage are nodes inside this one.
import { BaseNode } from "pocketflow";
import { type FlowRun, runStage } from "../flow/run_stage.ts";
import type { FlowStage } from "../flow/flow_plan.ts";
import { AppError } from "../../schemas/error.ts";
import type { AgentNode } from "./agent_node.ts";

/** The action of a stage whose documents are missing: the flow ends here and goes on another time. */
export const PENDING = "pending";

/** Runs its agents side by side, up to `limits.workers` at a time. */
export class StageNode extends BaseNode<FlowRun> {
  readonly members: readonly AgentNode[];

  constructor(members: readonly AgentNode[]) {
    super();
    this.members = members;
  }

  /** Finds this stage in the run's plan. */
  override prep(run: FlowRun): Promise<{ readonly run: FlowRun; readonly stage: FlowStage }> {
    const ids = this.members.map(({ agent }) => agent.id);
    const stage = run.plan.stages.find(({ agents }) => agents.join() === ids.join());
    if (stage) return Promise.resolve({ run, stage });
    throw new AppError("INTERNAL", `The plan of "${run.plan.flow}" has no stage of ${ids.join()}`);
  }

  override async exec(
    { run, stage }: { readonly run: FlowRun; readonly stage: FlowStage },
  ): Promise<void> {
    const nodes = new Map(this.members.map((node) => [node.agent.id, node]));
    await runStage(run, stage, async (_, agent, earlier) => {
      await nodes.get(agent.id)?.run({ run, earlier });
    });
  }

  override post(run: FlowRun): Promise<string | undefined> {
    return Promise.resolve(run.pendingDocs.size > 0 ? PENDING : undefined);
  }
}
