// Runs one agent outside of any flow: the function behind `POST /agent/{name}/execute`. It remembers
// nothing, so the same request asks the model the same.
import { AppError } from "../../schemas/error.ts";
import { listed, quoted } from "./finding_list.ts";
import { checkDocumentId, checkFlowId } from "./flow_id.ts";
import type { FlowPorts } from "./flow_ports.ts";
import type { AgentRequest, AgentResult } from "./flow_result.ts";
import type { FlowAgent, FlowSource } from "./flow_source.ts";
import { performAgent, unaskedResult } from "./perform_agent.ts";
import { requireSound } from "./require_sound.ts";

/** How an agent is run. */
export interface ExecuteOptions {
  readonly ports: Pick<FlowPorts, "model" | "tools" | "clock">;
  readonly signal: AbortSignal;
  /** A piece of the answer; `restarted` when what came before is void. */
  onText?(text: string, restarted: boolean): void;
}

/**
 * Asks an agent with the documents of the request alone. Missing ones are empty (`skip`), asked for
 * (`wait`: `needs_input`) or a failure (`error`), as `on_missing_doc` says.
 * @throws AppError `FLOW_AGENT_NOT_FOUND`, `FLOW_INVALID`, `REQUEST_INVALID`, `ENGINE_ABORTED`
 */
export async function executeAgent(
  source: FlowSource,
  agentId: string,
  request: AgentRequest,
  { ports, signal, onText = () => {} }: ExecuteOptions,
): Promise<AgentResult> {
  requireSound(source);
  const agent = findAgent(source, agentId);
  const storyId = checkFlowId(request.execution_id, "execution id");
  const sent = Object.entries(request.documents)
    .map(([name, text]) => ({ name: checkDocumentId(name), text }));
  const missing = agent.waitFor.docs.filter((id) => !sent.some(({ name }) => name === id));
  if (missing.length > 0 && source.config.onMissingDoc !== "skip") {
    const message = `The agent "${agent.id}" needs documents that were not sent: ${
      missing.join(", ")
    }`;
    const fault = { code: "FLOW_DEPENDENCY_MISSING" as const, message };
    const status = source.config.onMissingDoc === "wait" ? "needs_input" : "failed";
    const result = unaskedResult(status, fault, { agent, clock: ports.clock });
    return { ...result, missing_inputs: missing };
  }
  const hasContext = Object.keys(request.context_data).length > 0;
  return await performAgent({
    agent,
    facts: {
      input: request.instruction,
      documents: [...sent, ...missing.map((name) => ({ name, text: "" }))],
      results: [],
      memory: [],
      context: hasContext ? request.context_data : undefined,
    },
    storyId,
    timeLimitMs: source.config.limits.requestMs,
    signal,
    onText,
  }, ports);
}

/** @throws AppError `FLOW_AGENT_NOT_FOUND` naming the agents there are */
export function findAgent({ agents }: Pick<FlowSource, "agents">, agentId: string): FlowAgent {
  const agent = agents.find(({ id }) => id === agentId);
  if (agent) return agent;
  const known = listed(agents.map(({ id }) => id));
  const message = `There is no agent ${quoted(agentId)}. The agents are: ${known}`;
  throw new AppError("FLOW_AGENT_NOT_FOUND", message);
}
