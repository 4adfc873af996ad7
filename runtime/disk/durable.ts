// Writes that survive a power cut: content first, then the folder that names it. The one place that
// knows what it takes (docs/decisions/008-what-is-synced.md).
import { dirname, join } from "node:path";

/** How the files and folders of a data folder are made: for this user only. */
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;
/** How files are made that a person asked for; their umask tightens this. */
export const SHARED_FILE = 0o666;

/**
 * Writes a whole file so that a crash or a power cut leaves the old content or the new, never a part;
 * once it returns, the new. Missing folders are made; only this user can read what they hold. A
 * failure leaves the old file and no other.
 * @param mode permission bits of the file; for this user only unless told
 */
export function writeFileAtomic(
  path: string,
  content: string | Uint8Array,
  mode = PRIVATE_FILE,
): void {
  const folder = dirname(path);
  const temporary = join(folder, `.crewagent-${crypto.randomUUID()}.tmp`);
  makeFolder(folder);
  try {
    using file = Deno.openSync(temporary, { createNew: true, write: true, mode });
    writeAll(file, typeof content === "string" ? new TextEncoder().encode(content) : content);
    file.syncDataSync();
  } catch (thrown) {
    removeQuietly(temporary);
    throw thrown;
  }
  Deno.renameSync(temporary, path);
  syncFolder(folder);
}

/**
 * Makes a folder with its parents; each new name is on disk when it returns.
 * @param mode permission bits; for this user only unless told
 */
export function makeFolder(path: string, mode = PRIVATE_FOLDER): void {
  if (isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent, mode);
  try {
    Deno.mkdirSync(path, { mode });
  } catch (thrown) {
    // Another process may have been faster.
    if (!isFolder(path)) throw thrown;
  }
  syncFolder(parent);
}

/**
 * Makes the names in a folder survive a power cut: files made, renamed or removed there. Windows
 * journals them by itself and opens no folders; there this does nothing.
 */
export function syncFolder(path: string): void {
  if (Deno.build.os === "windows") return;
  using folder = Deno.openSync(path, { read: true });
  folder.syncSync();
}

/** Writes all bytes; a single `write` may take only a part of them. */
export function writeAll(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    written += file.writeSync(bytes.subarray(written));
  }
}

function removeQuietly(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // It was never made; the failure that brought us here is what counts.
  }
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
