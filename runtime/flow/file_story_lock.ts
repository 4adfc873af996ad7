// Keeps a story on one process of this machine, by a lock file (`process_mark.ts`). Replicas on several
// machines lock in Redis (`redis_story_lock.ts`).
import { join } from "node:path";
import { AppError } from "../../schemas/error.ts";
import type { StoryLock } from "./flow_ports.ts";
import { type MarkedLock, ProcessMark, type ProcessMarkOptions } from "./process_mark.ts";
import { joinedIds } from "./scope_file.ts";
import { storyBusy, type StoryFences } from "./story_fence.ts";

/** Where lock files lie, and how long the lock of a dead process stands (15 s unless told). */
export interface FileStoryLockOptions extends Pick<ProcessMarkOptions, "beatMs" | "staleMs"> {
  /** The memory folder. */
  readonly folder: string;
  /** Shared with memory and documents. */
  readonly fences: StoryFences;
}

/** A lock with a file of its own. */
export interface FileStoryLock extends StoryLock {
  /** Removes the file that shows that this process lives; after the last story. */
  close(): void;
}

/** Makes the lock of stories for the processes of one machine that share a memory folder. */
export function openFileStoryLock(options: FileStoryLockOptions): FileStoryLock {
  const { folder, fences, ...timing } = options;
  const mark = new ProcessMark({ ...timing, folder: join(folder, "locks") });
  return {
    close: () => mark.close(),
    async hold(flow, storyId, work) {
      const lost = new AbortController();
      const name = `${joinedIds([flow, storyId])}.lock`;
      const lock = await take(mark, name, () => lost.abort(lostStory(storyId)));
      if (lock === undefined) throw storyBusy(storyId);
      const assertHeld = () => {
        if (!lost.signal.aborted && !lock.isHeld()) lost.abort(lostStory(storyId));
        return lost.signal.aborted ? Promise.reject(lost.signal.reason) : Promise.resolve();
      };
      try {
        fences.enter({ flow, storyId }, { assertHeld });
      } catch (thrown) {
        lock.release();
        throw thrown;
      }
      try {
        const result = await work(lost.signal);
        await assertHeld();
        return result;
      } finally {
        fences.leave({ flow, storyId });
        lock.release();
      }
    },
  };
}

async function take(
  mark: ProcessMark,
  name: string,
  onLost: () => void,
): Promise<MarkedLock | undefined> {
  try {
    return await mark.tryLock(name, onLost);
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
