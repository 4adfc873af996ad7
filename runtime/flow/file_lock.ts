// A lock between processes as a file, with `node:` APIs only, which know no lock of the kernel. Its
// holder touches it every few seconds; a lock that nobody touched for long belongs to a dead process.
import { readFileSync, statSync } from "node:fs";
import { link, rm, unlink, utimes, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { isFileError, makeFolder, PRIVATE_FILE } from "./synced_file.ts";

/** A lock that this process holds, until it lets go or was taken for dead. */
export interface FileLock {
  /** Asks the disk: false once another process took it over. */
  isHeld(): Promise<boolean>;
  /** Lets go, unless another process took over. Never leaves a timer. */
  release(): Promise<void>;
}

/** How a lock is kept. */
export interface FileLockOptions {
  /** How often the holder shows that it lives. */
  readonly beatMs?: number;
  /** After how long without a sign another process may take the lock. */
  readonly staleMs?: number;
  /** Called once when a beat finds that another process took over, or that the disk fails. */
  readonly onLost?: () => void;
}

const BEAT_MS = 3_000;
const STALE_MS = 15_000;
const MAX_TRIES = 10;

/**
 * Takes the lock if it is free, or if its holder has been silent for `staleMs`; `undefined` if it is
 * held, also by this very process. For processes of one machine, or with clocks that agree.
 * @throws an error of the file system, such as for a full disk
 */
export async function tryFileLock(
  path: string,
  options: FileLockOptions = {},
): Promise<FileLock | undefined> {
  const token = crypto.randomUUID();
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    if (await create(path, token)) return heldLock({ path, token, options });
    const holder = readHolder(path);
    const staleMs = options.staleMs ?? STALE_MS;
    if (holder === undefined) continue;
    if (holder.silentMs < staleMs) return undefined;
    if (!await breakLock(path, holder, staleMs)) return undefined;
  }
  return undefined;
}

/** A link appears whole and only if there is none, unlike a file that is made and then written. */
async function create(path: string, token: string): Promise<boolean> {
  const draft = `${path}.${token}.tmp`;
  await makeFolder(dirname(path));
  await writeFile(draft, token, { mode: PRIVATE_FILE });
  try {
    await link(draft, path);
    return true;
  } catch (thrown) {
    if (isFileError(thrown, "EEXIST")) return false;
    throw thrown;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Whose lock it is. */
export interface LockHolder {
  readonly token: string;
  /** How long ago it showed that it lives. */
  readonly silentMs: number;
}

/** The holder of a lock; `undefined` if it is free. @throws an error of the file system */
export function readHolder(path: string): LockHolder | undefined {
  try {
    const { mtimeMs } = statSync(path);
    return { token: readFileSync(path, "utf8"), silentMs: Date.now() - mtimeMs };
  } catch (thrown) {
    if (isFileError(thrown, "ENOENT")) return undefined;
    throw thrown;
  }
}

/**
 * Removes the lock of one particular dead holder. Of all that want to, only the one that holds the
 * claim named for that holder may: so nobody removes the lock of the next one by mistake.
 * @returns false if another process is at it
 */
export async function breakLock(
  path: string,
  { token: deadToken }: Pick<LockHolder, "token">,
  staleMs: number,
): Promise<boolean> {
  // Whatever stands in a file that is not ours must not become part of a path.
  const name = /^[0-9a-f-]{36}(?=\n|$)/.exec(deadToken)?.[0] ?? "unknown";
  const claim = await tryFileLock(`${path}.${name}`);
  if (claim === undefined) return false;
  try {
    const holder = readHolder(path);
    if (holder?.token === deadToken && holder.silentMs >= staleMs) await unlink(path);
  } finally {
    await claim.release();
  }
  return true;
}

interface Held {
  readonly path: string;
  readonly token: string;
  readonly options: FileLockOptions;
}

function heldLock({ path, token, options }: Held): FileLock {
  const isHeld = () => Promise.resolve(readHolder(path)?.token === token);
  let beating: Promise<void> = Promise.resolve();
  const beat = async () => {
    try {
      if (!await isHeld()) return lost();
      const now = new Date();
      await utimes(path, now, now);
    } catch {
      lost();
    }
  };
  const timer = setInterval(() => beating = beat(), options.beatMs ?? BEAT_MS);
  const lost = () => {
    clearInterval(timer);
    options.onLost?.();
  };
  const release = async () => {
    clearInterval(timer);
    await beating;
    const holder = readHolder(path);
    if (holder?.token !== token) return;
    // Silent for half the time that makes it stale: another process may be about to take over.
    const careful = holder.silentMs > (options.staleMs ?? STALE_MS) / 2;
    if (careful) await utimes(path, new Date(), new Date());
    if (!careful || await isHeld()) await rm(path, { force: true });
  };
  return { isHeld, release };
}
