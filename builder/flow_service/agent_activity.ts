// What agents did last in this process, and what the metrics and the log are told of it.
import type { AgentResult, AgentStatus } from "../../runtime/flow/flow_result.ts";
import type { FlowMetrics } from "./flow_metrics.ts";
import type { ServiceLog } from "./service_log.ts";

/** How an execution of an agent ended. */
export interface LastExecution {
  readonly status: AgentStatus;
  readonly completed_at: string;
  readonly duration_ms: number;
}

/** That of a result. */
export function executionOf({ status, metadata }: AgentResult): LastExecution {
  const { completed_at, duration_ms } = metadata;
  return { status, completed_at, duration_ms };
}

/** Whose execution it was. */
export interface ExecutionOwner {
  readonly storyId: string;
  readonly requestId: string;
}

/** Remembers the last execution of each agent. */
export class AgentActivity {
  readonly #last = new Map<string, LastExecution>();
  readonly #metrics: FlowMetrics;
  readonly #log: ServiceLog;

  constructor(metrics: FlowMetrics, log: ServiceLog) {
    this.#metrics = metrics;
    this.#log = log;
  }

  /** The last execution of an agent here; `undefined` if there was none since the start. */
  last(agentId: string): LastExecution | undefined {
    return this.#last.get(agentId);
  }

  /** Takes note of an execution. */
  note(result: AgentResult, { storyId, requestId }: ExecutionOwner): void {
    const { status, metadata } = result;
    const { agent, duration_ms, tokens, error } = metadata;
    this.#last.set(agent, executionOf(result));
    this.#metrics.add("flow_agent_runs_total", { agent, status });
    this.#metrics.observe("flow_agent_duration_seconds", { agent }, duration_ms);
    this.#metrics.add("flow_tokens_total", { agent, direction: "input" }, tokens?.input ?? 0);
    this.#metrics.add("flow_tokens_total", { agent, direction: "output" }, tokens?.output ?? 0);
    this.#log({
      level: status === "failed" ? "warn" : "info",
      component: "agent",
      // Not the message, which may quote a server that quotes what it was sent.
      message: error === undefined ? `Agent ${status}` : `Agent ${status}: ${error.code}`,
      agent,
      story_id: storyId,
      request_id: requestId,
      duration_ms,
    });
  }
}
