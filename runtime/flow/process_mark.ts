// A file that shows that this process lives, touched every few seconds. Locks are hard links to it, so
// one touch shows life for all of them, and taking or leaving a lock is one call each.
import {
  linkSync,
  readdirSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { breakLock, readHolder } from "./file_lock.ts";
import { isGone, processSign } from "./process_sign.ts";
import { isFileError, makeFolder, PRIVATE_FILE } from "./synced_file.ts";

/** How a mark is kept. */
export interface ProcessMarkOptions {
  /** Where the mark and its locks lie; made when the first lock is taken. */
  readonly folder: string;
  /** How often the process shows that it lives. */
  readonly beatMs?: number;
  /** After how long without a sign other processes may take its locks. */
  readonly staleMs?: number;
}

/** A lock that this process holds, until it lets go or was taken for dead. */
export interface MarkedLock {
  /** Asks the disk: false once another process took it over. */
  isHeld(): boolean;
  /** Lets go, unless another process took over. */
  release(): void;
}

const BEAT_MS = 1_000;
const STALE_MS = 15_000;
/** So long a process is believed to live even if its id is gone: ids may mean something else there. */
const GONE_AFTER_MS = 2_500;
const MAX_TRIES = 10;
/** A mark that was silent for so long belongs to nobody; locks carry its content themselves. */
const ABANDONED_MS = 3_600_000;
const MARK = /^process-[0-9a-f-]{36}\.mark$/;

interface Held {
  readonly path: string;
  readonly onLost: () => void;
}

/** The mark of this process in one folder. Never leaves a timer once nothing is locked. */
export class ProcessMark {
  readonly #options: ProcessMarkOptions;
  #id = "";
  #token = "";
  readonly #held = new Set<Held>();
  #inode: bigint | undefined;
  #beatAt = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(options: ProcessMarkOptions) {
    this.#options = options;
  }

  /**
   * Takes the lock by that name if it is free, or if its holder has been silent too long; `undefined` if
   * it is held, also by this very process.
   * @param onLost called once when a beat finds that another process took over, or that the disk fails
   * @throws an error of the file system, such as for a full disk
   */
  async tryLock(name: string, onLost: () => void): Promise<MarkedLock | undefined> {
    const path = join(this.#options.folder, name);
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      if (!this.#isFresh()) await this.#renew();
      const taken = this.#link(path);
      if (taken === "taken") return this.#hold({ path, onLost });
      if (taken === "no mark") {
        this.#loseMark();
        continue;
      }
      const holder = readHolder(path);
      if (holder === undefined) continue;
      const [, sign = ""] = holder.token.split("\n");
      const deadMs = isGone(sign) ? Math.min(GONE_AFTER_MS, this.#staleMs) : this.#staleMs;
      if (holder.silentMs < deadMs) return undefined;
      if (!await breakLock(path, holder, deadMs)) return undefined;
    }
    return undefined;
  }

  /** Removes the mark; for the end of the process. Locks that are held stay. */
  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#inode === undefined) return;
    this.#inode = undefined;
    rmSync(this.#path, { force: true });
  }

  get #path(): string {
    return join(this.#options.folder, `process-${this.#id}.mark`);
  }

  get #staleMs(): number {
    return this.#options.staleMs ?? STALE_MS;
  }

  get #beatMs(): number {
    return this.#options.beatMs ?? BEAT_MS;
  }

  #isFresh(): boolean {
    const age = Math.abs(Date.now() - this.#beatAt);
    return this.#inode !== undefined && age < this.#staleMs / 2;
  }

  /** Makes the mark, or touches it before it is linked anew. */
  async #renew(): Promise<void> {
    if (this.#inode !== undefined && this.#touch()) return;
    await makeFolder(this.#options.folder);
    // Another caller may have been faster.
    if (this.#inode !== undefined) return;
    sweepMarks(this.#options.folder);
    this.#id = crypto.randomUUID();
    this.#token = `${this.#id}\n${processSign()}\n`;
    writeFileSync(this.#path, this.#token, { mode: PRIVATE_FILE });
    this.#inode = statSync(this.#path, { bigint: true }).ino;
    this.#beatAt = Date.now();
  }

  /** False if somebody removed it; then no lock is held any more. */
  #touch(): boolean {
    const now = Date.now();
    try {
      utimesSync(this.#path, now / 1000, now / 1000);
    } catch (thrown) {
      if (!isFileError(thrown, "ENOENT")) throw thrown;
      this.#loseMark();
      return false;
    }
    this.#beatAt = now;
    return true;
  }

  #loseMark(): void {
    this.#inode = undefined;
    for (const held of [...this.#held]) this.#lose(held);
  }

  #lose(held: Held): void {
    this.#forget(held);
    held.onLost();
  }

  #link(path: string): "taken" | "held" | "no mark" {
    try {
      linkSync(this.#path, path);
      return "taken";
    } catch (thrown) {
      if (isFileError(thrown, "EEXIST")) return "held";
      if (isFileError(thrown, "ENOENT")) return "no mark";
      throw thrown;
    }
  }

  #hold(held: Held): MarkedLock {
    this.#held.add(held);
    this.#timer ??= setInterval(() => this.#beat(), this.#beatMs);
    return {
      isHeld: () => this.#isOurs(held.path),
      release: () => this.#release(held),
    };
  }

  #release(held: Held): void {
    const { path } = held;
    this.#forget(held);
    if (!this.#isOurs(path)) return;
    // Silent for half the time that makes it stale: another process may be about to take over.
    const careful = Math.abs(Date.now() - this.#beatAt) > this.#staleMs / 2;
    if (careful) this.#touch();
    if (!careful || this.#isOurs(path)) removeFile(path);
  }

  #forget(held: Held): void {
    this.#held.delete(held);
    if (this.#held.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** By its number while nobody can have taken the mark for dead; else by what stands in it. */
  #isOurs(path: string): boolean {
    if (this.#inode === undefined) return false;
    if (this.#inode !== 0n && this.#isFresh()) {
      const found = statSync(path, { bigint: true, throwIfNoEntry: false });
      return found?.ino === this.#inode;
    }
    return readHolder(path)?.token === this.#token;
  }

  #beat(): void {
    try {
      for (const held of [...this.#held]) {
        if (!this.#isOurs(held.path)) this.#lose(held);
      }
      if (this.#held.size > 0) this.#touch();
    } catch {
      // A disk that fails cannot keep a promise.
      this.#loseMark();
    }
  }
}

/** Unlike `rmSync`, which looks at length before it does anything. */
function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (thrown) {
    if (!isFileError(thrown, "ENOENT")) throw thrown;
  }
}

/** Removes what processes left behind that were killed. */
function sweepMarks(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!MARK.test(name)) continue;
    const holder = readHolder(join(folder, name));
    if (holder !== undefined && holder.silentMs > ABANDONED_MS) {
      rmSync(join(folder, name), { force: true });
    }
  }
}
