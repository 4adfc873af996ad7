// Runs that a person threw away: they lie in `<data>/trash/runs` as they were, until the trash is
// emptied. What they need stays until then, too.
import { join } from "node:path";
import { AppError } from "../../schemas/error.ts";
import { RUN_ID_PATTERN } from "../../schemas/ids.ts";
import { makeFolder, syncFolder } from "../disk/durable.ts";
import { lockRun, readRecord, type RunFolder, runFolder } from "./run_folder.ts";

/** A folder laid out like a data folder, with the runs that were thrown away. */
export function trashFolder(dataDir: string): string {
  return join(dataDir, "trash");
}

/**
 * Throws a run away, whole and at once. A run that somebody drives stays.
 * @throws AppError `RUN_NOT_FOUND`, `RUN_BUSY`
 */
export function trashRun(dataDir: string, runId: string): void {
  const folder = existing(dataDir, runId);
  const lock = lockRun(folder);
  try {
    // Windows moves no folder in which a file is open.
    if (Deno.build.os === "windows") lock.close();
    move(folder.dir, runFolder(trashFolder(dataDir), runId).dir);
  } finally {
    if (Deno.build.os !== "windows") lock.close();
  }
}

/** Puts a run back where it was. @throws AppError `RUN_NOT_FOUND` */
export function restoreRun(dataDir: string, runId: string): void {
  move(existing(trashFolder(dataDir), runId).dir, runFolder(dataDir, runId).dir);
}

/**
 * Removes what lies in the trash for good, also what an emptying that was cut off has left.
 * @returns the ids of the runs that are gone
 */
export async function emptyTrash(dataDir: string): Promise<readonly string[]> {
  const runs = join(trashFolder(dataDir), "runs");
  const names = namesIn(runs);
  for (const name of names) await Deno.remove(join(runs, name), { recursive: true });
  return names.filter((name) => RUN_ID_PATTERN.test(name));
}

function existing(dataDir: string, runId: string): RunFolder {
  const folder = runFolder(dataDir, runId);
  if (!RUN_ID_PATTERN.test(runId)) throw new AppError("RUN_NOT_FOUND", "There is no such run");
  readRecord(folder);
  return folder;
}

function move(from: string, to: string): void {
  makeFolder(join(to, ".."));
  try {
    Deno.renameSync(from, to);
  } catch (cause) {
    throw new AppError("FILE_WRITE_FAILED", "The run's folder cannot be moved", { cause });
  }
  syncFolder(join(to, ".."));
  syncFolder(join(from, ".."));
}

function namesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name);
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return [];
    throw thrown;
  }
}
