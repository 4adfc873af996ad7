// What every memory backend has to do; `file_memory_test.ts` and `redis_memory_test.ts` run it.
import assert from "node:assert/strict";
import type { Memory } from "../../../runtime/flow/memory.ts";

/** Opens memory in one place, again and again; `remove` ends that place. */
export interface MemoryPlace {
  /** Another replica: its own connections and caches. */
  readonly open: () => Memory;
  readonly remove: () => Promise<void>;
}

/** Registers the suite for one backend. */
export function testMemory(
  backend: string,
  { makePlace, ignore }: { makePlace: () => Promise<MemoryPlace>; ignore: boolean },
): void {
  const test = (title: string, work: (memory: Memory, other: Memory) => Promise<void>) =>
    Deno.test({
      name: `${backend}: ${title}`,
      ignore,
      fn: async () => {
        const place = await makePlace();
        const [memory, other] = [place.open(), place.open()];
        try {
          await work(memory, other);
        } finally {
          await memory.close();
          await other.close();
          await place.remove();
        }
      },
    });

  test("get() tells null from nothing", async (memory) => {
    await memory.set("shared:default", "nothing", null);
    assert.deepEqual(await memory.get("shared:default", "nothing"), {
      key: "nothing",
      value: null,
    });
    assert.equal(await memory.get("shared:default", "absent"), undefined);
    assert.equal(await memory.get("shared:elsewhere", "nothing"), undefined);
  });

  test("get() gives back every kind of JSON as it was", async (memory) => {
    const values: unknown[] = [
      true,
      0,
      -1.5,
      "",
      "line\nbreak\u2028 \u0000 \ud800 äöü 你好 🙂",
      [],
      {},
      [null, [1, { a: [] }]],
      JSON.parse('{"__proto__":{"polluted":true},"constructor":1}'),
      "x".repeat(300_000),
    ];
    for (const [index, value] of values.entries()) {
      await memory.set("isolated:a:s", `k${index}`, value);
    }
    for (const [index, value] of values.entries()) {
      const entry = await memory.get("isolated:a:s", `k${index}`);
      assert.equal(JSON.stringify(entry?.value), JSON.stringify(value));
    }
  });

  test("set() is seen at once by another replica, and the last one wins", async (memory, other) => {
    await memory.set("shared:team", "plan", 1);
    assert.equal((await other.get("shared:team", "plan"))?.value, 1);
    await other.set("shared:team", "plan", 2);
    assert.equal((await memory.get("shared:team", "plan"))?.value, 2);
    await memory.set("shared:team", "plan", 3);
    assert.equal((await other.get("shared:team", "plan"))?.value, 3);
  });

  test("delete() says whether there was one, and stays deleted", async (memory, other) => {
    await memory.set("shared:team", "a", 1);
    assert.equal(await other.delete("shared:team", "a"), true);
    assert.equal(await memory.delete("shared:team", "a"), false);
    assert.equal(await memory.get("shared:team", "a"), undefined);
    await memory.set("shared:team", "a", null);
    assert.deepEqual(await other.list("shared:team"), [{ key: "a", value: null }]);
  });

  test("list() sorts by key and knows its scope alone", async (memory) => {
    for (const key of ["b", "a", "agent:writer", "A"]) {
      await memory.set("story:default:s-1", key, key);
    }
    await memory.set("story:default:s-10", "c", 1);
    const keys = (await memory.list("story:default:s-1")).map(({ key }) => key);
    assert.deepEqual(keys, ["A", "a", "agent:writer", "b"]);
    assert.deepEqual(await memory.list("story:default:none"), []);
  });

  test("scopes whose ids look alike when joined never meet", async (memory) => {
    const scopes = [
      "isolated:a__b:c",
      "isolated:a:b__c",
      "isolated:a_:b",
      "isolated:a:x_b",
      "isolated:a_x:b",
      "story:a_b:c",
      "story:a:b_c",
      "shared:a_b_c",
      "shared:a.b",
      "shared:con",
      `isolated:${"a".padEnd(100, "_")}:${"b".padEnd(100, "_")}`,
      `isolated:${"a".padEnd(100, "_")}:${"b".padEnd(99, "_")}`,
    ];
    for (const scope of scopes) await memory.set(scope, "whose", scope);
    for (const scope of scopes) {
      assert.deepEqual(await memory.list(scope), [{ key: "whose", value: scope }]);
    }
  });

  test("a scope that is none is refused before anything is touched", async (memory) => {
    const hostile = [
      "",
      "shared:",
      "shared:../x",
      "isolated:a",
      "isolated:a:b:c",
      "story:..:x",
      "isolated:a/b:c",
      "isolated:a\0b:c",
      "else:a",
      `shared:${"x".repeat(101)}`,
    ];
    for (const scope of hostile) {
      await assert.rejects(memory.set(scope, "k", 1), { code: "REQUEST_INVALID" }, scope);
      await assert.rejects(memory.get(scope, "k"), { code: "REQUEST_INVALID" }, scope);
    }
  });

  test("what a caller does to a value reaches nobody else", async (memory) => {
    await memory.set("shared:team", "list", [1]);
    const entry = await memory.get("shared:team", "list");
    (entry?.value as number[]).push(2);
    assert.deepEqual((await memory.get("shared:team", "list"))?.value, [1]);
  });

  test("100 stories at once lose and mix nothing", async (memory, other) => {
    const stories = Array.from({ length: 100 }, (_, index) => `s-${index}`);
    await Promise.all(stories.map(async (story, index) => {
      const replica = index % 2 === 0 ? memory : other;
      for (let turn = 0; turn < 5; turn++) {
        await replica.set(`isolated:writer:${story}`, `turn-${turn}`, `${story}/${turn}`);
        await replica.set("shared:all", `${story}-${turn}`, turn);
      }
    }));
    assert.equal((await memory.list("shared:all")).length, 500);
    for (const story of stories) {
      const values = (await other.list(`isolated:writer:${story}`)).map(({ value }) => value);
      assert.deepEqual(values, [0, 1, 2, 3, 4].map((turn) => `${story}/${turn}`));
    }
  });
}
