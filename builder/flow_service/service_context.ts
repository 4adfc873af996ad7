// What every handler of the flow service has at hand. Types only.
import type { Context } from "hono";
import type { FlowPorts } from "../../runtime/flow/flow_ports.ts";
import type { FlowSource } from "../../runtime/flow/flow_source.ts";
import type { AgentActivity } from "./agent_activity.ts";
import type { LiveFlows } from "./live_flows.ts";
import type { FlowMetrics } from "./flow_metrics.ts";
import type { ModelCheck } from "./model_check.ts";
import type { ServiceLog } from "./service_log.ts";

/** What the service is made of. */
export interface ServiceParts {
  readonly source: FlowSource;
  readonly ports: FlowPorts;
  readonly version: string;
  readonly metrics: FlowMetrics;
  readonly log: ServiceLog;
  readonly activity: AgentActivity;
  readonly flows: LiveFlows;
  readonly modelCheck: ModelCheck;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** hono's environment of this service. */
export interface ServiceEnv {
  readonly Variables: {
    readonly parts: ServiceParts;
    readonly requestId: string;
    /** The pattern of the route that answers; `none` where there is none. */
    readonly route: string;
  };
}

/** A request to the flow service. */
export type ServiceContext = Context<ServiceEnv>;

/** Answers a request; throws AppError for an answer with its code. */
export type ServiceHandler = (c: ServiceContext) => Promise<Response> | Response;
