// Memory over HTTP: one JSON value by scope and key.
import { checkFlowId } from "../../runtime/flow/flow_id.ts";
import { parseScope, scopeText } from "../../runtime/flow/memory.ts";
import { AppError } from "../../schemas/error.ts";
import { type BodySchema, readJson } from "./read_body.ts";
import type { ServiceContext } from "./service_context.ts";
import type { ServiceRoute } from "./service_route.ts";

const ANY_VALUE: BodySchema = { description: "Any JSON value; null is a value" };

/** The routes of memory. */
export const MEMORY_ROUTES: readonly ServiceRoute[] = [
  {
    method: "GET",
    path: "/memory/:scope/:key",
    summary: "Read a value",
    failures: [404, 503],
    handler: read,
  },
  {
    method: "PUT",
    path: "/memory/:scope/:key",
    summary: "Write a value",
    body: ANY_VALUE,
    failures: [413, 503],
    handler: write,
  },
  {
    method: "DELETE",
    path: "/memory/:scope/:key",
    summary: "Remove a value",
    failures: [404, 503],
    handler: remove,
  },
];

async function read(c: ServiceContext): Promise<Response> {
  const { scope, key } = placeOf(c);
  const entry = await c.var.parts.ports.memory.get(scope, key);
  if (entry === undefined) throw nothingThere(scope, key);
  return Response.json(entry.value);
}

async function write(c: ServiceContext): Promise<Response> {
  const { scope, key } = placeOf(c);
  const { ports, source } = c.var.parts;
  const value = await readJson(c.req.raw, source.config.limits.bodyBytes);
  await ports.memory.set(scope, key, value);
  return Response.json({ success: true });
}

async function remove(c: ServiceContext): Promise<Response> {
  const { scope, key } = placeOf(c);
  if (!await c.var.parts.ports.memory.delete(scope, key)) throw nothingThere(scope, key);
  return Response.json({ success: true });
}

function placeOf(c: ServiceContext): { readonly scope: string; readonly key: string } {
  const scope = scopeText(parseScope(c.req.param("scope") ?? ""));
  return { scope, key: checkFlowId(c.req.param("key"), "memory key") };
}

function nothingThere(scope: string, key: string): AppError {
  return new AppError("FLOW_KEY_NOT_FOUND", `There is no value "${key}" in "${scope}"`);
}
