// Settings: the data folder, for the owner. What may go is in `settings/data_settings.ts`.
import { dataUse } from "../../runtime/run/data_use.ts";
import { removeUnusedPackages, unusedPackages } from "../../runtime/run/unused_packages.ts";
import { DataPage } from "../../views/settings/data_page.tsx";
import { formatSize } from "../../views/size.ts";
import type { AppContext } from "../app_context.ts";
import { textField } from "../http/form_fields.ts";
import { readForm } from "../http/guards.ts";
import { htmlResponse } from "../http/respond.tsx";
import {
  type DataPlace,
  emptyWholeTrash,
  putBackRun,
  runsToTidy,
  trashedRuns,
  trashRuns,
} from "../settings/data_settings.ts";

const USUAL_DAYS = "30";

function placeOf(c: AppContext): DataPlace {
  const { services: { store, config: { dataDir } }, user } = c.var;
  return { dataDir, store, user };
}

/** `GET /settings/data?days=&which=`: with `days` also the runs that are that old. */
export function showData(c: AppContext): Promise<Response> {
  return dataPage(c);
}

async function dataPage(c: AppContext, done?: string): Promise<Response> {
  const { frame, services: { config } } = c.var;
  const place = placeOf(c);
  const now = config.now();
  const { days, which: wanted } = c.req.query();
  const which = wanted === "all" ? "all" : "ended";
  const olderThanDays = days !== undefined && /^\d{1,5}$/.test(days) ? Number(days) : undefined;
  const { keptContents, ...use } = await dataUse(place.dataDir);
  const found = olderThanDays === undefined
    ? undefined
    : await runsToTidy(place, { olderThanDays, which, now });
  const page = (
    <DataPage
      frame={frame}
      {...use}
      keptBytes={keptContents.bytes}
      olderThanDays={days ?? USUAL_DAYS}
      which={which}
      trash={await trashedRuns(place)}
      unused={await unusedPackages(place.dataDir, now)}
      {...(found && { found })}
      {...(done !== undefined && { done })}
    />
  );
  return await htmlResponse(page);
}

/** `POST /settings/data/trash` (`run`, as often as there are). */
export async function trashChosenRuns(c: AppContext): Promise<Response> {
  const { data } = c.var.texts;
  const form = await readForm(c);
  const runIds = form.getAll("run").filter((value) => typeof value === "string");
  const { trashed, kept } = trashRuns(placeOf(c).dataDir, runIds);
  const words = [
    data.trashed(trashed.length),
    ...(kept.length > 0 ? [data.kept(kept.length)] : []),
  ];
  return await dataPage(c, words.join(" "));
}

/** `POST /settings/data/trash/restore` (`run`). */
export async function restoreTrashedRun(c: AppContext): Promise<Response> {
  const runId = textField(await readForm(c), "run");
  putBackRun(placeOf(c).dataDir, runId);
  return await dataPage(c, c.var.texts.data.putBackDone(runId));
}

/** `POST /settings/data/trash/empty`. */
export async function emptyTrash(c: AppContext): Promise<Response> {
  const count = await emptyWholeTrash(placeOf(c));
  return await dataPage(c, c.var.texts.data.emptied(count));
}

/** `POST /settings/data/packages/clean`. */
export async function cleanPackages(c: AppContext): Promise<Response> {
  const { services: { config }, texts } = c.var;
  const gone = await removeUnusedPackages(config.dataDir, config.now());
  const bytes = gone.reduce((sum, unused) => sum + unused.bytes, 0);
  return await dataPage(c, texts.data.packagesGone(gone.length, formatSize(bytes)));
}
