// Owns every flow that runs: a client may leave, the flow finishes, and a service that ends waits.
import type { FlowListener, FlowRequest, FlowResult } from "../../runtime/flow/flow_result.ts";
import type { FlowPorts } from "../../runtime/flow/flow_ports.ts";
import type { FlowSource } from "../../runtime/flow/flow_source.ts";
import { runFlow } from "../../runtime/flow/run_flow.ts";
import { messageOf } from "../../schemas/error.ts";
import type { AgentActivity } from "./agent_activity.ts";
import type { FlowMetrics } from "./flow_metrics.ts";
import type { ServiceLog } from "./service_log.ts";

/** What running flows need. */
export interface LiveFlowsOptions {
  readonly source: FlowSource;
  readonly ports: FlowPorts;
  readonly metrics: FlowMetrics;
  readonly log: ServiceLog;
  readonly activity: AgentActivity;
}

/** Who asked for a flow, and who listens. */
export interface FlowCaller {
  readonly requestId: string;
  readonly onEvent?: FlowListener;
}

/** The flows that run in this process. */
export class LiveFlows {
  readonly #options: LiveFlowsOptions;
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  constructor(options: LiveFlowsOptions) {
    this.#options = options;
  }

  /** Aborts when the service ends before its flows do. */
  get stopped(): AbortSignal {
    return this.#stop.signal;
  }

  /** Starts a flow; it goes on when nobody waits for it any more. Throws what `runFlow` throws. */
  run(request: FlowRequest, caller: FlowCaller): Promise<FlowResult> {
    const running = this.#run(request, caller);
    const settled = running.then(() => {}, () => {}).finally(() => {
      this.#running.delete(settled);
      this.#countActive();
    });
    this.#running.add(settled);
    this.#countActive();
    return running;
  }

  /** Waits for what runs, then stops the rest; their stories go on when they are run again. */
  async close(graceMs: number): Promise<void> {
    const timer = setTimeout(() => this.#stop.abort(), graceMs);
    await Promise.all(this.#running);
    clearTimeout(timer);
  }

  async #run(request: FlowRequest, { requestId, onEvent }: FlowCaller): Promise<FlowResult> {
    const { source, ports, metrics, log, activity } = this.#options;
    const about = { component: "flow", story_id: request.story_id, request_id: requestId };
    const startedAt = performance.now();
    const listen: FlowListener = (event) => {
      if (event.type === "agent_completed" && !event.resumed) {
        activity.note(event.result, { storyId: request.story_id, requestId });
      }
      onEvent?.(event);
    };
    try {
      const options = { ports, signal: this.stopped, onEvent: listen };
      const result = await runFlow(source, request, options);
      const duration_ms = Math.round(performance.now() - startedAt);
      metrics.add("flow_runs_total", { flow: request.flow, outcome: result.status });
      log({ ...about, level: "info", message: `Flow ended: ${result.status}`, duration_ms });
      return result;
    } catch (thrown) {
      // The client may have left, so the failure is told here too.
      log({ ...about, level: "warn", message: `Flow failed: ${messageOf(thrown)}` });
      throw thrown;
    }
  }

  #countActive(): void {
    this.#options.metrics.set("flow_runs_active", this.#running.size);
  }
}
