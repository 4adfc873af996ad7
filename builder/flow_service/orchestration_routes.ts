// The status of every agent of a story, for outside schedulers that drive agents one by one and say
// here how far they are. A story's own results count as well.
import { checkFlowId } from "../../runtime/flow/flow_id.ts";
import { planFlow } from "../../runtime/flow/plan_flow.ts";
import { findAgent } from "../../runtime/flow/execute_agent.ts";
import { readStoryIn, scopeOfStory } from "../../runtime/flow/story_state.ts";
import { isRecord } from "../../schemas/record.ts";
import { type BodySchema, checkBody, readJson } from "./read_body.ts";
import type { ServiceContext } from "./service_context.ts";
import type { ServiceRoute } from "./service_route.ts";

const STATUSES = ["pending", "running", "completed", "needs_input", "failed", "skipped"] as const;
const PREFIX = "status:";
const PATH = "/orchestration/status";

/** How far an agent is. */
interface AgentProgress {
  readonly status: typeof STATUSES[number];
  readonly message: string;
  readonly updated_at: string | null;
}

const STATUS_BODY: BodySchema = {
  type: "object",
  properties: {
    agent: { type: "string" },
    status: { type: "string", enum: STATUSES },
    message: { type: "string", maxLength: 1000, default: "" },
  },
  required: ["agent", "status"],
  additionalProperties: false,
};

const QUERY = {
  workflow_id: "The story id",
  flow: 'Name of the flow; "default" unless told',
};

/** The routes for outside schedulers. */
export const ORCHESTRATION_ROUTES: readonly ServiceRoute[] = [
  {
    method: "GET",
    path: PATH,
    summary: "How far every agent of a story is",
    query: QUERY,
    failures: [404, 503],
    handler: read,
  },
  {
    method: "PUT",
    path: PATH,
    summary: "Say how far an agent of a story is",
    query: QUERY,
    body: STATUS_BODY,
    failures: [404, 413, 503],
    handler: write,
  },
];

async function read(c: ServiceContext): Promise<Response> {
  return Response.json(await statusOf(c, storyOf(c)));
}

async function write(c: ServiceContext): Promise<Response> {
  const story = storyOf(c);
  const { source, ports } = c.var.parts;
  const json = await readJson(c.req.raw, source.config.limits.bodyBytes);
  const { agent, ...said } = checkBody<{
    agent: string;
    status: AgentProgress["status"];
    message: string;
  }>(STATUS_BODY, json);
  const { id } = findAgent(source, checkFlowId(agent, "agent id"));
  const progress: AgentProgress = { ...said, updated_at: new Date().toISOString() };
  await ports.memory.set(scopeOfStory(story), PREFIX + id, progress);
  return Response.json(await statusOf(c, story));
}

interface StoryName {
  readonly flow: string;
  readonly story_id: string;
}

function storyOf(c: ServiceContext): StoryName {
  return {
    flow: checkFlowId(c.req.query("flow") ?? "default", "flow"),
    story_id: checkFlowId(c.req.query("workflow_id"), "workflow_id"),
  };
}

async function statusOf(c: ServiceContext, story: StoryName) {
  const { source, ports } = c.var.parts;
  const plan = planFlow(source, story.flow);
  const entries = await ports.memory.list(scopeOfStory(story));
  const state = readStoryIn(story, entries);
  const said = new Map(entries.map(({ key, value }) => [key, value]));
  const agents: Record<string, AgentProgress> = {};
  for (const id of plan.stages.flatMap((stage) => stage.agents)) {
    const result = state?.results[id];
    const own: AgentProgress = result === undefined
      ? { status: "pending", message: "", updated_at: null }
      : {
        status: result.status,
        message: result.summary,
        updated_at: result.metadata.completed_at,
      };
    const foreign = said.get(PREFIX + id);
    agents[id] = isProgress(foreign) && isLater(foreign, own) ? foreign : own;
  }
  return {
    workflow_id: story.story_id,
    flow: story.flow,
    status: state?.status ?? "pending",
    pending_docs: state?.pending_docs ?? [],
    agents,
  };
}

function isProgress(value: unknown): value is AgentProgress {
  return isRecord(value) && STATUSES.some((status) => status === value.status) &&
    typeof value.message === "string" && typeof value.updated_at === "string";
}

function isLater(one: AgentProgress, other: AgentProgress): boolean {
  return (one.updated_at ?? "") >= (other.updated_at ?? "");
}
