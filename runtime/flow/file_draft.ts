// A new version of a file: written beside it, then put in its place while no other process may do so.
// Nothing that changes a folder blocks: while others sync, the file system lets such calls wait.
import { constants, existsSync, statSync, writeSync } from "node:fs";
import { type FileHandle, link, open, rename, rm, unlink } from "node:fs/promises";
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
  /** After how long the lock of a writer counts as that of a dead process; 15 s unless told. */
  readonly lockStaleMs?: number | undefined;
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
const NO_LINKS = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"];
const ENCODER = new TextEncoder();

/**
 * Writes a draft and brings it to disk. Missing folders are made.
 * @throws an error of the file system; then nothing is left of it
 */
export async function openDraft(path: string, content: string): Promise<FileDraft> {
  const draft = join(dirname(path), `.crewagent-${crypto.randomUUID()}.tmp`);
  try {
    await writeSynced(draft, content);
  } catch (thrown) {
    await rm(draft, { force: true });
    throw thrown;
  }
  return {
    async publish({ expected, check, lockStaleMs = STALE_MS }) {
      let published = false;
      try {
        await check?.();
        published = await swap({ draft, path, expected, lockStaleMs });
        return published;
      } finally {
        if (!published) await rm(draft, { force: true });
      }
    },
  };
}

/** The version of a file; `undefined` if there is none. */
export function stateOf(path: string): FileState | undefined {
  // Far cheaper than a look that fails, which is the usual one: most documents are new.
  if (!existsSync(path)) return undefined;
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}:${found.size}:${found.mtimeNs}`;
}

async function writeSynced(path: string, content: string): Promise<void> {
  const file = await create(path);
  try {
    // Into the system's memory only; what waits for the disk is the next call.
    writeWhole(file.fd, content);
    await file.datasync();
  } finally {
    await file.close();
  }
}

function writeWhole(file: number, content: string): void {
  const bytes = ENCODER.encode(content);
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at, bytes.length - at, null);
}

async function create(path: string): Promise<FileHandle> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
  try {
    return await open(path, flags, SHARED_FILE);
  } catch (thrown) {
    if (!isFileError(thrown, "ENOENT")) throw thrown;
  }
  await makeFolder(dirname(path));
  return await open(path, flags, SHARED_FILE);
}

interface Swap {
  readonly draft: string;
  readonly path: string;
  readonly expected: FileState | undefined;
  readonly lockStaleMs: number;
}

/** Makes the draft the file: a new one by a second name, which nobody else can give at the same time. */
async function swap(swap: Swap): Promise<boolean> {
  const { draft, path, expected } = swap;
  const isNew = expected === undefined && !existsSync(path) &&
    await tryLink(draft, path) === "made";
  if (!isNew) return await replace(swap);
  await unlink(draft);
  return true;
}

/** Replaces the file by the draft, under a lock that is a second name of the draft. */
async function replace({ draft, path, expected, lockStaleMs }: Swap): Promise<boolean> {
  const lock = join(dirname(path), `.${basename(path)}.lock`);
  const deadline = performance.now() + WAIT_MS;
  while (!await takeLock(draft, lock)) {
    if (performance.now() > deadline) throw new Error("another process has locked it");
    await breakDead(lock, lockStaleMs);
    await delay(POLL_MS);
  }
  try {
    if (expected !== undefined && stateOf(path) !== expected) return false;
    await rename(draft, path);
    return true;
  } finally {
    await unlink(lock);
  }
}

async function takeLock(draft: string, lock: string): Promise<boolean> {
  const linked = await tryLink(draft, lock);
  return linked === "no links" ? await takeLockWithoutLinks(lock) : linked === "made";
}

/** Gives the draft another name, if nothing has that name. Some file systems know no hard links. */
async function tryLink(draft: string, name: string): Promise<"made" | "taken" | "no links"> {
  try {
    await link(draft, name);
    return "made";
  } catch (thrown) {
    if (isFileError(thrown, "EEXIST")) return "taken";
    if (NO_LINKS.some((code) => isFileError(thrown, code))) return "no links";
    throw thrown;
  }
}

/** For file systems without hard links. */
async function takeLockWithoutLinks(lock: string): Promise<boolean> {
  try {
    const file = await open(lock, "wx", SHARED_FILE);
    await file.close();
    return true;
  } catch (thrown) {
    if (isFileError(thrown, "EEXIST")) return false;
    throw thrown;
  }
}

/** Of all that find a lock of a dead process, only the one that holds the claim may remove it. */
async function breakDead(lock: string, staleMs: number): Promise<void> {
  if (!isDead(lock, staleMs)) return;
  const claim = await tryFileLock(`${lock}.dead`);
  if (claim === undefined) return;
  try {
    if (isDead(lock, staleMs)) await rm(lock, { force: true });
  } finally {
    await claim.release();
  }
}

/** A link has the age of its draft, which may have waited long for the disk: its change counts. */
function isDead(lock: string, staleMs: number): boolean {
  const found = statSync(lock, { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.ctimeMs > staleMs;
}
