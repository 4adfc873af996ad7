// What is done with a run over the API. A change that lets a run go on answers before the run has gone
// far: 202 and the run as it is then; the rest is told by its events.
import { chooseConnection } from "../../runtime/commands/choose_connection.ts";
import { AppError } from "../../schemas/error.ts";
import type { Answer, ApprovalDecision } from "../../schemas/question.ts";
import type { AppContext } from "../app_context.ts";
import { dataResponse } from "../http/respond.tsx";
import { revertRun } from "../run_changes.ts";
import { apiPath, createdResponse } from "./answers.ts";
import type { ApiRequest } from "./operation.ts";
import { runNow } from "./shown_run.ts";

async function accepted(c: AppContext, runId: string): Promise<Response> {
  return dataResponse(await runNow(c, runId), { status: 202 });
}

/** `POST /runs/{runId}/answer`. */
export async function answerRun(c: AppContext, { params, body }: ApiRequest): Promise<Response> {
  const { services: { liveRuns }, user } = c.var;
  const { runId = "" } = params;
  const { callId, answer } = body as { callId: string; answer: Answer };
  await liveRuns.answer(user, runId, { callId, text: answerText(answer) });
  return await accepted(c, runId);
}

/** As `answerQuestion` reads it. */
function answerText(answer: Answer): string {
  if (typeof answer === "string") return answer;
  if (typeof answer === "boolean") return answer ? "yes" : "no";
  return JSON.stringify(answer);
}

/** `POST /runs/{runId}/decide`. */
export async function decideRun(c: AppContext, { params, body }: ApiRequest): Promise<Response> {
  const { services: { liveRuns }, user } = c.var;
  const { runId = "" } = params;
  const { callId, decision, scope = "once", reason } = body as ApprovalDecision & {
    readonly callId: string;
    readonly scope?: ApprovalDecision["scope"];
  };
  const decided = { decision, scope, ...(reason !== undefined && { reason }) };
  await liveRuns.decide(user, runId, { callId, decision: decided });
  return await accepted(c, runId);
}

/** `POST /runs/{runId}/input`. */
export async function sayToRun(c: AppContext, { params, body }: ApiRequest): Promise<Response> {
  const { services: { liveRuns }, user } = c.var;
  const { runId = "" } = params;
  await liveRuns.say(user, runId, (body as { text: string }).text);
  return await accepted(c, runId);
}

/** `POST /runs/{runId}/dismiss`. */
export async function dismissRun(c: AppContext, { params }: ApiRequest): Promise<Response> {
  const { services: { liveRuns }, user } = c.var;
  const { runId = "" } = params;
  await liveRuns.dismiss(user, runId);
  return dataResponse(await runNow(c, runId));
}

/** `POST /runs/{runId}/pause`. */
export async function pauseRun(c: AppContext, { params }: ApiRequest): Promise<Response> {
  const { services: { liveRuns }, user } = c.var;
  await liveRuns.pause(user, params.runId ?? "");
  return await accepted(c, params.runId ?? "");
}

/** `POST /runs/{runId}/stop`. */
export async function stopRun(c: AppContext, { params }: ApiRequest): Promise<Response> {
  const { services: { liveRuns }, user } = c.var;
  const { runId = "" } = params;
  await liveRuns.stop(user, runId);
  return dataResponse(await runNow(c, runId));
}

/** `POST /runs/{runId}/resume`. */
export async function resumeRun(c: AppContext, { params, body }: ApiRequest): Promise<Response> {
  const { services: { liveRuns, config: { dataDir } }, user } = c.var;
  const { runId = "" } = params;
  const { advice, profile } = body as { advice?: string; profile?: string };
  // Whose run it is comes before what is wrong with the request.
  await liveRuns.get(user, runId);
  await liveRuns.resume(user, runId, {
    advice: advice || undefined,
    connection: profile ? chooseConnection({ profile }, dataDir) : undefined,
  });
  return await accepted(c, runId);
}

/** `POST /runs/{runId}/fork`. */
export async function forkRun(c: AppContext, { params, body }: ApiRequest): Promise<Response> {
  const { services: { liveRuns }, user } = c.var;
  const { nodeId, input } = body as { nodeId: string; input?: string };
  const forkId = await liveRuns.fork(user, params.runId ?? "", {
    nodeId,
    input: input || undefined,
  });
  return createdResponse(await runNow(c, forkId), apiPath("runs", forkId));
}

/** `POST /runs/{runId}/revert`. */
export async function revertChanges(
  c: AppContext,
  { params, body }: ApiRequest,
): Promise<Response> {
  const { services: { liveRuns, projects, config: { dataDir } }, user } = c.var;
  const { record, isDrivenHere } = await liveRuns.get(user, params.runId ?? "");
  if (isDrivenHere) throw new AppError("RUN_BUSY", "The run is going on; stop it first");
  await projects.admit(user, record.projectDir);
  const { force = false } = body as { force?: boolean };
  return dataResponse({ paths: await revertRun({ dataDir, record }, { force }) });
}
