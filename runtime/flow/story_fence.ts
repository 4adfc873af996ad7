// The fence round a story: while a replica holds its lock, what it writes for that story is checked
// against the lock. Found by the story that a write names, not by an asynchronous context: Deno 2.7 lets
// those leak into other requests.
import { AppError } from "../../schemas/error.ts";
import { parseScope } from "./memory.ts";

/** A story's lock as writers see it. */
export interface StoryFence {
  /** @throws AppError `FLOW_STORY_BUSY` when the lock was lost */
  assertHeld(): Promise<void>;
  /** Where the lock is a Redis key: a write checks it in the same step. */
  readonly redisLock?: RedisLockKey;
}

/** The key that a write has to find unchanged. */
export interface RedisLockKey {
  readonly key: string;
  readonly token: string;
  /** Tells the lock that a write found it gone; gives the error to throw. */
  readonly lost: () => AppError;
}

/** A story of a flow. */
export interface FencedStory {
  readonly flow: string;
  readonly storyId: string;
}

/** The stories that one replica holds. Its lock, its memory and its documents share one. */
export class StoryFences {
  readonly #held = new Map<string, FencedStory & { readonly fence: StoryFence }>();

  /**
   * Puts a fence round a story.
   * @throws AppError `FLOW_STORY_BUSY` if work that lost its lock has not ended yet
   */
  enter({ flow, storyId }: FencedStory, fence: StoryFence): void {
    const name = `${flow}:${storyId}`;
    if (this.#held.has(name)) throw storyBusy(storyId);
    this.#held.set(name, { flow, storyId, fence });
  }

  /** Takes the fence away. */
  leave({ flow, storyId }: FencedStory): void {
    this.#held.delete(`${flow}:${storyId}`);
  }

  /** The fence that a write into a memory scope has to respect. */
  ofScope(text: string): StoryFence | undefined {
    const scope = parseScope(text);
    if (scope.kind === "shared") return undefined;
    if (scope.kind === "story") return this.#held.get(`${scope.flow}:${scope.storyId}`)?.fence;
    return [...this.#held.values()].find(({ storyId }) => storyId === scope.storyId)?.fence;
  }

  /** The fence that a write of a document has to respect. */
  ofDocument(id: string): StoryFence | undefined {
    return [...this.#held.values()].find(({ storyId }) => id.startsWith(`${storyId}__`))?.fence;
  }
}

/** The error for a story that is held already. */
export function storyBusy(storyId: string): AppError {
  return new AppError(
    "FLOW_STORY_BUSY",
    `Story "${storyId}" is being run already; ask again when it is done`,
  );
}
