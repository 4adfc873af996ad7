// What the panel beside a conversation shows, by its tab and the query of the page. Not here: what comes
// while one looks on (`run_side_feed.tsx`).
import { runFolder } from "../../runtime/run/run_folder.ts";
import { readRunLog } from "../../runtime/run/run_log.ts";
import type { RunEvent } from "../../schemas/run_event.ts";
import type { ShownCalls, ShownLog } from "../../views/run/run_records.ts";
import type { RunTale } from "../../views/run/run_tale.ts";
import type { RunTab, SideProps } from "../../views/run/side_panel.tsx";
import type { AppContext } from "../app_context.ts";
import { artifactsOfRun } from "../artifact_writers.ts";
import type { RunView } from "../live_runs.ts";
import { logPage, type LogQuery } from "../log_page.ts";
import { changesOfRun } from "../run_changes.ts";
import { progressOf } from "./run_progress.ts";
import { fitsCalls, toolCalls } from "../tool_calls.ts";

/** The run and the tab. */
export interface SideRequest {
  readonly view: RunView;
  readonly tale: RunTale;
  readonly tab: RunTab;
  /** The log, where the caller has read it. */
  readonly events?: readonly RunEvent[];
}

/** The panel of a run. */
export async function sideOf(c: AppContext, request: SideRequest): Promise<SideProps> {
  const { frame, services: { config: { dataDir } } } = c.var;
  const { view, tale, tab } = request;
  const { record, phase } = view;
  const { runId } = record;
  const query = new URLSearchParams({ ...c.req.query(), tab }).toString();
  const side = { frame, runId, tab, tale, query, isStopped: phase !== "running" };
  const events = () => request.events ?? readRunLog(runFolder(dataDir, runId).logPath);
  switch (tab) {
    case "progress":
      return { ...side, progress: await progressOf(c, { view, tale }) };
    case "calls":
      return { ...side, calls: callsOf(events(), c.req.query()) };
    case "artifacts":
      return { ...side, artifacts: await artifactsOfRun({ dataDir, record }) };
    case "changes":
      return { ...side, changes: await changesOfRun({ dataDir, record }) };
    case "log":
      return { ...side, log: logOf(events(), c.req.query()) };
  }
}

/** The query of a page, as it was typed. */
export type PageQuery = Readonly<Record<string, string>>;

const CALLS_PAGE = 100;

/** The last calls, or those before a number, or those up to the one that is asked for. */
function callsOf(events: readonly RunEvent[], query: PageQuery): ShownCalls {
  const { tool = "", outcome = "" } = query;
  const all = toolCalls(events);
  const openSeq = numberOf(query.call);
  const before = numberOf(query.before) ?? Infinity;
  const fitting = all.filter((call) => call.seq < before && fitsCalls(call, { tool, outcome }));
  const opened = fitting.findIndex(({ seq }) => seq === openSeq);
  const end = opened < 0 ? fitting.length : Math.min(fitting.length, opened + CALLS_PAGE / 2);
  const calls = fitting.slice(Math.max(0, end - CALLS_PAGE), end);
  return {
    calls,
    tools: [...new Set(all.map((call) => call.tool))].sort(),
    tool,
    outcome,
    openSeq: openSeq ?? null,
    before: end > CALLS_PAGE ? calls[0]?.seq ?? null : null,
  };
}

const LOG_PAGE = 100;

/** The query of the log as its tab says it. */
export function logQueryOf(query: PageQuery): LogQuery {
  const { type = "", node = "", text = "" } = query;
  const order = query.order === "oldest" ? "oldest" : "newest";
  return { type, node, text, order, beyond: numberOf(query.beyond), limit: LOG_PAGE };
}

/** Whether new events belong at the top of what is shown. */
export function isLiveLog({ order, beyond }: LogQuery): boolean {
  return order === "newest" && beyond === undefined;
}

function logOf(events: readonly RunEvent[], asked: PageQuery): ShownLog {
  const query = logQueryOf(asked);
  const { beyond: _beyond, limit: _limit, ...filter } = query;
  return {
    ...logPage(events, query),
    ...filter,
    types: [...new Set<string>(events.map((event) => event.type))].sort(),
    nodes: [...new Set(events.flatMap(({ nodeId }) => nodeId ?? []))],
    isLive: isLiveLog(query),
  };
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
