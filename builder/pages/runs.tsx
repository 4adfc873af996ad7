// The history of runs. Not here: one run (`run.tsx`), what waits (`inbox.tsx`), starting one.
import { type RunLine, RunsPage, type ShownFilter } from "../../views/run/runs_page.tsx";
import type { Texts } from "../../views/text/texts.ts";
import type { AppContext } from "../app_context.ts";
import { htmlResponse } from "../http/respond.tsx";
import type { RunView } from "../live_runs.ts";
import { projectIdOf } from "../project_id.ts";
import {
  costOfRun,
  type CountedRun,
  durationOf,
  fittingRuns,
  lastPart,
  totalsOf,
} from "../run_history.ts";
import { workflowKind, workflowTitle } from "../workflow_title.ts";

const PAGE = 50;

/** `GET /runs?status=&package=&workflow=&project=&text=&since=&page=`. */
export async function showRuns(c: AppContext): Promise<Response> {
  const { services: { liveRuns, config }, user, frame } = c.var;
  const { status = "", workflow = "", project = "", text = "", since = "", ...rest } = c.req
    .query();
  const filter = { status, package: rest.package ?? "", workflow, project, text, since };
  const all = await liveRuns.list(user);
  const fitting = await Promise.all(
    fittingRuns(all, filter).map(async (view) => ({ view, spent: await liveRuns.spent(view) })),
  );
  const page = pageOf(rest.page, fitting.length);
  const now = config.now();
  return await htmlResponse(
    <RunsPage
      frame={frame}
      runs={fitting.slice(page * PAGE, (page + 1) * PAGE).map((run) =>
        lineOf(run, now, frame.texts)
      )}
      filter={filter}
      page={page}
      pageSize={PAGE}
      totals={totalsOf(fitting)}
      isEmpty={all.length === 0}
      {...choicesOf(all, filter, frame.texts)}
    />,
  );
}

/** A page that there is. */
function pageOf(asked: string | undefined, count: number): number {
  const page = Number(asked ?? 0);
  const last = Math.max(0, Math.ceil(count / PAGE) - 1);
  return Number.isSafeInteger(page) && page > 0 ? Math.min(page, last) : 0;
}

/** What the filter offers; what was asked for is always among it. */
function choicesOf(views: readonly RunView[], filter: ShownFilter, texts: Texts) {
  const records = views.map(({ record }) => record);
  const paths = sorted([...records.map(({ projectDir }) => projectDir), filter.project]);
  return {
    packages: sorted([...records.map((record) => record.package.name), filter.package]),
    workflows: sorted([...records.map(({ workflowId }) => workflowId), filter.workflow])
      .map((workflowId) => ({ workflowId, name: workflowKind(workflowId, texts) })),
    projects: paths.map((path) => ({ path, name: lastPart(path) })),
  };
}

function sorted(values: readonly string[]): readonly string[] {
  return [...new Set(values)].filter((value) => value !== "").sort();
}

function lineOf(run: CountedRun, now: Date, texts: Texts): RunLine {
  const { view, spent: { inputTokens, outputTokens } } = run;
  const { runId, package: identity, projectDir, connection, startedAt } = view.record;
  return {
    runId,
    packageName: identity.name,
    workflowTitle: workflowTitle(view.record, texts),
    projectName: lastPart(projectDir),
    projectDir,
    projectHref: `/projects/${projectIdOf(projectDir)}`,
    model: connection.profile ?? connection.model,
    phase: view.phase,
    startedAt,
    durationMs: durationOf(view, now),
    inputTokens,
    outputTokens,
    costUsd: costOfRun(run),
  };
}
