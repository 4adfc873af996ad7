// Single agents, without a flow: for schedulers that drive them one by one.
import { executeAgent, findAgent } from "../../runtime/flow/execute_agent.ts";
import { checkFlowId, storyDocumentId } from "../../runtime/flow/flow_id.ts";
import type { AgentRequest } from "../../runtime/flow/flow_result.ts";
import { readStory } from "../../runtime/flow/story_state.ts";
import { executionOf, type LastExecution } from "./agent_activity.ts";
import { type BodySchema, checkBody, readJson } from "./read_body.ts";
import type { ServiceContext, ServiceParts } from "./service_context.ts";
import type { ServiceRoute } from "./service_route.ts";

const EXECUTE_BODY: BodySchema = {
  type: "object",
  properties: {
    instruction: { type: "string" },
    documents: {
      type: "object",
      additionalProperties: { type: "string" },
      default: {},
      description: "Document name → Markdown",
    },
    context_data: { type: "object", default: {}, description: "Any JSON" },
    execution_id: { type: "string", default: "execution" },
  },
  required: ["instruction"],
  additionalProperties: false,
};

/** The routes of single agents. */
export const AGENT_ROUTES: readonly ServiceRoute[] = [
  {
    method: "POST",
    path: "/agent/:name/execute",
    summary: "Run one agent; stateless: the same request asks the model the same",
    body: EXECUTE_BODY,
    failures: [404, 413, 422],
    handler: execute,
  },
  {
    method: "GET",
    path: "/agent/:name/ready",
    summary: "Whether an agent has all it waits for",
    query: {
      story_id: "Also counts the documents of this story, and tells of its last execution there; " +
        "without, of the last by this replica",
    },
    failures: [404, 503],
    handler: ready,
  },
];

async function execute(c: ServiceContext): Promise<Response> {
  const { source, ports, flows, activity } = c.var.parts;
  const agentId = checkFlowId(c.req.param("name"), "agent id");
  const json = await readJson(c.req.raw, source.config.limits.bodyBytes);
  const request = checkBody<AgentRequest>(EXECUTE_BODY, json);
  // Nobody else waits for this one: when the client leaves, it ends.
  const signal = AbortSignal.any([c.req.raw.signal, flows.stopped]);
  const result = await executeAgent(source, agentId, request, { ports, signal });
  const requestId = c.var.requestId;
  activity.note(result, { storyId: request.execution_id, requestId });
  return Response.json(result);
}

async function ready(c: ServiceContext): Promise<Response> {
  const { source, ports, activity } = c.var.parts;
  const agent = findAgent(source, checkFlowId(c.req.param("name"), "agent id"));
  const story = c.req.query("story_id");
  const storyId = story === undefined ? undefined : checkFlowId(story, "story id");
  const isThere = async (name: string) => {
    const own = storyId !== undefined &&
      await ports.documents.exists(storyDocumentId(storyId, name));
    return own || await ports.documents.exists(name);
  };
  const found = await Promise.all(agent.waitFor.docs.map(isThere));
  const missing = agent.waitFor.docs.filter((_, index) => !found[index]);
  const last = storyId === undefined
    ? activity.last(agent.id)
    : await lastInStory(c.var.parts, agent.id, storyId);
  return Response.json({ ready: missing.length === 0, missing, last_execution: last ?? null });
}

/** The last execution in a story, by whichever flow and replica: memory knows them all. */
async function lastInStory(
  { source, ports }: ServiceParts,
  agentId: string,
  storyId: string,
): Promise<LastExecution | undefined> {
  const flows = source.flows.filter(({ steps }) =>
    steps.some(({ agents }) => agents.includes(agentId))
  );
  const stories = await Promise.all(
    flows.map(({ name }) => readStory({ flow: name, story_id: storyId }, ports.memory)),
  );
  return stories.flatMap((story) => story?.results[agentId] ?? []).map(executionOf)
    .sort((a, b) => a.completed_at < b.completed_at ? 1 : -1)[0];
}
