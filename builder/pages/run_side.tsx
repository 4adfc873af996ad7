// What the panel beside a conversation shows, by its tab.
import { runFolder } from "../../runtime/run/run_folder.ts";
import { readRunLog } from "../../runtime/run/run_log.ts";
import type { RunTale } from "../../views/run/run_tale.ts";
import type { RunTab, SideProps } from "../../views/run/side_panel.tsx";
import type { AppContext } from "../app_context.ts";
import type { RunView } from "../live_runs.ts";
import { changesOfRun } from "../run_changes.ts";
import { progressOf } from "./run_progress.ts";
import { logPageOf } from "./run_pieces.ts";

/** The run and the tab. */
export interface SideRequest {
  readonly view: RunView;
  readonly tale: RunTale;
  readonly tab: RunTab;
}

/** The panel of a run. */
export async function sideOf(
  c: AppContext,
  { view, tale, tab }: SideRequest,
): Promise<SideProps> {
  const { frame, services: { config: { dataDir } } } = c.var;
  const { record } = view;
  const { runId } = record;
  const side = { frame, runId, tab, tale, isStopped: view.phase !== "running" };
  if (tab === "progress") return { ...side, progress: await progressOf(c, { view, tale }) };
  if (tab === "changes") return { ...side, changes: await changesOfRun({ dataDir, record }) };
  if (tab !== "log") return side;
  const before = Number(c.req.query("before"));
  const log = logPageOf(readRunLog(runFolder(dataDir, runId).logPath), {
    type: c.req.query("type") ?? "",
    before: Number.isSafeInteger(before) && before > 0 ? before : undefined,
  });
  return { ...side, log };
}
