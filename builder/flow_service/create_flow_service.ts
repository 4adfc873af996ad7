// The flow service: a request in, an answer out. It holds no socket and knows no platform, so the
// executable mounts it and a generated project serves it under Deno and Node.
import { Hono } from "hono";
import type { FlowPorts } from "../../runtime/flow/flow_ports.ts";
import type { FlowSource } from "../../runtime/flow/flow_source.ts";
import { AppError, messageOf } from "../../schemas/error.ts";
import {
  requireKnownOrigin,
  requireServiceHost,
  requireToken,
  type ServiceAccess,
} from "./access.ts";
import { AgentActivity } from "./agent_activity.ts";
import { AGENT_ROUTES } from "./agent_routes.ts";
import { countedMemory } from "./counted_memory.ts";
import { describeRoutes } from "./describe_routes.ts";
import { DOCUMENT_ROUTES } from "./document_routes.ts";
import { failureResponse } from "./failure_response.ts";
import { FlowMetrics } from "./flow_metrics.ts";
import { FLOW_ROUTES } from "./flow_routes.ts";
import { HEALTH_ROUTES } from "./health_routes.ts";
import { LiveFlows } from "./live_flows.ts";
import { MEMORY_ROUTES } from "./memory_routes.ts";
import { type AskModel, ModelCheck } from "./model_check.ts";
import { ORCHESTRATION_ROUTES } from "./orchestration_routes.ts";
import { RUN_ROUTES } from "./run_routes.ts";
import type { ServiceContext, ServiceEnv, ServiceParts } from "./service_context.ts";
import type { ServiceLog } from "./service_log.ts";
import type { ServiceRoute } from "./service_route.ts";

/** What a flow service is made of. */
export interface FlowServiceOptions {
  readonly source: FlowSource;
  readonly ports: FlowPorts;
  readonly access: ServiceAccess;
  /** Shown by `/health` and `/openapi.json`. */
  readonly version: string;
  readonly log: ServiceLog;
  /** Asks whether the model's server is there. */
  readonly askModel: AskModel;
}

/** A flow service that is open. */
export interface FlowService {
  /** Answers a request; never rejects. */
  readonly fetch: (request: Request) => Promise<Response>;
  /**
   * Waits for flows that run, at most `graceMs` (10 s unless told), stops the rest and closes memory. A
   * stopped story goes on when it is run again.
   */
  close(graceMs?: number): Promise<void>;
}

const GRACE_MS = 10_000;

const CONTENT_ROUTES: readonly ServiceRoute[] = [
  ...RUN_ROUTES,
  ...AGENT_ROUTES,
  ...DOCUMENT_ROUTES,
  ...MEMORY_ROUTES,
  ...FLOW_ROUTES,
  ...ORCHESTRATION_ROUTES,
  ...HEALTH_ROUTES,
];

/** Every route. What is not here is not found. */
export const SERVICE_ROUTES: readonly ServiceRoute[] = [
  ...CONTENT_ROUTES,
  ...describeRoutes(CONTENT_ROUTES),
];

const FIRST_SEGMENTS = new Set(SERVICE_ROUTES.map(({ path }) => path.split("/")[1]));

/** Whether a request for this path is the service's business, where it shares an address. */
export function isServicePath(path: string): boolean {
  return FIRST_SEGMENTS.has(path.split("/")[1]);
}

const HEADERS: readonly (readonly [string, string])[] = [
  [
    "content-security-policy",
    "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  ],
  ["x-content-type-options", "nosniff"],
  ["referrer-policy", "no-referrer"],
  ["cache-control", "no-store"],
];

/** Makes the service. Flows that are not sound are served as `FLOW_INVALID`, so that one can see why. */
export function createFlowService(options: FlowServiceOptions): FlowService {
  const parts = partsOf(options);
  const app = new Hono<ServiceEnv>();
  app.use("*", async (c, next) => {
    c.set("parts", parts);
    c.set("requestId", requestIdOf(c));
    c.set("route", "none");
    const startedAt = performance.now();
    await next();
    finish(c, performance.now() - startedAt);
  });
  app.options("*", (c) => preflight(c.req.raw, options.access));
  for (const route of SERVICE_ROUTES) {
    app.on(route.method, route.path, async (c) => {
      c.set("route", route.path);
      requireServiceHost(c.req.raw, options.access);
      const origin = requireKnownOrigin(c.req.raw, options.access);
      if (!route.isOpen) requireToken(c.req.raw, options.access);
      const response = await route.handler(c);
      if (origin !== undefined) allowOrigin(response.headers, origin);
      return response;
    });
  }
  app.notFound((c) => {
    const place = JSON.stringify(`${c.req.method} ${c.req.path.slice(0, 200)}`);
    return failureResponse(
      new AppError("ROUTE_NOT_FOUND", `There is nothing at ${place}; /docs lists the routes`),
    );
  });
  app.onError((thrown, c) => {
    if (!(thrown instanceof AppError)) logFailure(thrown, c);
    return failureResponse(thrown);
  });
  return {
    fetch: async (request) => await app.fetch(request),
    async close(graceMs = GRACE_MS) {
      await parts.flows.close(graceMs);
      await parts.modelCheck.close();
      await parts.ports.memory.close();
    },
  };
}

function partsOf({ source, ports, version, log, askModel }: FlowServiceOptions): ServiceParts {
  const metrics = new FlowMetrics();
  const activity = new AgentActivity(metrics, log);
  const counted = { ...ports, memory: countedMemory(ports.memory, metrics) };
  return {
    source,
    ports: counted,
    version,
    metrics,
    log,
    activity,
    flows: new LiveFlows({ source, ports: counted, metrics, log, activity }),
    modelCheck: new ModelCheck(askModel),
    startedAt: ports.clock.now(),
  };
}

/** The caller's own id, if it can stand in a log, so that one request is found in every log. */
function requestIdOf(c: ServiceContext): string {
  const given = c.req.header("x-request-id") ?? "";
  return /^[A-Za-z0-9._-]{1,100}$/.test(given) ? given : crypto.randomUUID();
}

function finish(c: ServiceContext, durationMs: number): void {
  const { headers, status } = c.res;
  for (const [name, value] of HEADERS) headers.set(name, value);
  headers.set("x-request-id", c.var.requestId);
  const { metrics, log } = c.var.parts;
  const method = c.req.method;
  // Not the path: what strangers ask for must not fill the metrics.
  const { route } = c.var;
  metrics.add("flow_requests_total", { route, method: known(method), status: String(status) });
  metrics.observe("flow_request_duration_seconds", { route }, durationMs);
  log({
    level: status >= 500 ? "error" : "info",
    component: "http",
    message: "Request answered",
    request_id: c.var.requestId,
    method,
    path: c.req.path.slice(0, 300),
    status,
    duration_ms: Math.round(durationMs * 10) / 10,
  });
}

function known(method: string): string {
  return ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"].includes(method) ? method : "other";
}

function logFailure(thrown: Error, c: ServiceContext): void {
  c.var.parts.log({
    level: "error",
    component: "http",
    message: `Unexpected failure: ${messageOf(thrown)}`,
    request_id: c.var.requestId,
    path: c.req.path.slice(0, 300),
  });
}

/** Lets pages of named origins ask; others get no permission. */
function preflight(request: Request, access: ServiceAccess): Response {
  requireServiceHost(request, access);
  const origin = requireKnownOrigin(request, access);
  const response = new Response(null, { status: 204 });
  if (origin === undefined) return response;
  allowOrigin(response.headers, origin);
  const headers = "authorization, content-type, if-match, if-none-match, x-request-id";
  response.headers.set("access-control-allow-methods", "GET, PUT, POST, DELETE");
  response.headers.set("access-control-allow-headers", headers);
  response.headers.set("access-control-max-age", "600");
  return response;
}

function allowOrigin(headers: Headers, origin: string): void {
  headers.set("access-control-allow-origin", origin);
  headers.set("access-control-expose-headers", "etag, x-request-id");
  headers.append("vary", "origin");
}
