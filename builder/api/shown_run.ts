// A run, and what it waits for, as the API shows them.
import type { OpenMatter } from "../../runtime/run/answer_run.ts";
import type { AppContext } from "../app_context.ts";
import { costOfRun, type CountedRun, durationOf } from "../run_history.ts";

/** `Run` of the API. */
export function shownRun({ view, spent }: CountedRun, now: Date) {
  const { record, phase, code = null, reason = null, isDrivenHere } = view;
  const { provider, model, profile = null } = record.connection;
  return {
    runId: record.runId,
    status: phase,
    code,
    reason,
    isDrivenHere,
    package: record.package,
    workflowId: record.workflowId,
    agentId: record.agentId ?? null,
    projectDir: record.projectDir,
    provider,
    model,
    profile,
    isSimulated: provider === "simulate",
    input: record.input ?? null,
    forkedFrom: record.forkedFrom ?? null,
    startedAt: record.startedAt,
    updatedAt: record.updatedAt,
    durationMs: durationOf(view, now),
    requests: spent.requests,
    inputTokens: spent.inputTokens,
    outputTokens: spent.outputTokens,
    modelMs: spent.durationMs,
    costUsd: costOfRun({ view, spent }),
  };
}

/** The run of a path, as it is now. @throws AppError `RUN_NOT_FOUND`, `RUN_FOLDER_DAMAGED` */
export async function runNow(c: AppContext, runId: string) {
  const { services: { liveRuns, config }, user } = c.var;
  const view = await liveRuns.get(user, runId);
  return shownRun({ view, spent: await liveRuns.spent(view) }, config.now());
}

/** `Matter` of the API. */
export function shownMatter(matter: OpenMatter | null) {
  if (matter === null) return null;
  const { kind, callId } = matter;
  const none = { question: null, tool: null, arguments: null, path: null, diff: null };
  if (matter.kind === "approval") {
    const { tool, path = null, diff = null } = matter;
    return { ...none, kind, callId, tool, arguments: matter.arguments, path, diff };
  }
  const { question, kind: form, options = null, schema = null, path = null } = matter.question;
  return { ...none, kind, callId, question: { question, kind: form, options, schema, path } };
}
