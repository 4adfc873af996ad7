// What a person does to a run on its page: breakpoints, run to here, a node begun afresh. Not here:
// answers, pause and stop (`run.tsx`), its state (`run_state.tsx`).
import { type BreakpointRequest, readBreakpoint } from "../../schemas/breakpoint.ts";
import type { AppContext } from "../app_context.ts";
import { textField } from "../http/form_fields.ts";
import { readForm } from "../http/guards.ts";
import { isFragmentRequest, redirect } from "../http/respond.tsx";

function runIdOf(c: AppContext): string {
  return c.req.param("runId") ?? "";
}

/** htmx learns from the stream what came of it; without JavaScript the page is shown anew. */
function done(c: AppContext): Response {
  if (isFragmentRequest(c.req.raw)) return new Response(null, { status: 204 });
  return redirect(`/runs/${runIdOf(c)}`);
}

/** `POST /runs/:runId/breakpoints` (`at`, and `nodeId` and `workflowId`, or `tool`, or `limit`). */
export async function addBreakpoint(c: AppContext): Promise<Response> {
  const { services: { liveRuns }, user } = c.var;
  await liveRuns.setBreakpoint(user, runIdOf(c), breakpointOf(await readForm(c)));
  return done(c);
}

function breakpointOf(form: FormData): BreakpointRequest {
  const limit = textField(form, "limit");
  return readBreakpoint({
    at: textField(form, "at"),
    nodeId: textField(form, "nodeId"),
    workflowId: textField(form, "workflowId"),
    tool: textField(form, "tool").trim(),
    limit: limit === "" ? limit : Number(limit),
  });
}

/** `POST /runs/:runId/breakpoints/remove` (`breakpointId`). */
export async function dropBreakpoint(c: AppContext): Promise<Response> {
  const { services: { liveRuns }, user } = c.var;
  const breakpointId = textField(await readForm(c), "breakpointId");
  await liveRuns.removeBreakpoint(user, runIdOf(c), breakpointId);
  return done(c);
}

/** `POST /runs/:runId/run-to` (`nodeId`, `workflowId`). */
export async function runToNode(c: AppContext): Promise<Response> {
  const { services: { liveRuns }, user } = c.var;
  const form = await readForm(c);
  const workflowId = textField(form, "workflowId") || undefined;
  await liveRuns.runTo(user, runIdOf(c), { nodeId: textField(form, "nodeId"), workflowId });
  return done(c);
}

/** `POST /runs/:runId/retry` (`revert`: node or nothing; `force`: yes or nothing). */
export async function retryNodeOfRun(c: AppContext): Promise<Response> {
  const { services: { liveRuns }, user } = c.var;
  const form = await readForm(c);
  const revert = textField(form, "revert") === "node" ? "node" as const : undefined;
  const force = textField(form, "force") === "yes" ? true as const : undefined;
  await liveRuns.retry(user, runIdOf(c), { revert, force });
  return done(c);
}
