// The flows as they are defined, and as a graph.
import { checkFlowId } from "../../runtime/flow/flow_id.ts";
import { flowGraph, toMermaid } from "../../runtime/flow/flow_graph.ts";
import { planFlow } from "../../runtime/flow/plan_flow.ts";
import type { ServiceContext } from "./service_context.ts";
import type { ServiceRoute } from "./service_route.ts";

/** The routes of definitions. */
export const FLOW_ROUTES: readonly ServiceRoute[] = [
  { method: "GET", path: "/flows", summary: "The flows and their agents", handler: list },
  {
    method: "GET",
    path: "/flows/:name/graph",
    summary: "The dependency graph, as JSON with Mermaid in it; ?format=mermaid for that alone",
    query: { format: "json or mermaid" },
    answers: ["application/json", "text/vnd.mermaid"],
    failures: [404, 422],
    handler: graph,
  },
];

function list(c: ServiceContext): Response {
  const { flows, agents } = c.var.parts.source;
  return Response.json({
    flows: flows.map(({ name, description, steps }) => ({ name, description, steps })),
    agents: agents.map(({ id, description, parallel, waitFor, tools, commands }) => ({
      id,
      description,
      parallel: parallel ?? false,
      wait_for: waitFor,
      tools,
      commands,
    })),
  });
}

function graph(c: ServiceContext): Response {
  const { source } = c.var.parts;
  const plan = planFlow(source, checkFlowId(c.req.param("name"), "flow"));
  const picture = flowGraph(plan, source.agents);
  const mermaid = toMermaid(picture);
  if (c.req.query("format") !== "mermaid") return Response.json({ ...picture, mermaid });
  const headers = { "content-type": "text/vnd.mermaid; charset=utf-8" };
  return new Response(mermaid, { headers });
}
