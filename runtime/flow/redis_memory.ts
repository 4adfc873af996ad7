// Memory in Redis: a hash per scope, for replicas on many machines. Connections are
// `redis_connection.ts`.
import { AppError } from "../../schemas/error.ts";
import { type Memory, parseScope } from "./memory.ts";
import type { RedisServer } from "./redis_connection.ts";
import type { StoryFences } from "./story_fence.ts";

/** How memory lies in a Redis. */
export interface RedisMemoryOptions {
  readonly redis: RedisServer;
  /** Begins every key. */
  readonly keyPrefix: string;
  /** How long a scope is kept after its last change; 0 for ever. */
  readonly ttlSeconds: number;
  /** Those of the lock, so that a story that lost it cannot write. */
  readonly fences?: StoryFences;
}

// The lock, where there is one, is checked in the same step as the write: a replica that was taken for
// dead and wakes up cannot get in between.
const IF_HELD = `
if KEYS[2] and redis.call('get', KEYS[2]) ~= ARGV[1] then return -1 end`;

const SET = `${IF_HELD}
redis.call('hset', KEYS[1], ARGV[2], ARGV[3])
if tonumber(ARGV[4]) > 0 then redis.call('expire', KEYS[1], ARGV[4]) end
return 1`;

const DELETE = `${IF_HELD}
return redis.call('hdel', KEYS[1], ARGV[2])`;

/** Opens memory in a Redis, key `{prefix}memory:{scope}`. Closing it leaves the connections alone. */
export function openRedisMemory(options: RedisMemoryOptions): Memory {
  const { redis, keyPrefix, ttlSeconds, fences } = options;
  const keyOf = (scope: string) => {
    parseScope(scope);
    return `${keyPrefix}memory:${scope}`;
  };

  const change = async (scope: string, script: string, args: readonly string[]) => {
    const key = keyOf(scope);
    const fence = fences?.ofScope(scope);
    await fence?.assertHeld();
    const lock = fence?.redisLock;
    const keys = lock === undefined ? [key] : [key, lock.key];
    const all = [lock?.token ?? "", ...args];
    const changed = await redis.run(key, (commands) => commands.script(script, keys, all));
    if (changed === -1 && lock !== undefined) throw lock.lost();
    return changed;
  };

  return {
    async get(scope, key) {
      const hash = keyOf(scope);
      const text = await redis.run(hash, (commands) => commands.hget(hash, key));
      return text === null ? undefined : { key, value: parseValue(text, scope) };
    },
    async set(scope, key, value) {
      await change(scope, SET, [key, JSON.stringify(value ?? null), String(ttlSeconds)]);
    },
    async delete(scope, key) {
      return await change(scope, DELETE, [key]) === 1;
    },
    async list(scope) {
      const hash = keyOf(scope);
      const flat = await redis.run(hash, (commands) => commands.hgetall(hash));
      const entries = [];
      for (let index = 0; index + 1 < flat.length; index += 2) {
        entries.push({ key: flat[index] ?? "", value: parseValue(flat[index + 1] ?? "", scope) });
      }
      return entries.sort((a, b) => a.key < b.key ? -1 : 1);
    },
    ping: () => redis.run("", (commands) => commands.ping()),
    close: () => Promise.resolve(),
  };
}

function parseValue(text: string, scope: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError(
      "FLOW_MEMORY_UNAVAILABLE",
      `Reading memory scope "${scope}" from Redis failed: a value is not JSON; somebody else wrote it`,
      { cause },
    );
  }
}
