// The page of one run and what a person does on it. Not here: its stream (`run_stream.tsx`).
import { runFolder } from "../../runtime/run/run_folder.ts";
import { readRunLog } from "../../runtime/run/run_log.ts";
import { AppError } from "../../schemas/error.ts";
import { RunPage } from "../../views/run/run_page.tsx";
import type { AppContext } from "../app_context.ts";
import { decisionOfForm } from "../decision_form.ts";
import { answerOfForm } from "../form_answer.ts";
import { textField } from "../http/form_fields.ts";
import { readForm } from "../http/guards.ts";
import { htmlResponse, isFragmentRequest, redirect } from "../http/respond.tsx";
import type { RunView } from "../live_runs.ts";
import { revertRun } from "../run_changes.ts";
import { taleOf } from "../tell_run.ts";
import { beforeOf, composerOf } from "./run_composer.tsx";
import { headOf, matterPropsOf, tabOf } from "./run_pieces.ts";
import { sideOf } from "./run_side.tsx";

function runIdOf(c: AppContext): string {
  return c.req.param("runId") ?? "";
}

async function runOf(c: AppContext): Promise<RunView> {
  return await c.var.services.liveRuns.get(c.var.user, runIdOf(c));
}

/** `GET /runs/:runId?tab=&before=&menu=`. */
export async function showRun(c: AppContext): Promise<Response> {
  const { services: { liveRuns, config: { dataDir } }, user, frame, texts } = c.var;
  const view = await runOf(c);
  const { runId } = view.record;
  const events = readRunLog(runFolder(dataDir, runId).logPath);
  const tale = taleOf(events);
  const side = await sideOf(c, { view, tale, tab: tabOf(c.req.query("tab")), events });
  const open = await liveRuns.matter(user, runId);
  const matter = matterPropsOf(frame, view, open);
  const composer = await composerOf(c, { view, matter: open, events });
  const reverted = Number(c.req.query("reverted") ?? Number.NaN);
  const notice = Number.isSafeInteger(reverted) && reverted >= 0
    ? { notice: texts.run.reverted(reverted) }
    : {};
  return await htmlResponse(
    <RunPage
      head={headOf(frame, view, { tale, matter: open })}
      matter={matter}
      side={side}
      composer={composer}
      before={beforeOf(c)}
      {...notice}
    />,
  );
}

/** htmx learns from the stream what came of it; without JavaScript the page is shown anew. */
function done(c: AppContext): Response {
  if (isFragmentRequest(c.req.raw)) return new Response(null, { status: 204 });
  return redirect(`/runs/${runIdOf(c)}`);
}

/** `POST /runs/:runId/answer` (`callId`, and the fields of the question). */
export async function answerRun(c: AppContext): Promise<Response> {
  const { services: { liveRuns }, user } = c.var;
  const form = await readForm(c);
  const callId = textField(form, "callId");
  const matter = await liveRuns.matter(user, runIdOf(c));
  if (matter?.kind !== "question" || matter.callId !== callId) {
    throw new AppError("RUN_PHASE", "This question is answered already. Load the page again");
  }
  const text = answerOfForm(form, matter.question);
  await liveRuns.answer(user, runIdOf(c), { callId, text });
  return done(c);
}

/** `POST /runs/:runId/decide` (`callId`, `choice`: once, run, always or deny; `reason`). */
export async function decideRun(c: AppContext): Promise<Response> {
  const { services: { liveRuns }, user } = c.var;
  const form = await readForm(c);
  const reply = { callId: textField(form, "callId"), decision: decisionOfForm(form) };
  await liveRuns.decide(user, runIdOf(c), reply);
  return done(c);
}

/** `POST /runs/:runId/pause`. */
export async function pauseRun(c: AppContext): Promise<Response> {
  await c.var.services.liveRuns.pause(c.var.user, runIdOf(c));
  return done(c);
}

/** `POST /runs/:runId/stop`. */
export async function stopRun(c: AppContext): Promise<Response> {
  await c.var.services.liveRuns.stop(c.var.user, runIdOf(c));
  return done(c);
}

/** `POST /runs/:runId/resume` (`advice`). */
export async function resumeRun(c: AppContext): Promise<Response> {
  const advice = textField(await readForm(c), "advice").trim();
  const request = advice === "" ? {} : { advice };
  await c.var.services.liveRuns.resume(c.var.user, runIdOf(c), request);
  return done(c);
}

/** `POST /runs/:runId/fork` (`nodeId`): leads to the new run. */
export async function forkRun(c: AppContext): Promise<Response> {
  const { services: { liveRuns }, user } = c.var;
  const nodeId = textField(await readForm(c), "nodeId");
  return leadTo(c, `/runs/${await liveRuns.fork(user, runIdOf(c), { nodeId })}`);
}

/** `POST /runs/:runId/revert` (`force`): puts the project back as it was before the run. */
export async function revertChanges(c: AppContext): Promise<Response> {
  const { services: { config: { dataDir } } } = c.var;
  const { record, isDrivenHere } = await runOf(c);
  if (isDrivenHere) throw new AppError("RUN_BUSY", "The run is going on; stop it first");
  const force = textField(await readForm(c), "force") === "yes";
  const { length } = await revertRun({ dataDir, record }, { force });
  return leadTo(c, `/runs/${record.runId}?tab=changes&reverted=${length}`);
}

function leadTo(c: AppContext, path: string): Response {
  if (!isFragmentRequest(c.req.raw)) return redirect(path);
  return new Response(null, { status: 204, headers: { "hx-redirect": path } });
}
