// The lists of runs. Not here: one run (`run.tsx`), and starting one (`start_run.tsx`).
import { basename } from "node:path";
import { InboxPage, type RunLine, RunsPage } from "../../views/run/runs_page.tsx";
import type { AppContext } from "../app_context.ts";
import { htmlResponse } from "../http/respond.tsx";
import type { RunView } from "../live_runs.ts";
import { matterPropsOf } from "./run_pieces.ts";

const PAGE = 50;

/** `GET /runs?phase=&package=&page=`. */
export async function showRuns(c: AppContext): Promise<Response> {
  const { services: { liveRuns }, user, frame } = c.var;
  const { phase = "", package: name = "" } = c.req.query();
  const all = await liveRuns.list(user);
  const fitting = all.filter(({ phase: now, record }) =>
    (phase === "" || now === phase) && (name === "" || record.package.name === name)
  );
  const asked = Number(c.req.query("page") ?? 0);
  const page = Number.isSafeInteger(asked) && asked > 0 ? asked : 0;
  const packages = [...new Set(all.map(({ record }) => record.package.name))].sort();
  return await htmlResponse(
    <RunsPage
      frame={frame}
      runs={fitting.slice(page * PAGE, (page + 1) * PAGE).map(lineOf)}
      packages={packages}
      filter={{ phase, package: name }}
      page={page}
      hasMore={fitting.length > (page + 1) * PAGE}
    />,
  );
}

/** `GET /inbox`: everything that waits. */
export async function showInbox(c: AppContext): Promise<Response> {
  const { services: { liveRuns }, user, frame } = c.var;
  const waiting = await liveRuns.waiting(user);
  const entries = waiting.map((run) => ({
    line: lineOf(run),
    matter: matterPropsOf(frame, run, run.matter),
  }));
  return await htmlResponse(<InboxPage frame={frame} entries={entries} />);
}

function lineOf({ record, phase }: RunView): RunLine {
  const { runId, package: identity, workflowId, projectDir, connection } = record;
  return {
    runId,
    packageName: identity.name,
    workflowId,
    projectName: basename(projectDir) || projectDir,
    model: connection.profile ?? connection.model,
    phase,
    startedAt: record.startedAt,
    updatedAt: record.updatedAt,
  };
}
