// Memory in files: one JSON Lines file a scope (`scope_log.ts`). For agents and processes of one
// machine; replicas on several machines share a Redis (`redis_memory.ts`).
import { existsSync } from "node:fs";
import { AppError, messageOf } from "../../schemas/error.ts";
import { isFileError, makeFolder, syncFolder } from "./synced_file.ts";
import { sharedSync } from "./shared_sync.ts";
import { scopeFile } from "./scope_file.ts";
import { type ScopeEntries, ScopeLog } from "./scope_log.ts";
import type { StoryFences } from "./story_fence.ts";
import type { MemoryChange } from "./memory_lines.ts";
import type { Memory } from "./memory.ts";

/** Where memory lies, and who is told of damage in it. */
export interface FileMemoryOptions {
  /** Made when the first value is kept. */
  readonly folder: string;
  /** Those of the lock, so that a story that lost it cannot write. */
  readonly fences?: StoryFences;
  /** Gets one sentence for the log when a damaged line is found. */
  readonly onNotice?: (message: string) => void;
}

/** A power cut may cost what was written so shortly before; the end of a process costs nothing. */
const SYNC_AFTER_MS = 1_000;
/** Scopes that wait to be synced and closed before callers wait for them. */
const MAX_CLOSING = 128;
/** Scopes that stay open; each holds a file. */
const MAX_OPEN_SCOPES = 128;
/** About what open scopes may hold in memory together. */
const MAX_OPEN_BYTES = 64 * 1024 * 1024;

/**
 * Opens memory in a folder. A change survives the end of this process once its promise resolves, and a
 * power cut a second later; every read sees what any process of the machine has changed before.
 */
export function openFileMemory(options: FileMemoryOptions): Memory {
  const logs = new Map<string, ScopeLog>();
  const syncer = new ScopeSyncer();
  const shared = { onNotice: options.onNotice ?? (() => {}), syncFolder: sharedSync(syncFolder) };

  /** Scopes that nobody has written are read often, and hold nothing that is worth a place. */
  const isNothing = (scope: string) => {
    const path = scopeFile(options.folder, scope);
    return !logs.has(path) && !existsSync(path);
  };

  const logOf = (scope: string): ScopeLog => {
    const path = scopeFile(options.folder, scope);
    const log = logs.get(path) ?? new ScopeLog({ path, ...shared });
    logs.delete(path);
    logs.set(path, log);
    return log;
  };

  const run = async <T>(
    scope: string,
    changes: readonly MemoryChange[],
    answer: (entries: ScopeEntries) => T,
  ): Promise<T> => {
    const log = logOf(scope);
    try {
      return await log.run(changes, answer);
    } catch (thrown) {
      throw asUnavailable(thrown, scope);
    } finally {
      syncer.retire(oldest(logs));
      await syncer.caughtUp();
    }
  };

  const change = async (scope: string, changes: readonly MemoryChange[]) => {
    await options.fences?.ofScope(scope)?.assertHeld();
    syncer.assertGood();
    await run(scope, changes, () => undefined);
    syncer.note(logOf(scope));
  };

  return {
    async get(scope, key) {
      if (isNothing(scope)) return undefined;
      return await run(scope, [], (entries) => entryOf(entries, key));
    },
    async set(scope, key, value) {
      await change(scope, [{ key, value: value ?? null }]);
    },
    async delete(scope, key) {
      if (isNothing(scope) || !await run(scope, [], (entries) => entries.has(key))) return false;
      await change(scope, [{ key, deleted: true }]);
      return true;
    },
    async list(scope) {
      if (isNothing(scope)) return [];
      return await run(scope, [], (entries) => {
        const found = [...entries.keys()].sort().map((key) => entryOf(entries, key));
        return found.filter((entry) => entry !== undefined);
      });
    },
    async ping() {
      try {
        if (!existsSync(options.folder)) await makeFolder(options.folder);
      } catch (thrown) {
        throw asUnavailable(thrown, "");
      }
    },
    async close() {
      syncer.retire([...logs.values()]);
      logs.clear();
      await syncer.close();
    },
  };
}

/** A copy: what a caller does to it must not reach the next one. */
function entryOf(entries: ScopeEntries, key: string) {
  const entry = entries.get(key);
  return entry === undefined ? undefined : { key, value: structuredClone(entry.value) };
}

/** Takes the scopes that were not used for longest out of the map, where there are too many. */
function oldest(logs: Map<string, ScopeLog>): readonly ScopeLog[] {
  let bytes = 0;
  for (const log of logs.values()) bytes += log.liveBytes;
  const closing: ScopeLog[] = [];
  for (const [path, log] of logs) {
    if (logs.size <= MAX_OPEN_SCOPES && (bytes <= MAX_OPEN_BYTES || logs.size === 1)) break;
    if (!log.idle) continue;
    bytes -= log.liveBytes;
    logs.delete(path);
    closing.push(log);
  }
  return closing;
}

/** Syncs changed scopes a little later, all together, and closes those that are not needed any more. */
class ScopeSyncer {
  readonly #changed = new Set<ScopeLog>();
  readonly #closing = new Set<Promise<void>>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #syncing: Promise<void> = Promise.resolve();
  #failure: unknown;

  /** Refuses changes after a sync has failed: what was acknowledged may not be on disk. */
  assertGood(): void {
    if (this.#failure !== undefined) throw asUnavailable(this.#failure, "");
  }

  note(log: ScopeLog): void {
    this.#changed.add(log);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#syncing = this.#syncAll();
    }, SYNC_AFTER_MS);
  }

  /** Closes scopes in the background. */
  retire(logs: readonly ScopeLog[]): void {
    for (const log of logs) {
      const isChanged = this.#changed.delete(log);
      const closing = this.#guard(async () => {
        if (isChanged) await log.sync();
        await log.close();
      }).finally(() => this.#closing.delete(closing));
      this.#closing.add(closing);
    }
  }

  /** Waits where closing falls behind, so that open files stay few. */
  async caughtUp(): Promise<void> {
    if (this.#closing.size > MAX_CLOSING) await Promise.race(this.#closing);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#syncing;
    await Promise.all(this.#closing);
  }

  async #syncAll(): Promise<void> {
    const logs = [...this.#changed];
    this.#changed.clear();
    await this.#guard(async () => {
      await Promise.all(logs.map((log) => log.sync()));
    });
  }

  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.#failure = thrown;
    }
  }
}

function asUnavailable(thrown: unknown, scope: string): unknown {
  if (thrown instanceof AppError) return thrown;
  const subject = scope === "" ? "Opening the memory folder" : `Using memory scope "${scope}"`;
  const reason = isFileError(thrown, "ENOSPC") ? "the disk is full" : plain(messageOf(thrown));
  return new AppError("FLOW_MEMORY_UNAVAILABLE", `${subject} failed: ${reason}`, {
    cause: thrown,
  });
}

/** Without the path of this machine, which is no caller's business. */
function plain(message: string): string {
  return message.replace(/[,:]? ?['"]?(\/|[A-Za-z]:\\)[^'"]*['"]?.*$/, "");
}
