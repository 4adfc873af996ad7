import assert from "node:assert/strict";
import { AppError } from "../../../schemas/error.ts";
import type { Memory } from "../../../runtime/flow/memory.ts";
import { openRedis, type RedisServer } from "../../../runtime/flow/redis_connection.ts";
import { openRedisMemory } from "../../../runtime/flow/redis_memory.ts";
import { hasRedis, startRedis } from "../../redis_server.ts";
import { testMemory } from "./memory_suite.ts";
import { PATIENCE_MS } from "../../patience.ts";

function connect(url: string, connectWaitMs?: number): RedisServer {
  const wait = connectWaitMs === undefined ? {} : { connectWaitMs };
  return openRedis({ url, poolSize: 3, ...wait });
}

/** Memory that closes its connections with itself. */
function ownMemory(redis: RedisServer, ttlSeconds = 86_400): Memory {
  const memory = openRedisMemory({ redis, keyPrefix: "test_", ttlSeconds });
  return { ...memory, close: () => redis.close() };
}

// The client library leaves a timer of 2 s when it is closed between two tries to connect.
const redisTest = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name, ignore: !hasRedis, sanitizeResources: false, sanitizeOps: false, fn });

testMemory("openRedisMemory()", {
  ignore: !hasRedis,
  makePlace: async () => {
    const server = await startRedis();
    return {
      open: () => ownMemory(connect(server.url)),
      remove: () => server[Symbol.asyncDispose](),
    };
  },
});

redisTest(
  "openRedisMemory() keeps a hash per scope and renews its expiry at every change",
  async () => {
    await using server = await startRedis();
    const redis = connect(server.url);
    const memory = ownMemory(redis, 1_000);
    const key = "test_memory:shared:team";
    const ask = (script: string) =>
      redis.run(key, (commands) => commands.script(script, [key], []));
    await memory.set("shared:team", "a", { b: 1 });
    assert.equal(await ask("return redis.call('hget', KEYS[1], 'a')"), '{"b":1}');
    await ask("return redis.call('expire', KEYS[1], 5)");
    await memory.set("shared:team", "c", 1);
    assert.ok(Number(await ask("return redis.call('ttl', KEYS[1])")) > 900);
    await memory.close();
  },
);

redisTest("openRedisMemory() forgets a scope when its time is over, and only then", async () => {
  await using server = await startRedis();
  const memory = ownMemory(connect(server.url), 1);
  const lasting = ownMemory(connect(server.url), 0);
  await lasting.set("shared:lasting", "a", 1);
  await memory.set("shared:team", "a", 1);
  const deadline = Date.now() + PATIENCE_MS;
  while (await memory.get("shared:team", "a") !== undefined && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.deepEqual(await memory.list("shared:team"), []);
  assert.equal((await lasting.get("shared:lasting", "a"))?.value, 1);
  await memory.close();
  await lasting.close();
});

redisTest(
  "openRedisMemory() loses nothing that it acknowledged when Redis is killed in the middle",
  async () => {
    await using server = await startRedis();
    const memory = ownMemory(connect(server.url, 200));
    const acknowledged: string[] = [];
    const failures: unknown[] = [];
    let running = true;
    const writers = Array.from({ length: 20 }, async (_, writer) => {
      for (let turn = 0; running; turn++) {
        const key = `w${writer}-${turn}`;
        try {
          await memory.set(`isolated:a:s${writer}`, key, key);
          acknowledged.push(key);
        } catch (thrown) {
          failures.push(thrown);
        }
      }
    });
    const until = async (reached: () => boolean) => {
      while (!reached()) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    await until(() => acknowledged.length > 500);
    await server.kill();
    await until(() => failures.length >= 20);
    const before = acknowledged.length;
    await server.start();
    await until(() => acknowledged.length > before + 500);
    running = false;
    await Promise.all(writers);
    assert.ok(
      failures.every((thrown) =>
        thrown instanceof AppError && thrown.code === "FLOW_MEMORY_UNAVAILABLE" &&
        thrown.message.startsWith(`Redis at "127.0.0.1:`)
      ),
    );
    const scopes = Array.from({ length: 20 }, (_, writer) => memory.list(`isolated:a:s${writer}`));
    const found = new Set((await Promise.all(scopes)).flat().map(({ key }) => key));
    assert.deepEqual(acknowledged.filter((key) => !found.has(key)), []);
    await memory.close();
  },
);

redisTest(
  "openRedisMemory() says so when Redis refuses the password, and does not repeat it",
  async () => {
    await using server = await startRedis("--requirepass", "right-one");
    const url = new URL(server.url);
    url.password = "secret-but-wrong";
    const memory = ownMemory(connect(url.href, 500));
    await assert.rejects(memory.ping(), (thrown) => {
      assert.ok(thrown instanceof AppError);
      assert.equal(thrown.code, "FLOW_MEMORY_UNAVAILABLE");
      assert.doesNotMatch(`${thrown.message} ${JSON.stringify(thrown.details)}`, /secret/);
      return true;
    });
    await memory.close();
  },
);

redisTest("openRedisMemory() says so when a key of ours holds something else", async () => {
  await using server = await startRedis();
  const redis = connect(server.url);
  const memory = ownMemory(redis);
  const plant = (script: string, key: string) =>
    redis.run(key, (commands) => commands.script(script, [key], []));
  await plant("return redis.call('set', KEYS[1], 'text')", "test_memory:shared:text");
  await plant("return redis.call('hset', KEYS[1], 'k', 'no json')", "test_memory:shared:hash");
  const unavailable = { code: "FLOW_MEMORY_UNAVAILABLE" };
  await assert.rejects(memory.get("shared:text", "k"), unavailable);
  await assert.rejects(memory.set("shared:text", "k", 1), unavailable);
  await assert.rejects(memory.list("shared:hash"), unavailable);
  await memory.close();
});

Deno.test("openRedis() refuses an address that is none, without repeating it", () => {
  for (const url of ["", "127.0.0.1:6379", "http://user:secret@host", "redis//x"]) {
    assert.throws(() => openRedis({ url, poolSize: 1 }), (thrown) => {
      assert.ok(thrown instanceof AppError);
      assert.equal(thrown.code, "FLOW_INVALID");
      assert.doesNotMatch(thrown.message, /secret/);
      return true;
    });
  }
});
