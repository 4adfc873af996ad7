// What of the data folder may go, as the owner sees it: old runs, the trash, copies that no run needs.
// Everything is said with its size before it is done.
import { folderSize } from "../../runtime/run/folder_size.ts";
import { isDriven, listRuns, runFolder, type RunRecord } from "../../runtime/run/run_folder.ts";
import { emptyTrash, restoreRun, trashFolder, trashRun } from "../../runtime/run/trash.ts";
import { AppError } from "../../schemas/error.ts";
import type { RunPhase } from "../../schemas/run_event.ts";
import type { Store } from "../store/store.ts";
import type { User } from "../store/user.ts";

/** A run as one who tidies up sees it; another person's work is not named. */
export interface RunToTidy {
  readonly runId: string;
  /** `null` for another person's. */
  readonly packageName: string | null;
  /** Who started it; `null` for the command line. */
  readonly username: string | null;
  readonly phase: RunPhase;
  readonly updatedAt: string;
  readonly bytes: number;
}

/** Which runs are looked for. */
export interface TidyWish {
  /** Untouched for so many days; 0: all. */
  readonly olderThanDays: number;
  /** Runs that have come to an end, or also those that could go on. */
  readonly which: "ended" | "all";
}

/** Whose data folder it is, and who may look. */
export interface DataPlace {
  readonly dataDir: string;
  readonly store: Pick<Store, "runOwners" | "users">;
  readonly user: User;
}

const DAY_MS = 24 * 60 * 60 * 1000;

const ENDED: ReadonlySet<RunPhase> = new Set(["completed", "failed"]);

/** The runs that a wish names, oldest first; those that somebody drives are left out. */
export async function runsToTidy(
  place: DataPlace,
  { olderThanDays, which, now }: TidyWish & { readonly now: Date },
): Promise<RunToTidy[]> {
  const { dataDir } = place;
  const before = new Date(now.getTime() - olderThanDays * DAY_MS).toISOString();
  const records = listRuns(dataDir).filter(({ runId, phase, updatedAt }) =>
    updatedAt <= before && (which === "all" || ENDED.has(phase)) &&
    !(phase === "running" && isDriven(runFolder(dataDir, runId)))
  );
  return await shownRuns(place, dataDir, records.reverse());
}

/** The runs in the trash, newest first. */
export async function trashedRuns(place: DataPlace): Promise<RunToTidy[]> {
  const folder = trashFolder(place.dataDir);
  return await shownRuns(place, folder, listRuns(folder));
}

async function shownRuns(
  { store, user }: DataPlace,
  folder: string,
  records: readonly RunRecord[],
): Promise<RunToTidy[]> {
  const owners = await store.runOwners.all();
  const names = new Map((await store.users.list()).map((one) => [one.userId, one.username]));
  const shown: RunToTidy[] = [];
  for (const { runId, phase, updatedAt, package: { name, version } } of records) {
    const ownerId = owners.get(runId);
    const isOwn = ownerId === undefined || ownerId === user.userId;
    const { bytes } = await folderSize(runFolder(folder, runId).dir);
    shown.push({
      runId,
      packageName: isOwn ? `${name} ${version}` : null,
      username: ownerId === undefined ? null : names.get(ownerId) ?? null,
      phase,
      updatedAt,
      bytes,
    });
  }
  return shown;
}

/** What came of throwing runs away. */
export interface TidyOutcome {
  readonly trashed: readonly string[];
  /** Runs that somebody drives now, or that are gone already. */
  readonly kept: readonly string[];
}

/** Throws runs away; one that somebody drives stays. */
export function trashRuns(dataDir: string, runIds: readonly string[]): TidyOutcome {
  const [trashed, kept]: [string[], string[]] = [[], []];
  for (const runId of new Set(runIds)) {
    try {
      trashRun(dataDir, runId);
      trashed.push(runId);
    } catch (thrown) {
      const isKept = thrown instanceof AppError && /^RUN_(BUSY|NOT_FOUND)$/.test(thrown.code);
      if (!isKept) throw thrown;
      kept.push(runId);
    }
  }
  return { trashed, kept };
}

/** Puts a run back. @throws AppError `RUN_NOT_FOUND` */
export function putBackRun(dataDir: string, runId: string): void {
  restoreRun(dataDir, runId);
}

/** Removes what lies in the trash for good. @returns how many runs are gone */
export async function emptyWholeTrash({ dataDir, store }: DataPlace): Promise<number> {
  const gone = await emptyTrash(dataDir);
  await store.runOwners.remove(gone);
  return gone.length;
}
