// Breakpoints, the state and the place of a run, over the API.
import type { RunState, StateEdit } from "../../runtime/run/state_edit.ts";
import type { Breakpoint, BreakpointRequest } from "../../schemas/breakpoint.ts";
import { AppError } from "../../schemas/error.ts";
import type { AppContext } from "../app_context.ts";
import { dataResponse } from "../http/respond.tsx";
import type { NodeRetry, RunToRequest } from "../live_runs.ts";
import { apiPath, createdResponse, emptyResponse } from "./answers.ts";
import type { ApiRequest } from "./operation.ts";
import { runNow } from "./shown_run.ts";

/** `GET /runs/{runId}/breakpoints`. */
export async function listBreakpoints(c: AppContext, { params }: ApiRequest): Promise<Response> {
  const { services: { liveRuns }, user } = c.var;
  const breakpoints = await liveRuns.breakpoints(user, params.runId ?? "");
  return dataResponse(breakpoints.map(shownBreakpoint));
}

const NO_KEYS = { nodeId: null, workflowId: null, once: false, tool: null, limit: null };

function shownBreakpoint(breakpoint: Breakpoint) {
  return { ...NO_KEYS, ...breakpoint };
}

/** `POST /runs/{runId}/breakpoints`. */
export async function setBreakpoint(
  c: AppContext,
  { params, body }: ApiRequest,
): Promise<Response> {
  const { services: { liveRuns }, user } = c.var;
  const { runId = "" } = params;
  const set = await liveRuns.setBreakpoint(user, runId, body as BreakpointRequest);
  const location = apiPath("runs", runId, "breakpoints", set.breakpointId);
  return createdResponse(shownBreakpoint(set), location);
}

/** `DELETE /runs/{runId}/breakpoints/{breakpointId}`. */
export async function removeBreakpoint(c: AppContext, { params }: ApiRequest): Promise<Response> {
  const { services: { liveRuns }, user } = c.var;
  const { runId = "", breakpointId = "" } = params;
  await liveRuns.removeBreakpoint(user, runId, breakpointId);
  return emptyResponse();
}

/** `POST /runs/{runId}/run-to`. */
export async function runTo(c: AppContext, { params, body }: ApiRequest): Promise<Response> {
  const { services: { liveRuns }, user } = c.var;
  const { runId = "" } = params;
  await liveRuns.runTo(user, runId, body as RunToRequest);
  return dataResponse(await runNow(c, runId), { status: 202 });
}

/** `POST /runs/{runId}/retry`. */
export async function retryNode(c: AppContext, { params, body }: ApiRequest): Promise<Response> {
  const { services: { liveRuns }, user } = c.var;
  const { runId = "" } = params;
  const paths = await liveRuns.retry(user, runId, body as NodeRetry);
  return dataResponse({ run: await runNow(c, runId), paths }, { status: 202 });
}

/** `GET /runs/{runId}/state`. */
export async function showState(c: AppContext, { params }: ApiRequest): Promise<Response> {
  const { services: { liveRuns }, user } = c.var;
  return dataResponse(shownState(await liveRuns.state(user, params.runId ?? "")));
}

function shownState({ nodes, ...state }: RunState) {
  const shown = nodes.map(({ id, type, title = null }) => ({ nodeId: id, type, title }));
  return { ...state, nodes: shown };
}

/** `PATCH /runs/{runId}/state`. */
export async function changeState(c: AppContext, { params, body }: ApiRequest): Promise<Response> {
  const { services: { liveRuns }, user } = c.var;
  const { runId = "" } = params;
  // Whose run it is comes before what is wrong with the edit.
  await liveRuns.get(user, runId);
  const edit = body as { readonly yaml?: string; readonly changes?: unknown };
  if ((edit.yaml === undefined) === (edit.changes === undefined)) {
    throw new AppError(
      "STATE_INVALID",
      'The edit has to have either "yaml", the whole front matter, or "changes"',
    );
  }
  return dataResponse(shownState(await liveRuns.editState(user, runId, body as StateEdit)));
}

/** `GET /runs/{runId}/place`. */
export async function showPlace(c: AppContext, { params }: ApiRequest): Promise<Response> {
  const { services: { liveRuns }, user } = c.var;
  const { workflowId, nodeId, callers } = await liveRuns.place(user, params.runId ?? "");
  return dataResponse({ workflowId, nodeId, callers });
}
