// What was deleted from projects, kept in the data folder for 30 days so that it can be put back. Not
// here: the files of the project themselves (`project_folder.ts`).
import { createHash } from "node:crypto";
import { join } from "node:path";
import { syncFolder, writeFileAtomic } from "../runtime/disk/durable.ts";
import type { Gathered } from "../runtime/tools/folder_protocol.ts";
import { AppError } from "../schemas/error.ts";
import type { ProjectFolder } from "./project_folder.ts";

/** A file or a folder that was deleted. */
export interface DeletedEntry {
  readonly deletedId: string;
  /** In the project, as it was. */
  readonly path: string;
  readonly kind: "file" | "folder";
  /** How many files it was. */
  readonly files: number;
  readonly bytes: number;
  readonly deletedAt: string;
}

/** The bin of one project. */
export interface ProjectBin {
  /**
   * Keeps a file or a folder and takes it out of the project. Killed in the middle, what is not in the
   * project any more is in the bin.
   * @param sha256 what the file must still hold
   * @throws AppError as `ProjectFolder`
   */
  remove(path: string, sha256?: string): Promise<DeletedEntry>;
  /** Last deleted first. What is older than 30 days goes. */
  list(): readonly DeletedEntry[];
  /**
   * Puts it back where it was.
   * @throws AppError `FILE_NOT_FOUND`, `FILE_EXISTS` where something else has its name; nothing is
   * replaced, what could be put back is back, and the rest stays in the bin
   */
  restore(deletedId: string): Promise<DeletedEntry>;
}

const KEPT_MS = 30 * 24 * 60 * 60 * 1000;
const RECORD = "deleted.json";

interface KeptRecord extends Omit<DeletedEntry, "files"> {
  /** Below the project; a file's content is the blob named by its hash. */
  readonly files: readonly {
    readonly parts: readonly string[];
    readonly sha256: string;
    readonly mode: number | null;
  }[];
  readonly folders: readonly (readonly string[])[];
}

/** The bin of a project. Nothing is written before something is deleted. */
export function openProjectBin(folder: ProjectFolder, dataDir: string): ProjectBin {
  const home = join(dataDir, "deleted", keyOf(folder.path));
  return {
    remove: (path, sha256) => remove(folder, { home, path, sha256 }),
    list: () => recordsIn(home).map(entryOf).sort((a, b) => a.deletedAt < b.deletedAt ? 1 : -1),
    restore: (deletedId) => restore(folder, join(home, idOf(deletedId))),
  };
}

interface Removal {
  readonly home: string;
  readonly path: string;
  readonly sha256?: string | undefined;
}

async function remove(
  folder: ProjectFolder,
  { home, path, sha256 }: Removal,
): Promise<DeletedEntry> {
  const gathered = await folder.gather(path);
  const { kind, files: [first] } = gathered;
  if (kind === "folder") {
    const { record } = keep(home, recordOf(path, gathered), gathered);
    // Part of it may be gone when this fails, so what was kept stays.
    await folder.removeFolder(path, gathered);
    return entryOf(record);
  }
  if (!first || (sha256 !== undefined && sha256 !== first.sha256)) throw changed(path);
  const { record, place } = keep(home, recordOf(path, gathered), gathered);
  try {
    await folder.removeFile(path, first.sha256);
  } catch (thrown) {
    drop(place);
    throw thrown;
  }
  return entryOf(record);
}

function recordOf(path: string, { kind, files, folders }: Gathered): KeptRecord {
  const base = path.split("/");
  return {
    deletedId: crypto.randomUUID(),
    path,
    kind,
    bytes: files.reduce((sum, file) => sum + file.bytes.length, 0),
    deletedAt: new Date().toISOString(),
    files: files.map(({ parts, sha256, mode }) => ({ parts: [...base, ...parts], sha256, mode })),
    folders: kind === "file" ? [] : [base, ...folders.map((parts) => [...base, ...parts])],
  };
}

function changed(path: string): AppError {
  return new AppError(
    "EDIT_CONFLICT",
    `"${path}" was changed since it was shown. Look at it again, then delete it`,
  );
}

/** Contents first: a record without them would promise too much. */
function keep(
  home: string,
  record: KeptRecord,
  { files }: Gathered,
): { readonly record: KeptRecord; readonly place: string } {
  const place = join(home, record.deletedId);
  for (const { sha256, bytes } of new Map(files.map((file) => [file.sha256, file])).values()) {
    writeFileAtomic(join(place, sha256), bytes);
  }
  writeFileAtomic(join(place, RECORD), JSON.stringify(record));
  return { record, place };
}

async function restore(folder: ProjectFolder, place: string): Promise<DeletedEntry> {
  const record = readRecord(place);
  if (!record) throw new AppError("FILE_NOT_FOUND", "This is in the bin no more");
  for (const parts of record.folders) await folder.restoreFolder(parts);
  const taken: string[] = [];
  for (const { parts, sha256, mode } of record.files) {
    const bytes = Deno.readFileSync(join(place, sha256));
    const path = parts.join("/");
    try {
      await folder.restoreFile(parts, { bytes, mode });
    } catch (thrown) {
      if (!(thrown instanceof AppError) || !TAKEN.has(thrown.code)) throw thrown;
      if (!await holds(folder, path, sha256)) taken.push(path);
    }
  }
  if (taken.length > 0) throw nameTaken(taken);
  drop(place);
  return entryOf(record);
}

/** A file has the name, or a folder. */
const TAKEN: ReadonlySet<string> = new Set(["EDIT_CONFLICT", "REQUEST_INVALID"]);

/** Restored before, by a server that was killed before it said so. */
async function holds(folder: ProjectFolder, path: string, sha256: string): Promise<boolean> {
  const { kind } = await folder.glimpse(path);
  return kind === "file" && (await folder.digest(path)).sha256 === sha256;
}

function nameTaken(paths: readonly string[]): AppError {
  const names = paths.slice(0, 3).map((path) => `"${path}"`).join(", ");
  const more = paths.length > 3 ? ` and ${paths.length - 3} more` : "";
  return new AppError(
    "FILE_EXISTS",
    `There is something else named ${names}${more} now. Rename it, then restore again`,
  );
}

function recordsIn(home: string): readonly KeptRecord[] {
  const kept: KeptRecord[] = [];
  const oldest = new Date(Date.now() - KEPT_MS).toISOString();
  for (const name of namesIn(home)) {
    const place = join(home, name);
    const record = readRecord(place);
    if (record && record.deletedAt < oldest) drop(place);
    else if (record) kept.push(record);
  }
  return kept;
}

function namesIn(home: string): readonly string[] {
  try {
    return Array.from(Deno.readDirSync(home), ({ name }) => name);
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return [];
    throw thrown;
  }
}

/** `undefined` for what was never finished: its files are in the project still. */
function readRecord(place: string): KeptRecord | undefined {
  try {
    return JSON.parse(Deno.readTextFileSync(join(place, RECORD)));
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return undefined;
    throw thrown;
  }
}

/** The record first: what is left without one is nothing to anybody. */
function drop(place: string): void {
  Deno.removeSync(join(place, RECORD));
  syncFolder(place);
  Deno.removeSync(place, { recursive: true });
}

function entryOf({ files, deletedId, path, kind, bytes, deletedAt }: KeptRecord): DeletedEntry {
  return { deletedId, path, kind, files: files.length, bytes, deletedAt };
}

/** It becomes a part of a path of the data folder. */
function idOf(deletedId: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(deletedId)) return deletedId;
  throw new AppError("FILE_NOT_FOUND", "There is no such entry in the bin");
}

function keyOf(projectDir: string): string {
  return createHash("sha256").update(projectDir).digest("hex").slice(0, 32);
}
