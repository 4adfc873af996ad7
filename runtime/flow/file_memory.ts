// Memory in files: one JSON Lines file a scope (`scope_log.ts`). For agents and processes of one
// machine; replicas on several machines share a Redis (`redis_memory.ts`).
import { AppError, messageOf } from "../../schemas/error.ts";
import { isFileError, makeFolder } from "./synced_file.ts";
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

/** Scopes that stay open; each holds a file. */
const MAX_OPEN_SCOPES = 128;
/** About what open scopes may hold in memory together. */
const MAX_OPEN_BYTES = 64 * 1024 * 1024;

/**
 * Opens memory in a folder. Every change is synced when its promise resolves, and every read sees what
 * any process of the machine has changed before.
 */
export function openFileMemory(options: FileMemoryOptions): Memory {
  const logs = new Map<string, ScopeLog>();

  const logOf = (scope: string): ScopeLog => {
    const path = scopeFile(options.folder, scope);
    const log = logs.get(path) ?? new ScopeLog({ path, onNotice: options.onNotice ?? (() => {}) });
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
      await closeOldest(logs);
    }
  };

  return {
    async get(scope, key) {
      return await run(scope, [], (entries) => entryOf(entries, key));
    },
    async set(scope, key, value) {
      await options.fences?.ofScope(scope)?.assertHeld();
      await run(scope, [{ key, value: value ?? null }], () => undefined);
    },
    async delete(scope, key) {
      if (!await run(scope, [], (entries) => entries.has(key))) return false;
      await options.fences?.ofScope(scope)?.assertHeld();
      await run(scope, [{ key, deleted: true }], () => undefined);
      return true;
    },
    async list(scope) {
      return await run(scope, [], (entries) => {
        const found = [...entries.keys()].sort().map((key) => entryOf(entries, key));
        return found.filter((entry) => entry !== undefined);
      });
    },
    async ping() {
      try {
        await makeFolder(options.folder);
      } catch (thrown) {
        throw asUnavailable(thrown, "");
      }
    },
    async close() {
      await Promise.all([...logs.values()].map((log) => log.close()));
      logs.clear();
    },
  };
}

/** A copy: what a caller does to it must not reach the next one. */
function entryOf(entries: ScopeEntries, key: string) {
  const entry = entries.get(key);
  return entry === undefined ? undefined : { key, value: structuredClone(entry.value) };
}

async function closeOldest(logs: Map<string, ScopeLog>): Promise<void> {
  let bytes = 0;
  for (const log of logs.values()) bytes += log.liveBytes;
  const closing: Promise<void>[] = [];
  for (const [path, log] of logs) {
    if (logs.size <= MAX_OPEN_SCOPES && (bytes <= MAX_OPEN_BYTES || logs.size === 1)) break;
    if (!log.idle) continue;
    bytes -= log.liveBytes;
    logs.delete(path);
    closing.push(log.close());
  }
  await Promise.all(closing);
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
