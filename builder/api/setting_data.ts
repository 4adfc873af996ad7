// `/settings/data`: for the owner.
import { dataUse } from "../../runtime/run/data_use.ts";
import {
  removeUnusedPackages as removeUnused,
  unusedPackages,
} from "../../runtime/run/unused_packages.ts";
import type { AppContext } from "../app_context.ts";
import { dataResponse } from "../http/respond.tsx";
import {
  type DataPlace,
  emptyWholeTrash,
  putBackRun,
  runsToTidy,
  trashedRuns,
  trashRuns as trashAll,
} from "../settings/data_settings.ts";
import type { ApiRequest } from "./operation.ts";

const USUAL_DAYS = 30;

function placeOf(c: AppContext): DataPlace {
  const { services: { store, config: { dataDir } }, user } = c.var;
  return { dataDir, store, user };
}

/** `GET /settings/data`. */
export async function getDataUse(c: AppContext): Promise<Response> {
  const { dataDir, now } = c.var.services.config;
  const use = await dataUse(dataDir);
  return dataResponse({ ...use, unusedPackages: await unusedPackages(dataDir, now()) });
}

/** `GET /settings/data/runs?olderThanDays=&which=`. */
export async function listOldRuns(c: AppContext, { query }: ApiRequest): Promise<Response> {
  const { olderThanDays = USUAL_DAYS, which = "ended" } = query as {
    olderThanDays?: number;
    which?: "ended" | "all";
  };
  const now = c.var.services.config.now();
  const days = Math.min(olderThanDays, 100_000);
  return dataResponse(await runsToTidy(placeOf(c), { olderThanDays: days, which, now }));
}

/** `GET /settings/data/trash`. */
export async function listTrash(c: AppContext): Promise<Response> {
  return dataResponse(await trashedRuns(placeOf(c)));
}

/** `POST /settings/data/trash` `{runIds}`. */
export function trashRuns(c: AppContext, { body }: ApiRequest): Response {
  const { runIds } = body as { runIds: readonly string[] };
  return dataResponse(trashAll(placeOf(c).dataDir, runIds));
}

/** `POST /settings/data/trash/{runId}/restore`. */
export function restoreRun(c: AppContext, { params }: ApiRequest): Response {
  putBackRun(placeOf(c).dataDir, params.runId ?? "");
  return new Response(null, { status: 204 });
}

/** `DELETE /settings/data/trash`. */
export async function emptyTrash(c: AppContext): Promise<Response> {
  return dataResponse({ runCount: await emptyWholeTrash(placeOf(c)) });
}

/** `DELETE /settings/data/unused-packages`. */
export async function removeUnusedPackages(c: AppContext): Promise<Response> {
  const { dataDir, now } = c.var.services.config;
  const gone = await removeUnused(dataDir, now());
  const bytes = gone.reduce((sum, unused) => sum + unused.bytes, 0);
  return dataResponse({ packageCount: gone.length, bytes });
}
