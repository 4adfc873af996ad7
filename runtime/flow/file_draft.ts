// A new version of a file: written beside it, then put in its place while no other process may do so.
// Small calls are made without a promise, as in `scope_log.ts`; syncing never blocks.
import {
  closeSync,
  constants,
  fdatasync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { tryFileLock } from "./file_lock.ts";
import { isFileError, makeFolder, SHARED_FILE } from "./synced_file.ts";

/** Which version of a file is there. */
export type FileState = string;

/** How a draft becomes the file. */
export interface PublishOptions {
  /** The version it may replace; any, if left out. */
  readonly expected?: FileState | undefined;
  /** Asked last; when it rejects, the old file stays. */
  readonly check?: () => Promise<void> | undefined;
}

/** A new version that is on disk and not yet in its place. */
export interface FileDraft {
  /**
   * Puts the draft in its place or throws it away; a crash leaves the old file or the new one.
   * @returns false if another version than the expected one is there
   * @throws an error of the file system, or of `check`
   */
  publish(options: PublishOptions): Promise<boolean>;
}

/** A lock is held for the time of three small calls, so one as old as this has a dead holder. */
const STALE_MS = 15_000;
const WAIT_MS = 30_000;
const POLL_MS = 5;

/**
 * Writes a draft and brings it to disk. Missing folders are made.
 * @throws an error of the file system; then nothing is left of it
 */
export async function openDraft(path: string, content: string): Promise<FileDraft> {
  const draft = join(dirname(path), `.crewagent-${crypto.randomUUID()}.tmp`);
  try {
    await writeSynced(draft, content);
  } catch (thrown) {
    rmSync(draft, { force: true });
    throw thrown;
  }
  return {
    async publish({ expected, check }) {
      let published = false;
      try {
        await check?.();
        published = await swap(draft, path, expected);
        return published;
      } finally {
        if (!published) rmSync(draft, { force: true });
      }
    },
  };
}

/** The version of a file; `undefined` if there is none. */
export function stateOf(path: string): FileState | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}:${found.size}:${found.mtimeNs}`;
}

async function writeSynced(path: string, content: string): Promise<void> {
  const file = await create(path);
  try {
    const bytes = new TextEncoder().encode(content);
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at, bytes.length - at, null);
    await new Promise<void>((resolve, reject) => {
      fdatasync(file, (error) => error ? reject(error) : resolve());
    });
  } finally {
    closeSync(file);
  }
}

async function create(path: string): Promise<number> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
  try {
    return openSync(path, flags, SHARED_FILE);
  } catch (thrown) {
    if (!isFileError(thrown, "ENOENT")) throw thrown;
  }
  await makeFolder(dirname(path));
  return openSync(path, flags, SHARED_FILE);
}

/** Replaces the file by the draft, under a lock that is a second name of the draft. */
async function swap(
  draft: string,
  path: string,
  expected: FileState | undefined,
): Promise<boolean> {
  const lock = join(dirname(path), `.${basename(path)}.lock`);
  const deadline = performance.now() + WAIT_MS;
  while (!takeLock(draft, lock)) {
    if (performance.now() > deadline) throw new Error("another process has locked it");
    await breakDead(lock);
    await delay(POLL_MS);
  }
  try {
    if (expected !== undefined && stateOf(path) !== expected) return false;
    renameSync(draft, path);
    return true;
  } finally {
    unlinkSync(lock);
  }
}

function takeLock(draft: string, lock: string): boolean {
  try {
    linkSync(draft, lock);
    return true;
  } catch (thrown) {
    if (isFileError(thrown, "EEXIST")) return false;
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].some((code) => isFileError(thrown, code))) {
      throw thrown;
    }
  }
  return takeLockWithoutLinks(lock);
}

/** For file systems without hard links. */
function takeLockWithoutLinks(lock: string): boolean {
  try {
    closeSync(openSync(lock, "wx", SHARED_FILE));
    return true;
  } catch (thrown) {
    if (isFileError(thrown, "EEXIST")) return false;
    throw thrown;
  }
}

/** Of all that find a lock of a dead process, only the one that holds the claim may remove it. */
async function breakDead(lock: string): Promise<void> {
  if (!isDead(lock)) return;
  const claim = await tryFileLock(`${lock}.dead`);
  if (claim === undefined) return;
  try {
    if (isDead(lock)) rmSync(lock, { force: true });
  } finally {
    await claim.release();
  }
}

/** A link has the age of its draft, which may have waited long for the disk: its change counts. */
function isDead(lock: string): boolean {
  const found = statSync(lock, { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.ctimeMs > STALE_MS;
}
