// The fence round a story: what runs inside `StoryLock.hold` may change memory and documents only as
// long as the lock is held. It travels with the asynchronous context, so no caller has to pass it on.
import { AsyncLocalStorage } from "node:async_hooks";
import type { AppError } from "../../schemas/error.ts";

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

const fences = new AsyncLocalStorage<StoryFence>();

/** Runs `work` and all it starts inside the fence. */
export function insideFence<T>(fence: StoryFence, work: () => Promise<T>): Promise<T> {
  return fences.run(fence, work);
}

/** The fence of the story that this call is part of. */
export function currentFence(): StoryFence | undefined {
  return fences.getStore();
}

/**
 * Refuses a write of a story whose lock is gone; outside a story it lets all pass.
 * @throws AppError `FLOW_STORY_BUSY`
 */
export async function assertStoryHeld(): Promise<void> {
  await currentFence()?.assertHeld();
}
