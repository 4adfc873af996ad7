// `POST /run`: a flow on a story, answered when it has ended or event by event.
import type { FlowListener, FlowRequest } from "../../runtime/flow/flow_result.ts";
import { checkFlowId } from "../../runtime/flow/flow_id.ts";
import { failureBody } from "./failure_response.ts";
import { openFlowEvents } from "./flow_events.ts";
import { type BodySchema, checkBody, readJson } from "./read_body.ts";
import type { ServiceContext } from "./service_context.ts";
import type { ServiceRoute } from "./service_route.ts";

const RUN_BODY: BodySchema = {
  type: "object",
  properties: {
    flow: { type: "string", default: "default", description: "Name of the flow" },
    input: { description: "Any JSON; left out, the story goes on with the input it has" },
    story_id: { type: "string", description: "The same story goes on where it stopped" },
  },
  required: ["story_id"],
  additionalProperties: false,
};

/** The routes that run flows. */
export const RUN_ROUTES: readonly ServiceRoute[] = [{
  method: "POST",
  path: "/run",
  summary: "Run a flow on a story; with Accept: text/event-stream, event by event",
  body: RUN_BODY,
  answers: ["application/json", "text/event-stream"],
  failures: [404, 409, 413, 422, 503],
  handler: run,
}];

async function run(c: ServiceContext): Promise<Response> {
  const { source, flows } = c.var.parts;
  const body = checkBody<{ flow: string; story_id: string; input?: unknown }>(
    RUN_BODY,
    await readJson(c.req.raw, source.config.limits.bodyBytes),
  );
  const request: FlowRequest = {
    flow: checkFlowId(body.flow, "flow"),
    story_id: checkFlowId(body.story_id, "story id"),
    input: body.input,
  };
  if (/\btext\/event-stream\b/i.test(c.req.header("accept") ?? "")) return await stream(c, request);
  return Response.json(await flows.run(request, { requestId: c.var.requestId }));
}

/** Answers at the first event; what goes wrong before it is an answer of its own. */
async function stream(c: ServiceContext, request: FlowRequest): Promise<Response> {
  const events = openFlowEvents();
  await new Promise<void>((begun, failed) => {
    const onEvent: FlowListener = (event) => {
      events.send(event);
      begun();
    };
    const ended = c.var.parts.flows.run(request, { requestId: c.var.requestId, onEvent });
    ended.then(() => events.close(), (thrown) => {
      events.fail(failureBody(thrown));
      failed(thrown);
    });
  });
  return new Response(events.body, {
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    },
  });
}
