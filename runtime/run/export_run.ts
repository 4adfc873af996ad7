// A run as one file that another machine can show, replay and diff.
import { AppError } from "../../schemas/error.ts";
import { writeArchive } from "../package/archive.ts";
import { PACKAGE_LIMITS } from "../package/limits.ts";
import type { ProjectFiles } from "../tools/project_files.ts";
import { changedFiles } from "./changes.ts";
import { readRecord, type RunFolder, sha256Of } from "./run_folder.ts";
import { readRunLog } from "./run_log.ts";
import { exportedRecord } from "./run_story.ts";

/** An archive, and what did not fit. */
export interface ExportedRun {
  readonly bytes: Uint8Array;
  /** Contents that were left out, the largest first; a diff that needs one cannot be shown. */
  readonly leftOut: number;
}

/** Room for the log's compressed form and the archive's own entries. */
const MOST_BLOB_BYTES = PACKAGE_LIMITS.unpackedBytes * 0.7;
const MOST_BLOBS = PACKAGE_LIMITS.entries - 100;

/**
 * Packs record, log and file contents before and after each change. What the project holds now is put
 * in only where it is what the run left. The export names no folder and no address of this machine.
 * @throws AppError `FILE_WRITE_FAILED` if the log alone is too large
 */
export async function exportRun(folder: RunFolder, files: ProjectFiles): Promise<ExportedRun> {
  const record = readRecord(folder);
  const events = readRunLog(folder.logPath);
  const text = (value: string) => new TextEncoder().encode(value);
  const blobs = await collectBlobs(folder, files);
  const kept = smallestFirst(blobs);
  const log = events.map((event) => `${JSON.stringify(event)}\n`).join("");
  const entries = new Map<string, Uint8Array>([
    ["run.json", text(`${JSON.stringify(exportedRecord(record), null, 2)}\n`)],
    ["log.jsonl", text(log)],
    ...kept.map(([sha256, bytes]) => [`blobs/${sha256}`, bytes] as const),
  ]);
  try {
    const bytes = writeArchive(entries, `The run ${record.runId}`);
    return { bytes, leftOut: blobs.size - kept.length };
  } catch (cause) {
    throw new AppError("FILE_WRITE_FAILED", "The run is too large to be exported as one file", {
      cause,
    });
  }
}

async function collectBlobs(
  folder: RunFolder,
  files: ProjectFiles,
): Promise<Map<string, Uint8Array>> {
  const blobs = new Map<string, Uint8Array>();
  for (const { name } of Deno.readDirSync(folder.blobsDir)) {
    if (!/^[0-9a-f]{64}$/.test(name)) continue;
    blobs.set(name, Deno.readFileSync(`${folder.blobsDir}/${name}`));
  }
  for (const { path, after } of changedFiles(readRunLog(folder.logPath))) {
    if (after === null || blobs.has(after)) continue;
    const present = await files.load(path);
    if (present?.sha256 === after && sha256Of(present.bytes) === after) {
      blobs.set(after, present.bytes);
    }
  }
  return blobs;
}

function smallestFirst(blobs: ReadonlyMap<string, Uint8Array>): [string, Uint8Array][] {
  let total = 0;
  return [...blobs].sort(([, a], [, b]) => a.length - b.length).slice(0, MOST_BLOBS)
    .filter(([, { length }]) => (total += length) <= MOST_BLOB_BYTES);
}
