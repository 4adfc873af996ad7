// Keeps a story on one replica, by a Redis key that expires unless its holder renews it. Writes of the
// story check the key (`story_fence.ts`), so a replica that slept too long cannot write.
import { AppError } from "../../schemas/error.ts";
import type { StoryLock } from "./flow_ports.ts";
import type { RedisServer } from "./redis_connection.ts";
import { storyBusy, type StoryFence, type StoryFences } from "./story_fence.ts";

/** How stories are locked in a Redis. */
export interface RedisStoryLockOptions {
  readonly redis: RedisServer;
  /** Begins every key. */
  readonly keyPrefix: string;
  /** Shared with memory and documents. */
  readonly fences: StoryFences;
  /** How long the lock of a dead replica stands; 15 s unless told. Renewed at a third of it. */
  readonly expiryMs?: number;
}

const EXPIRY_MS = 15_000;

const RENEW = `
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('pexpire', KEYS[1], ARGV[2])`;

const RELEASE = `
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('del', KEYS[1])`;

/** Makes the lock of stories for replicas that share a Redis; key `{prefix}lock:{flow}:{story}`. */
export function openRedisStoryLock(options: RedisStoryLockOptions): StoryLock {
  return {
    async hold(flow, storyId, work) {
      const key = `${options.keyPrefix}lock:${flow}:${storyId}`;
      const lease = new Lease({ ...options, key, story: storyId });
      await lease.take();
      try {
        options.fences.enter({ flow, storyId }, lease.fence);
      } catch (thrown) {
        await lease.letGo();
        throw thrown;
      }
      try {
        const result = await work(lease.lost);
        await lease.assertHeld();
        return result;
      } finally {
        options.fences.leave({ flow, storyId });
        await lease.letGo();
      }
    },
  };
}

/** One lock while it is held. */
class Lease {
  readonly #token = crypto.randomUUID();
  readonly #options: RedisStoryLockOptions & { readonly key: string; readonly story: string };
  readonly #expiryMs: number;
  readonly #lost = new AbortController();
  #until = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #renewing: Promise<void> | undefined;
  #ended = false;

  constructor(options: RedisStoryLockOptions & { readonly key: string; readonly story: string }) {
    this.#options = options;
    this.#expiryMs = options.expiryMs ?? EXPIRY_MS;
  }

  /** What writers of the story check. */
  get fence(): StoryFence {
    const redisLock = { key: this.#options.key, token: this.#token, lost: () => this.lose() };
    return { assertHeld: () => this.assertHeld(), redisLock };
  }

  /** Aborts when the lock is gone. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async take(): Promise<void> {
    const { redis, key, story } = this.#options;
    const askedAt = performance.now();
    const taken = await redis.run(
      key,
      (commands) => commands.setIfAbsent(key, this.#token, this.#expiryMs),
    );
    if (!taken) throw storyBusy(story);
    this.#until = askedAt + this.#expiryMs;
    this.#planRenewal();
  }

  assertHeld(): Promise<void> {
    if (performance.now() >= this.#until) this.lose();
    if (!this.lost.aborted) return Promise.resolve();
    return Promise.reject(this.lost.reason);
  }

  async letGo(): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#timer);
    await this.#renewing;
    const { redis, key } = this.#options;
    if (this.lost.aborted) return;
    try {
      await redis.run(key, (commands) => commands.script(RELEASE, [key], [this.#token]));
    } catch {
      // Without a connection it expires by itself; what the story answered is not less true.
    }
  }

  #planRenewal(): void {
    if (this.#ended || this.lost.aborted) return;
    const renew = () => {
      this.#renewing = this.#renew().finally(() => this.#planRenewal());
    };
    this.#timer = setTimeout(renew, this.#expiryMs / 3);
  }

  async #renew(): Promise<void> {
    const { redis, key } = this.#options;
    const askedAt = performance.now();
    try {
      const args = [this.#token, String(this.#expiryMs)];
      const renewed = await redis.run(key, (commands) => commands.script(RENEW, [key], args));
      if (renewed === 1) this.#until = askedAt + this.#expiryMs;
      else this.lose();
    } catch {
      // The connection may come back in time; else the lock counts as lost when it has expired.
      if (performance.now() >= this.#until) this.lose();
    }
  }

  /** Counts the lock as gone from now on; the error says so. */
  lose(): AppError {
    const story = this.#options.story;
    const error = new AppError(
      "FLOW_STORY_BUSY",
      `Story "${story}" was lost to another replica: its lock expired before it was renewed`,
    );
    this.#until = 0;
    if (!this.lost.aborted) this.#lost.abort(error);
    return error;
  }
}
