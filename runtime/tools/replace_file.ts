// The only code that changes a file of the project: temp file, fsync, rename. Runs in the worker.
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { makeFolder, syncFolder, writeAll } from "../disk/durable.ts";
import type { Confinement } from "./confine.ts";
import { FileProblem } from "./file_problem.ts";
import { nameOf } from "./mounts.ts";
import type {
  LoadedFile,
  LoadedPlace,
  LoadRequest,
  RemoveRequest,
  ReplacedFile,
  ReplaceRequest,
} from "./worker_protocol.ts";

/** Largest file that tools change: its bytes before are kept in memory and in the run's folder. */
export const MAX_CHANGED_FILE_BYTES = 64 * 1024 * 1024;

/** Folders of a project are made as any program makes them; the user's umask tightens this. */
export const PROJECT_FOLDER_MODE = 0o777;

/** A whole file that is to be changed, with its hash. `E_WRITE_LIMIT` over 64 MiB. */
export function loadFile(walls: Confinement, { place }: LoadRequest): LoadedPlace {
  const { path, exists, realName } = walls.locate(place, "write");
  return { realName, file: exists ? readWhole(walls, path, nameOf(place)) : null };
}

function readWhole(walls: Confinement, path: string, name: string): LoadedFile {
  using file = walls.openReal(path, name);
  const { size } = file.statSync();
  if (size > MAX_CHANGED_FILE_BYTES) {
    throw new FileProblem(
      "E_WRITE_LIMIT",
      `"${name}" has ${size} bytes; tools change files of at most ${MAX_CHANGED_FILE_BYTES} bytes. Write a new file instead`,
    );
  }
  const bytes = readAll(file, size);
  return { bytes, sha256: sha256Of(bytes) };
}

/**
 * Puts new bytes in place of a file, or makes it with its parents. The old file's mode is kept; a
 * link inside the project stays a link. `E_PRECONDITION_FAILED` if the file is no longer what it was.
 */
export function replaceFile(walls: Confinement, request: ReplaceRequest): ReplacedFile {
  const { place, bytes } = request;
  const name = nameOf(place);
  const { path } = walls.locate(place, "write");
  const parent = dirname(path);
  makeFolder(parent, PROJECT_FOLDER_MODE);
  walls.requireUnmoved(parent, name);
  const temporary = join(parent, `.crewagent-${crypto.randomUUID()}.tmp`);
  try {
    const mode = request.sha256Before === null ? request.mode ?? null : modeOf(path);
    writeSynced(temporary, bytes, mode);
    requireUnchanged(walls, request);
    walls.requireUnmoved(parent, name);
    Deno.renameSync(temporary, path);
    syncFolder(parent);
  } catch (thrown) {
    removeQuietly(temporary);
    throw thrown;
  }
  walls.requireUnmoved(parent, name);
  return { sha256: sha256Of(bytes) };
}

/** Removes a file. `E_PRECONDITION_FAILED` if it is no longer what it was. */
export function removeFile(walls: Confinement, { place, sha256Before }: RemoveRequest): null {
  const { path } = walls.locate(place, "write");
  requireUnchanged(walls, { place, sha256Before });
  walls.requireUnmoved(dirname(path), nameOf(place));
  Deno.removeSync(path);
  syncFolder(dirname(path));
  return null;
}

/** SHA-256 as lower-case hex. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function requireUnchanged(
  walls: Confinement,
  { place, sha256Before }: Pick<ReplaceRequest, "place" | "sha256Before">,
): void {
  const { file } = loadFile(walls, { place });
  if ((file?.sha256 ?? null) === sha256Before) return;
  throw new FileProblem(
    "E_PRECONDITION_FAILED",
    `"${
      nameOf(place)
    }" was changed by something else during this call. Read it again, then repeat the change`,
  );
}

function writeSynced(path: string, bytes: Uint8Array, mode: number | null): void {
  // createNew never follows a link.
  using file = Deno.openSync(path, { write: true, createNew: true });
  if (mode !== null && Deno.build.os !== "windows") Deno.chmodSync(path, mode);
  writeAll(file, bytes);
  file.syncSync();
}

/** What a new file takes over from the old one; Windows has no mode to keep. */
function modeOf(path: string): number | null {
  const mode = Deno.build.os === "windows" ? null : lstatMode(path);
  return mode === null ? null : mode & 0o777;
}

function lstatMode(path: string): number | null {
  try {
    return Deno.statSync(path).mode;
  } catch {
    // It has gone meanwhile; the check for changes that follows tells so.
    return null;
  }
}

/** The bytes of an open file, as many as are there. */
export function readAll(file: Deno.FsFile, size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let filled = 0;
  while (filled < size) {
    const count = file.readSync(bytes.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

function removeQuietly(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // It was never made, or its folder has gone: the failure that brought us here is what counts.
  }
}
