// An agent as a PocketFlow node. Generated projects make one of each agent; the executable walks its
// flows without PocketFlow.
import { Node } from "pocketflow";
import type { NamedText } from "../flow/compose_prompt.ts";
import type { FlowAgent } from "../flow/flow_source.ts";
import { type FlowRun, runMember } from "../flow/run_stage.ts";

/** What an agent's node works on. */
export interface AgentTurn {
  readonly run: FlowRun;
  /** Results of the stages before, in the order of the plan. */
  readonly earlier: readonly NamedText[];
}

/**
 * Runs its agent in the story of the turn. What the agent does wrong is its result; what is thrown is
 * what `runMember` throws. Fields are public since PocketFlow copies nodes by their properties.
 */
export class AgentNode extends Node<AgentTurn> {
  readonly agent: FlowAgent;

  constructor(agent: FlowAgent) {
    // One attempt: requests to the model are tried again where it helps, with growing waits.
    super(1, 0);
    this.agent = agent;
  }

  override prep(turn: AgentTurn): Promise<AgentTurn> {
    return Promise.resolve(turn);
  }

  override async exec({ run, earlier }: AgentTurn): Promise<void> {
    await runMember(run, this.agent, earlier);
  }
}
