// One memory file (JSON Lines): reads what other processes appended, appends, compacts. No lock is
// needed to append: a seal line says where a compaction began, and whoever wrote behind it writes anew.
// What takes microseconds on a local disk is called without a promise, which costs ten times as much; what
// waits for the disk (syncing, compacting) never blocks.
import {
  closeSync,
  constants,
  existsSync,
  fdatasync,
  fstatSync,
  openSync,
  statSync,
  writeSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../../schemas/error.ts";
import { tryFileLock } from "./file_lock.ts";
import { changeLine, type MemoryChange, SEAL_LINE } from "./memory_lines.ts";
import { ScopeView } from "./scope_view.ts";
import { isFileError, makeFolder, PRIVATE_FILE, writeFileSynced } from "./synced_file.ts";

/** Entries by key, as the file has them. */
export type ScopeEntries = ScopeView["entries"];

/** Where a memory file lies, and who is told of damage in it. */
export interface ScopeLogOptions {
  readonly path: string;
  /** One sentence for the log of the service. */
  readonly onNotice: (message: string) => void;
  /** Makes the names in a folder survive a power cut; several scopes may share one sync. */
  readonly syncFolder: (path: string) => Promise<void>;
}

interface Operation {
  readonly lines: readonly string[];
  readonly wantsSync?: true;
  readonly done: (entries: ScopeEntries) => void;
  readonly failed: (thrown: unknown) => void;
}

/** Below this size nothing is won by compaction. */
const SMALL_BYTES = 64 * 1024;
/** Appends that another compaction or a torn line may spoil before we give up. */
const MAX_APPENDS = 8;
/** Longer than it takes until the lock of a dead process may be taken (`file_lock.ts`). */
const COMPACTION_WAIT_MS = 30_000;
const POLL_MS = 20;
const ENCODER = new TextEncoder();

/** A memory file that is open. Operations of one process run in order, batched into one write. */
export class ScopeLog {
  readonly #options: ScopeLogOptions;
  #file: number | undefined;
  #identity = "";
  /** Made by us and not yet known to be in its folder after a power cut. */
  #isNew = false;
  #view = new ScopeView();
  #toldDamaged = 0;
  #queue: Operation[] = [];
  #draining: Promise<void> | undefined;

  constructor(options: ScopeLogOptions) {
    this.#options = options;
  }

  /** False while an operation is under way. */
  get idle(): boolean {
    return this.#draining === undefined;
  }

  /** About how much of this process's memory the scope takes. */
  get liveBytes(): number {
    return this.#view.liveBytes;
  }

  /**
   * Appends changes, if there are any, and answers from what the file then holds. When it resolves,
   * the changes survive the end of this process, after `sync` also a power cut.
   * @throws AppError `FLOW_MEMORY_UNAVAILABLE`; or an error of the file system
   */
  run<T>(changes: readonly MemoryChange[], answer: (entries: ScopeEntries) => T): Promise<T> {
    const at = new Date().toISOString();
    const lines = changes.map((change) => changeLine(change, at));
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ lines, done: (entries) => resolve(answer(entries)), failed: reject });
      this.#draining ??= this.#drain();
    });
  }

  /** Brings what was appended through a power cut. @throws an error of the file system */
  sync(): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.#queue.push({ lines: [], wantsSync: true, done: () => resolve(), failed: reject });
      this.#draining ??= this.#drain();
    });
  }

  /** Waits for what is under way and closes the file. */
  async close(): Promise<void> {
    await this.#draining;
    this.#forget();
  }

  async #drain(): Promise<void> {
    // Whatever is asked for in this turn of the event loop goes into one write.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0);
      try {
        await this.#bringUpToDate(batch.flatMap(({ lines }) => lines));
        if (batch.some(({ wantsSync }) => wantsSync)) await this.#syncFile();
        for (const { done } of batch) done(this.#view.entries);
        await this.#compactWhereItPays();
      } catch (thrown) {
        // One that is done already takes no notice.
        for (const { failed } of batch) failed(thrown);
      }
    }
    this.#draining = undefined;
  }

  async #syncFile(): Promise<void> {
    if (this.#file !== undefined) await datasync(this.#file);
    if (!this.#isNew) return;
    await this.#options.syncFolder(dirname(this.#options.path));
    this.#isNew = false;
  }

  async #bringUpToDate(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) {
      this.#refresh();
    } else {
      await this.#append(lines);
    }
    this.#tellDamage();
  }

  /** Takes in what others appended; opens the file anew if it was replaced. */
  #refresh(): void {
    const identity = identityOf(this.#options.path);
    if (identity !== this.#identity) this.#forget();
    if (identity !== "" && this.#file === undefined) this.#open(constants.O_RDWR);
    if (this.#file !== undefined) this.#view.readOn(this.#file);
  }

  #open(flags: number): number | undefined {
    try {
      this.#file = openSync(this.#options.path, flags | constants.O_APPEND, PRIVATE_FILE);
    } catch (thrown) {
      // Removed since it was looked for.
      if (isFileError(thrown, "ENOENT")) return undefined;
      throw thrown;
    }
    this.#identity = nameOf(fstatSync(this.#file, { bigint: true }));
    return this.#file;
  }

  #forget(): void {
    const file = this.#file;
    this.#file = undefined;
    this.#identity = "";
    this.#view = new ScopeView();
    this.#toldDamaged = 0;
    if (file !== undefined) closeSync(file);
  }

  async #append(lines: readonly string[]): Promise<void> {
    let missing = lines;
    for (let tries = 0; tries < MAX_APPENDS && missing.length > 0; tries++) {
      const file = await this.#fileToWrite();
      // A process that was killed may have left half a line: ours must not become its other half.
      const text = (this.#view.torn ? "\n" : "") + missing.join("");
      const seen = new Set(this.#view.readOwn(file, writeOnce(file, text, this.#options.path)));
      const counted = this.#isStillThere();
      missing = missing.filter((line) => !counted || !seen.has(line.slice(0, -1)));
    }
    if (missing.length === 0) return;
    throw unavailable(this.#options.path, `${missing.length} lines did not stay in it`);
  }

  async #fileToWrite(): Promise<number> {
    if (this.#file === undefined || this.#view.sealed) this.#refresh();
    if (this.#view.sealed) await this.#finishCompaction();
    if (this.#file !== undefined) return this.#file;
    const file = this.#open(constants.O_RDWR | constants.O_CREAT) ?? await this.#openInNewFolder();
    this.#isNew = true;
    this.#view.readOn(file);
    return file;
  }

  async #openInNewFolder(): Promise<number> {
    await makeFolder(dirname(this.#options.path));
    const file = this.#open(constants.O_RDWR | constants.O_CREAT);
    if (file === undefined) throw unavailable(this.#options.path, "its folder was removed");
    return file;
  }

  /** Whether the file that was written to is the one by that name, or went over into the next one. */
  #isStillThere(): boolean {
    if (identityOf(this.#options.path) === this.#identity) return true;
    if (this.#file !== undefined) this.#view.readOn(this.#file);
    const compacted = this.#view.sealed;
    if (!compacted) this.#forget();
    return compacted;
  }

  #tellDamage(): void {
    const { damaged } = this.#view;
    const count = damaged.length - this.#toldDamaged;
    this.#toldDamaged = damaged.length;
    if (count === 0) return;
    const name = basename(this.#options.path);
    this.#options.onNotice(
      `Reading memory: ${count} damaged lines in "${name}" were passed over; they are kept in "${name}.damaged"`,
    );
  }

  async #compactWhereItPays(): Promise<void> {
    const { readBytes, liveBytes, damaged } = this.#view;
    const pays = readBytes > SMALL_BYTES && liveBytes * 2 < readBytes;
    if (pays || damaged.length > 0) await this.#compact();
  }

  /** Waits for the process that sealed the file; where it died, does its work. */
  async #finishCompaction(): Promise<void> {
    const deadline = performance.now() + COMPACTION_WAIT_MS;
    while (this.#view.sealed && performance.now() < deadline) {
      if (await this.#compact()) return;
      await delay(POLL_MS);
      this.#refresh();
    }
    if (this.#view.sealed) throw unavailable(this.#options.path, "its compaction does not end");
  }

  /**
   * Replaces the file by one that holds only what counts. Killed at any instant, the old or the new
   * one is there, and nothing that was acknowledged is missing.
   * @returns false if another process is at it
   */
  async #compact(): Promise<boolean> {
    const { path } = this.#options;
    const lock = await tryFileLock(`${path}.lock`);
    if (lock === undefined) return false;
    try {
      this.#refresh();
      this.#seal();
      await this.#keepDamagedAside();
      const at = new Date().toISOString();
      const text = [...this.#view.entries]
        .map(([key, { value }]) => changeLine({ key, value }, at)).join("");
      const beforeRename = async () => {
        if (!await lock.isHeld()) throw unavailable(path, "another process compacts it");
      };
      await writeFileSynced(path, text, { mode: PRIVATE_FILE, beforeRename });
      // Else the sealed file could come back, and what is synced into the new one be gone.
      await this.#options.syncFolder(dirname(path));
      this.#refresh();
      return true;
    } finally {
      await lock.release();
    }
  }

  #seal(): void {
    for (let tries = 0; tries < MAX_APPENDS && !this.#view.sealed; tries++) {
      if (this.#file === undefined) return;
      writeOnce(this.#file, `\n${SEAL_LINE}`, this.#options.path);
      this.#view.readOn(this.#file);
    }
  }

  async #keepDamagedAside(): Promise<void> {
    const { damaged } = this.#view;
    if (damaged.length === 0) return;
    const file = await open(`${this.#options.path}.damaged`, "a", PRIVATE_FILE);
    try {
      await file.appendFile(damaged.map((line) => `${line}\n`).join(""));
      await file.datasync();
    } finally {
      await file.close();
    }
  }
}

/** One system call, so that lines of several processes never mix. @returns what was written */
function writeOnce(file: number, text: string, path: string): Uint8Array {
  const bytes = ENCODER.encode(text);
  const written = writeSync(file, bytes, 0, bytes.length, null);
  if (written < bytes.length) throw unavailable(path, "the disk took only a part of it");
  return bytes;
}

/** Which file stands under a name; empty if none does. */
function identityOf(path: string): string {
  // Far cheaper than a look that fails.
  const found = existsSync(path)
    ? statSync(path, { bigint: true, throwIfNoEntry: false })
    : undefined;
  return found === undefined ? "" : nameOf(found);
}

function nameOf({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string {
  return `${dev}:${ino}`;
}

function datasync(file: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fdatasync(file, (error) => error ? reject(error) : resolve());
  });
}

function unavailable(path: string, reason: string): AppError {
  return new AppError(
    "FLOW_MEMORY_UNAVAILABLE",
    `Writing memory to "${basename(path)}" failed: ${reason}`,
  );
}
