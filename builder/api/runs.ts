// `/runs` and `/inbox`: which runs there are, and starting one. Not here: what is done with one
// (`run_actions.ts`) and what it left (`run_files.ts`).
import { chooseConnection } from "../../runtime/commands/choose_connection.ts";
import { DEFAULT_RUN_OPTIONS, type RunOptions } from "../../runtime/run/run_folder.ts";
import type { BreakpointRequest } from "../../schemas/breakpoint.ts";
import { AppError } from "../../schemas/error.ts";
import type { AppContext } from "../app_context.ts";
import { dataResponse } from "../http/respond.tsx";
import { fittingRuns, type RunFilter, totalsOf } from "../run_history.ts";
import { apiPath, createdResponse } from "./answers.ts";
import type { ApiRequest } from "./operation.ts";
import { runNow, shownMatter, shownRun } from "./shown_run.ts";

const PAGE = 50;

/** `GET /runs`. */
export async function listRuns(c: AppContext, { query }: ApiRequest): Promise<Response> {
  const { services: { liveRuns, config }, user } = c.var;
  const { cursor, limit = PAGE, ...filter } = query as RunFilter & {
    cursor?: string;
    limit?: number;
  };
  const fitting = await Promise.all(
    fittingRuns(await liveRuns.list(user), filter).map(async (view) => ({
      view,
      spent: await liveRuns.spent(view),
    })),
  );
  const left = cursor === undefined
    ? fitting
    : fitting.filter(({ view: { record } }) => record.runId < cursor);
  const page = left.slice(0, limit);
  const last = left.length > limit ? page.at(-1)?.view.record.runId : undefined;
  return dataResponse({
    runs: page.map((run) => shownRun(run, config.now())),
    nextCursor: last ?? null,
    totals: totalsOf(fitting),
  });
}

/** What the body of a start holds. */
interface StartBody {
  readonly packageId: string;
  readonly projectDir: string;
  readonly workflowId?: string | null;
  readonly agentId?: string | null;
  readonly input?: string | null;
  readonly profile?: string | null;
  readonly simulate?: boolean;
  readonly options?: Partial<RunOptions>;
  readonly entry?: "chat";
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly breakpoints?: readonly BreakpointRequest[];
}

/** `POST /runs`. */
export async function startRun(c: AppContext, { body }: ApiRequest): Promise<Response> {
  const { services: { liveRuns, config }, user } = c.var;
  const { packageId, projectDir, profile, simulate, options, ...what } = body as StartBody;
  if (options?.terminal && user.role !== "owner") {
    throw new AppError(
      "AUTH_FORBIDDEN",
      "Only the owner of this installation may let runs start programs",
    );
  }
  const chosen = simulate ? { simulate } : profile ? { profile } : {};
  const runId = await liveRuns.start(user, {
    packageId,
    projectDir,
    connection: chooseConnection(chosen, config.dataDir),
    options: { ...DEFAULT_RUN_OPTIONS, ...options },
    workflowId: what.workflowId ?? undefined,
    agentId: what.agentId ?? undefined,
    input: what.input || undefined,
    entry: what.entry,
    inputs: what.inputs,
    breakpoints: what.breakpoints,
  });
  return createdResponse(await runNow(c, runId), apiPath("runs", runId));
}

/** `GET /runs/{runId}`. */
export async function showRun(c: AppContext, { params }: ApiRequest): Promise<Response> {
  const { services: { liveRuns }, user } = c.var;
  const { runId = "" } = params;
  const run = await runNow(c, runId);
  const matter = run.status === "waiting" ? await liveRuns.matter(user, runId) : null;
  return dataResponse({ run, matter: shownMatter(matter) });
}

/** `GET /inbox`. */
export async function listInbox(c: AppContext): Promise<Response> {
  const { services: { liveRuns, config }, user } = c.var;
  const waiting = await liveRuns.waiting(user);
  const entries = waiting.map(async (view) => ({
    run: shownRun({ view, spent: await liveRuns.spent(view) }, config.now()),
    matter: shownMatter(view.matter),
  }));
  return dataResponse(await Promise.all(entries));
}
