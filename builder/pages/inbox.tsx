// The inbox: what waits for a person over all runs, and short answers to it. Not here: the page of a run,
// where everything can be answered (`run.tsx`).
import { AppError } from "../../schemas/error.ts";
import { type InboxEntry, InboxList, InboxPage } from "../../views/run/inbox_page.tsx";
import type { Texts } from "../../views/text/texts.ts";
import type { AppContext } from "../app_context.ts";
import { decisionOfForm } from "../decision_form.ts";
import { answerOfForm } from "../form_answer.ts";
import { textField } from "../http/form_fields.ts";
import { readForm } from "../http/guards.ts";
import { dataResponse, htmlResponse, isFragmentRequest, redirect } from "../http/respond.tsx";
import type { RunView, WaitingRun } from "../live_runs.ts";
import { lastPart, waitsForPerson } from "../run_history.ts";
import { workflowTitle } from "../workflow_title.ts";

/** `GET /inbox`: everything that waits. */
export async function showInbox(c: AppContext): Promise<Response> {
  return await htmlResponse(<InboxPage frame={c.var.frame} entries={await entriesOf(c)} />);
}

/** `GET /inbox/waiting`: how much waits, for the count in the navigation; no log is read for it. */
export async function countWaiting(c: AppContext): Promise<Response> {
  const { services: { liveRuns }, user, texts } = c.var;
  const waiting = (await liveRuns.list(user)).filter(waitsForPerson);
  return dataResponse({
    label: texts.record.waits(waiting.length),
    waiting: waiting.map((view) => ({
      runId: view.record.runId,
      updatedAt: view.record.updatedAt,
      title: titleOf(c, view),
    })),
  });
}

function titleOf({ var: { texts: { record } } }: AppContext, { record: run, code }: RunView) {
  const { name } = run.package;
  if (code === "QUESTION") return record.asksYou(name);
  return code === "APPROVAL" ? record.needsConsent(name) : record.needsWords(name);
}

/** `POST /inbox/:runId/answer` (`callId`, `text`). */
export async function answerFromInbox(c: AppContext): Promise<Response> {
  const { services: { liveRuns }, user } = c.var;
  const runId = c.req.param("runId") ?? "";
  const form = await readForm(c);
  const callId = textField(form, "callId");
  const matter = await liveRuns.matter(user, runId);
  if (matter?.kind !== "question" || matter.callId !== callId) {
    throw new AppError("RUN_PHASE", "This question is answered already. Load the page again");
  }
  const text = answerOfForm(form, matter.question);
  await liveRuns.answer(user, runId, { callId, text });
  return await answered(c);
}

/** `POST /inbox/:runId/decide` (`callId`, `choice`). */
export async function decideFromInbox(c: AppContext): Promise<Response> {
  const { services: { liveRuns }, user } = c.var;
  const form = await readForm(c);
  const reply = { callId: textField(form, "callId"), decision: decisionOfForm(form) };
  await liveRuns.decide(user, c.req.param("runId") ?? "", reply);
  return await answered(c);
}

async function answered(c: AppContext): Promise<Response> {
  if (!isFragmentRequest(c.req.raw)) return redirect("/inbox");
  return await htmlResponse(<InboxList frame={c.var.frame} entries={await entriesOf(c)} />);
}

async function entriesOf(c: AppContext): Promise<readonly InboxEntry[]> {
  return (await c.var.services.liveRuns.waiting(c.var.user)).map((run) =>
    entryOf(run, c.var.texts)
  );
}

function entryOf({ record, reason, matter }: WaitingRun, texts: Texts): InboxEntry {
  const { runId, package: identity, projectDir, updatedAt } = record;
  const entry = {
    runId,
    packageName: identity.name,
    workflowTitle: workflowTitle(record, texts),
    projectName: lastPart(projectDir),
    updatedAt,
    reason,
  };
  if (matter?.kind === "question") {
    return { ...entry, question: { callId: matter.callId, question: matter.question } };
  }
  return matter ? { ...entry, approval: matter } : entry;
}
