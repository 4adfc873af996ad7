import assert from "node:assert/strict";
import { openRedis, type RedisServer } from "../../../runtime/flow/redis_connection.ts";
import { openRedisMemory } from "../../../runtime/flow/redis_memory.ts";
import { openRedisStoryLock } from "../../../runtime/flow/redis_story_lock.ts";
import { StoryFences } from "../../../runtime/flow/story_fence.ts";
import { hasRedis, startRedis } from "../../redis_server.ts";
import { testStoryLock } from "./story_lock_suite.ts";

const KEY = "test_lock:default:s";

testStoryLock("openRedisStoryLock()", {
  ignore: !hasRedis,
  makePlace: async () => {
    const server = await startRedis();
    const servers = [1, 2].map(() => openRedis({ url: server.url, poolSize: 2 }));
    const [here, there] = servers as [RedisServer, RedisServer];
    const fences = new StoryFences();
    const shared = { keyPrefix: "test_", expiryMs: 6_000 };
    return {
      replicas: [
        openRedisStoryLock({ ...shared, redis: here, fences }),
        openRedisStoryLock({ ...shared, redis: there, fences: new StoryFences() }),
      ],
      memory: openRedisMemory({ redis: here, keyPrefix: "test_", ttlSeconds: 100, fences }),
      steal: async (flow, storyId) => {
        const key = `test_lock:${flow}:${storyId}`;
        const script = "return redis.call('set', KEYS[1], 'another replica', 'PX', 60000)";
        await there.run(key, (commands) => commands.script(script, [key], []));
      },
      remove: async () => {
        await here.close();
        await there.close();
        await server[Symbol.asyncDispose]();
      },
    };
  },
});

Deno.test({
  name: "openRedisStoryLock() renews the lock while the work goes on",
  ignore: !hasRedis,
  fn: async () => {
    await using server = await startRedis();
    const redis = openRedis({ url: server.url, poolSize: 1 });
    const lock = openRedisStoryLock({
      redis,
      keyPrefix: "test_",
      expiryMs: 6_000,
      fences: new StoryFences(),
    });
    const leftMs = async () =>
      Number(
        await redis.run(KEY, (commands) =>
          commands.script("return redis.call('pttl', KEYS[1])", [KEY], [])),
      );
    await lock.hold("default", "s", async () => {
      let least = Infinity;
      for (let left = await leftMs(); left <= least; left = await leftMs()) {
        least = left;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      assert.ok(least > 0);
    });
    assert.equal(await leftMs(), -2);
    await redis.close();
  },
});

Deno.test({
  name: "openRedisStoryLock() gives a dead replica's story to another when the lock has expired",
  ignore: !hasRedis,
  fn: async () => {
    await using server = await startRedis();
    const redis = openRedis({ url: server.url, poolSize: 1 });
    const lock = openRedisStoryLock({ redis, keyPrefix: "test_", fences: new StoryFences() });
    await redis.run(KEY, (commands) => commands.setIfAbsent(KEY, "dead", 3_600_000));
    const hold = () => lock.hold("default", "s", () => Promise.resolve("mine"));
    await assert.rejects(hold(), { code: "FLOW_STORY_BUSY" });
    await redis.run(
      KEY,
      (commands) => commands.script("return redis.call('pexpire', KEYS[1], 500)", [KEY], []),
    );
    let outcome: unknown;
    while (outcome === undefined) {
      outcome = await hold().catch((thrown) =>
        thrown.code === "FLOW_STORY_BUSY" ? undefined : thrown
      );
    }
    assert.equal(outcome, "mine");
    await redis.close();
  },
});

Deno.test({
  name: "openRedisStoryLock() counts the lock as lost when Redis stays away past its expiry",
  ignore: !hasRedis,
  // The client library leaves a timer of 2 s when it is closed between two tries to connect.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using server = await startRedis();
    const redis = openRedis({ url: server.url, poolSize: 1, connectWaitMs: 100 });
    const lock = openRedisStoryLock({
      redis,
      keyPrefix: "test_",
      expiryMs: 1_500,
      fences: new StoryFences(),
    });
    const held = lock.hold("default", "s", async (lost) => {
      await server.kill();
      if (!lost.aborted) await new Promise((resolve) => lost.addEventListener("abort", resolve));
    });
    await assert.rejects(held, { code: "FLOW_STORY_BUSY", message: /lost/ });
    await redis.close();
  },
});
