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
  /** By story, then by flow: several flows may run on a story at a time. */
  readonly #held = new Map<string, Map<string, StoryFence>>();

  /**
   * Puts a fence round a story.
   * @throws AppError `FLOW_STORY_BUSY` if work that lost its lock has not ended yet
   */
  enter({ flow, storyId }: FencedStory, fence: StoryFence): void {
    const flows = this.#held.get(storyId) ?? new Map<string, StoryFence>();
    if (flows.has(flow)) throw storyBusy(storyId);
    flows.set(flow, fence);
    this.#held.set(storyId, flows);
  }

  /** Takes the fence away. */
  leave({ flow, storyId }: FencedStory): void {
    const flows = this.#held.get(storyId);
    flows?.delete(flow);
    if (flows?.size === 0) this.#held.delete(storyId);
  }

  /** The fence that a write into a memory scope has to respect. */
  ofScope(text: string): StoryFence | undefined {
    const scope = parseScope(text);
    if (scope.kind === "shared") return undefined;
    if (scope.kind === "story") return this.#held.get(scope.storyId)?.get(scope.flow);
    return this.#ofStory(scope.storyId);
  }

  /**
   * The fence that a write of a document has to respect. Of the stories `a` and `a__b` the document
   * `a__b__c` belongs to the longer one: while that is run, no agent's documents have `__` in their names
   * (`run_flow.ts`).
   */
  ofDocument(id: string): StoryFence | undefined {
    for (let end = id.lastIndexOf("__"); end > 0; end = id.lastIndexOf("__", end - 1)) {
      const storyId = id.slice(0, end);
      if (this.#held.has(storyId)) return this.#ofStory(storyId);
    }
    return undefined;
  }

  /** What a write says does not tell which flow it comes from: all that run on the story are asked. */
  #ofStory(storyId: string): StoryFence | undefined {
    const [first, ...more] = this.#held.get(storyId)?.values() ?? [];
    if (first === undefined || more.length === 0) return first;
    const assertHeld = async () => {
      for (const fence of [first, ...more]) await fence.assertHeld();
    };
    return { ...first, assertHeld };
  }
}

/** The error for a story that is held already. */
export function storyBusy(storyId: string): AppError {
  return new AppError(
    "FLOW_STORY_BUSY",
    `Story "${storyId}" is being run already; ask again when it is done`,
  );
}
