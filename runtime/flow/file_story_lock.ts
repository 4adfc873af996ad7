// Keeps a story on one process of this machine, by a lock file (`file_lock.ts`). Replicas on several
// machines lock in Redis (`redis_story_lock.ts`).
import { join } from "node:path";
import { AppError } from "../../schemas/error.ts";
import { type FileLock, type FileLockOptions, tryFileLock } from "./file_lock.ts";
import type { StoryLock } from "./flow_ports.ts";
import { joinedIds } from "./scope_file.ts";
import { storyBusy, type StoryFences } from "./story_fence.ts";

/** Where lock files lie, and how long the lock of a dead process stands (15 s unless told). */
export interface FileStoryLockOptions extends Pick<FileLockOptions, "beatMs" | "staleMs"> {
  /** The memory folder. */
  readonly folder: string;
  /** Shared with memory and documents. */
  readonly fences: StoryFences;
}

/** Makes the lock of stories for the processes of one machine that share a memory folder. */
export function openFileStoryLock({ folder, fences, ...timing }: FileStoryLockOptions): StoryLock {
  return {
    async hold(flow, storyId, work) {
      const lost = new AbortController();
      const path = join(folder, "locks", `${joinedIds([flow, storyId])}.lock`);
      const lock = await take(path, {
        ...timing,
        onLost: () => lost.abort(lostStory(storyId)),
      });
      if (lock === undefined) throw storyBusy(storyId);
      const assertHeld = async () => {
        lost.signal.throwIfAborted();
        if (await lock.isHeld()) return;
        lost.abort(lostStory(storyId));
        lost.signal.throwIfAborted();
      };
      try {
        fences.enter({ flow, storyId }, { assertHeld });
      } catch (thrown) {
        await lock.release();
        throw thrown;
      }
      try {
        const result = await work(lost.signal);
        await assertHeld();
        return result;
      } finally {
        fences.leave({ flow, storyId });
        await lock.release();
      }
    },
  };
}

async function take(path: string, options: FileLockOptions): Promise<FileLock | undefined> {
  try {
    return await tryFileLock(path, options);
  } catch (cause) {
    throw new AppError(
      "FLOW_MEMORY_UNAVAILABLE",
      "Locking a story failed: its lock file cannot be made in the memory folder",
      { cause },
    );
  }
}

function lostStory(storyId: string): AppError {
  return new AppError(
    "FLOW_STORY_BUSY",
    `Story "${storyId}" was lost to another process: this one showed no sign of life for too long`,
  );
}
