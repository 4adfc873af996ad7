// What a run did to its project, as its page shows it and takes it back. Not here: whose run it is.
import { changedFiles, readBlob, revertChanges } from "../runtime/run/changes.ts";
import { type RunFolder, runFolder, type RunRecord } from "../runtime/run/run_folder.ts";
import { readRunLog } from "../runtime/run/run_log.ts";
import { openProjectFiles, type ProjectFiles } from "../runtime/tools/project_files.ts";
import { AppError } from "../schemas/error.ts";

/** A file that a run changed. */
export interface RunChange {
  /** Mount path. */
  readonly path: string;
  readonly kind: "made" | "changed" | "removed";
  /** Unified diff from before the run to now; `null` where one of both is not kept or is gone. */
  readonly diff: string | null;
  /** Somebody else changed it since. */
  readonly isForeign: boolean;
}

/** The run whose changes are meant. */
export interface ChangedRun {
  readonly dataDir: string;
  readonly record: RunRecord;
}

/** Every change of the run, in the order of the first. @throws AppError `FILE_WRITE_FAILED` */
export async function changesOfRun(run: ChangedRun): Promise<readonly RunChange[]> {
  const folder = runFolder(run.dataDir, run.record.runId);
  const histories = changedFiles(readRunLog(folder.logPath));
  if (histories.length === 0) return [];
  return await withFiles(
    run,
    (files) =>
      Promise.all(histories.map(async ({ path, before, known }): Promise<RunChange> => {
        const now = await files.load(path);
        const old = before === null ? null : keptBlob(folder, before);
        const isKnown = now !== null && old !== undefined;
        const diff = isKnown ? await files.diff(path, old, now.bytes) : null;
        const kind = now === null ? "removed" : before === null ? "made" : "changed";
        return { path, kind, diff, isForeign: !known.has(now?.sha256 ?? null) };
      })),
  );
}

/**
 * Puts the project back as it was before the run. Returns the paths.
 * @throws AppError `RUN_BUSY`, `FILE_EXISTS` naming files that others changed since, unless forced
 */
export async function revertRun(
  run: ChangedRun,
  { force }: { readonly force: boolean },
): Promise<readonly string[]> {
  const folder = runFolder(run.dataDir, run.record.runId);
  return await withFiles(run, (files) => revertChanges({ folder, files, fromSeq: 1, force }));
}

/**
 * A file that the run made or changed, as it is now.
 * @throws AppError `FILE_NOT_FOUND` for any other file of the project
 */
export async function fileOfRun(run: ChangedRun, path: string): Promise<Uint8Array<ArrayBuffer>> {
  const folder = runFolder(run.dataDir, run.record.runId);
  const isOfRun = changedFiles(readRunLog(folder.logPath)).some((file) => file.path === path);
  const file = isOfRun ? await withFiles(run, (files) => files.load(path)) : null;
  if (file) return file.bytes;
  throw new AppError("FILE_NOT_FOUND", `The run made no file "${path}" that is still there`);
}

async function withFiles<T>(
  { dataDir, record }: ChangedRun,
  use: (files: ProjectFiles) => Promise<T>,
): Promise<T> {
  const files = openProjectFiles(record.projectDir, dataDir);
  try {
    return await use(files);
  } finally {
    files.close();
  }
}

function keptBlob(folder: RunFolder, sha256: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return readBlob(folder, sha256);
  } catch {
    return undefined;
  }
}
