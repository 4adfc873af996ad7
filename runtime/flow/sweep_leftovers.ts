// Removes what killed processes left behind in folders of documents and memory: drafts that never took
// their place, and locks of nobody. Never a document, a memory file or what others keep there.
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { isFileError } from "./synced_file.ts";

/** No living process needs so long from a draft to its file, also not one on another machine. */
const ABANDONED_MS = 3_600_000;

const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

/** Drafts (`file_draft.ts`, `synced_file.ts`), their locks, and drafts of locks (`file_lock.ts`). */
const LEFTOVER = new RegExp(
  `^\\.crewagent-${UUID}\\.tmp$|^\\.[^.].*\\.md\\.lock(?:\\.dead)?$|\\.lock(?:\\..+)?\\.${UUID}\\.tmp$`,
);

/**
 * Sweeps these folders; a missing one holds nothing. What is younger than an hour stays: somebody may be
 * at work with it. @throws an error of the file system
 */
export async function sweepLeftovers(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const names = await orElse(readdir(folder), []);
    for (const name of names.filter((name) => LEFTOVER.test(name))) {
      const path = join(folder, name);
      const found = await orElse(stat(path), undefined);
      if (found === undefined || Date.now() - found.mtimeMs < ABANDONED_MS) continue;
      await rm(path, { force: true });
    }
  }
}

async function orElse<T, U>(look: Promise<T>, absent: U): Promise<T | U> {
  try {
    return await look;
  } catch (thrown) {
    if (isFileError(thrown, "ENOENT")) return absent;
    throw thrown;
  }
}
