// What can be told of a run without driving it, whether it lies in the data folder or came in a file
// from another machine (`export_run.ts`).
import { basename, join } from "node:path";
import { AppError } from "../../schemas/error.ts";
import type { RunEvent } from "../../schemas/run_event.ts";
import { validate } from "../../schemas/validate.ts";
import { type PackageFiles, readArchive } from "../package/archive.ts";
import { findRun, readRecord, type RunRecord, sha256Of } from "./run_folder.ts";
import { parseRunLog, readRunLog } from "./run_log.ts";

/** How an exported run is named, so that a command can tell it from a run's id. */
export const EXPORT_EXTENSION = ".crewrun";

/** A run's record as it may leave the machine: no folder, no address. */
export interface ExportedRecord extends Omit<RunRecord, "projectDir" | "connection"> {
  readonly projectName: string;
  readonly connection: Pick<RunRecord["connection"], "provider" | "model" | "prices">;
}

/** A run as it is told. */
export interface RunStory {
  readonly record: ExportedRecord;
  /** Missing for a run that came in a file. */
  readonly projectDir?: string;
  readonly events: readonly RunEvent[];
  /** Content by its SHA-256; `undefined` if it is not kept. */
  blob(sha256: string): Uint8Array<ArrayBuffer> | undefined;
}

/**
 * Opens a run for reading: an exported file by its name, else a run of the data folder.
 * @throws AppError `RUN_NOT_FOUND`, `RUN_FOLDER_DAMAGED`, `FILE_NOT_FOUND`, `PKG_ZIP_*`
 */
export async function openStory(dataDir: string, wanted: string): Promise<RunStory> {
  if (wanted.endsWith(EXPORT_EXTENSION)) return await openExported(wanted);
  const folder = findRun(dataDir, wanted);
  const record = readRecord(folder);
  return {
    record: exportedRecord(record),
    projectDir: record.projectDir,
    events: readRunLog(folder.logPath),
    blob: (sha256) => readBytes(join(folder.blobsDir, sha256)),
  };
}

/** Leaves out of a record what is only true on this machine. */
export function exportedRecord(record: RunRecord): ExportedRecord {
  const { projectDir, connection: { provider, model, prices }, ...rest } = record;
  const connection = { provider, model, ...(prices && { prices }) };
  return { ...rest, projectName: basename(projectDir), connection };
}

async function openExported(path: string): Promise<RunStory> {
  const bytes = readBytes(path);
  if (!bytes) throw new AppError("FILE_NOT_FOUND", `The exported run "${path}" cannot be read`);
  const what = `The exported run "${basename(path)}"`;
  const files = await readArchive(bytes, what);
  const events = parseRunLog(textOf(files, "log.jsonl", what));
  events.forEach((event, index) => {
    const [violation] = validate("run_event", event);
    if (violation || event.seq !== index + 1) {
      const why = violation ? `${violation.pointer}: ${violation.message}` : "a line is missing";
      throw damaged(what, `line ${index + 1} of its log is no event (${why})`);
    }
  });
  const record = parseRecord(textOf(files, "run.json", what));
  if (record?.runId === undefined || events.some(({ runId }) => runId !== record.runId)) {
    throw damaged(what, "its run.json does not belong to its log");
  }
  return { record, events, blob: (sha256) => blobOf(files, sha256) };
}

function parseRecord(text: string): ExportedRecord | undefined {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}

function textOf(files: PackageFiles, path: string, what: string): string {
  const content = files.get(path);
  if (content) return new TextDecoder().decode(content);
  throw damaged(what, `it holds no ${path}`);
}

function blobOf(files: PackageFiles, sha256: string): Uint8Array<ArrayBuffer> | undefined {
  const content = files.get(`blobs/${sha256}`);
  return content && sha256Of(content) === sha256 ? new Uint8Array(content) : undefined;
}

function readBytes(path: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Deno.readFileSync(path);
  } catch {
    return undefined;
  }
}

function damaged(what: string, reason: string): AppError {
  return new AppError("RUN_FOLDER_DAMAGED", `${what} cannot be shown: ${reason}`);
}
