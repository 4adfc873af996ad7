// Whether the service lives, is ready and has started, and its metrics: for what watches over it.
import { hasErrors } from "../../schemas/finding.ts";
import type { ServiceContext, ServiceParts } from "./service_context.ts";
import type { ServiceRoute } from "./service_route.ts";

/** A backend that does not answer in this time counts as unavailable. */
const PING_WAIT_MS = 1_000;

/** The routes for watchers; they need no token, besides the metrics. */
export const HEALTH_ROUTES: readonly ServiceRoute[] = [
  {
    method: "GET",
    path: "/health",
    summary: "Status, version, uptime and checks",
    failures: [503],
    isOpen: true,
    handler: health,
  },
  {
    method: "GET",
    path: "/health/live",
    summary: "The process lives",
    isOpen: true,
    handler: () => Response.json({ status: "ok" }),
  },
  {
    method: "GET",
    path: "/health/ready",
    summary: "It can serve requests: memory answers and the sources are sound",
    failures: [503],
    isOpen: true,
    handler: ready,
  },
  {
    method: "GET",
    path: "/health/startup",
    summary: "It has started",
    isOpen: true,
    handler: () => Response.json({ status: "ok" }),
  },
  {
    method: "GET",
    path: "/metrics",
    summary: "Prometheus metrics",
    answers: ["text/plain"],
    handler: metrics,
  },
];

async function health(c: ServiceContext): Promise<Response> {
  const { parts } = c.var;
  const checks = { ...await ownChecks(parts), model: parts.modelCheck.health };
  const isUp = checks.memory === "ok" && checks.flows === "ok";
  // An agent fails without its model, but documents, memory and finished stories are still served.
  const status = !isUp ? "unavailable" : checks.model === "unreachable" ? "degraded" : "ok";
  const uptime = Math.round((parts.ports.clock.now() - parts.startedAt) / 1000);
  const body = { status, version: parts.version, uptime, checks };
  return Response.json(body, { status: isUp ? 200 : 503 });
}

async function ready(c: ServiceContext): Promise<Response> {
  const checks = await ownChecks(c.var.parts);
  const isReady = checks.memory === "ok" && checks.flows === "ok";
  const body = { status: isReady ? "ok" : "unavailable", checks };
  return Response.json(body, { status: isReady ? 200 : 503 });
}

async function ownChecks({ ports, source }: ServiceParts) {
  const flows = hasErrors(source.findings) ? "invalid" : "ok";
  return { memory: await answers(ports.memory.ping()) ? "ok" : "unavailable", flows };
}

async function answers(ping: Promise<void>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), PING_WAIT_MS);
  });
  try {
    return await Promise.race([ping.then(() => true, () => false), late]);
  } finally {
    clearTimeout(timer);
  }
}

function metrics(c: ServiceContext): Response {
  const { metrics, ports, startedAt } = c.var.parts;
  metrics.set("flow_uptime_seconds", (ports.clock.now() - startedAt) / 1000);
  const headers = { "content-type": "text/plain; version=0.0.4; charset=utf-8" };
  return new Response(metrics.text(), { headers });
}
