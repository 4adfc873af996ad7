// What every lock of stories has to do; `file_story_lock_test.ts` and `redis_story_lock_test.ts` run it.
import assert from "node:assert/strict";
import type { StoryLock } from "../../../runtime/flow/flow_ports.ts";
import type { Memory } from "../../../runtime/flow/memory.ts";

/** Two replicas that share one place; `steal` takes a story from its holder, as its expiry would. */
export interface LockPlace {
  readonly replicas: readonly [StoryLock, StoryLock];
  readonly memory: Memory;
  readonly steal: (flow: string, storyId: string) => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** Registers the suite for one backend. */
export function testStoryLock(
  backend: string,
  { makePlace, ignore }: { makePlace: () => Promise<LockPlace>; ignore: boolean },
): void {
  const test = (title: string, work: (place: LockPlace) => Promise<void>) =>
    Deno.test({
      name: `${backend}: ${title}`,
      ignore,
      fn: async () => {
        const place = await makePlace();
        try {
          await work(place);
        } finally {
          await place.remove();
        }
      },
    });

  test("hold() refuses a story that any replica holds, and no other", async ({ replicas }) => {
    const [here, there] = replicas;
    await here.hold("default", "s-1", async () => {
      for (const replica of replicas) {
        await assert.rejects(replica.hold("default", "s-1", () => Promise.resolve(1)), {
          code: "FLOW_STORY_BUSY",
          message: /"s-1"/,
        });
      }
      assert.equal(
        await there.hold("default", "s-2", () => Promise.resolve("other story")),
        "other story",
      );
      assert.equal(
        await there.hold("else", "s-1", () => Promise.resolve("other flow")),
        "other flow",
      );
    });
    assert.equal(await there.hold("default", "s-1", () => Promise.resolve("free")), "free");
  });

  test("hold() lets go when the work fails, and hands on its error", async ({ replicas }) => {
    const [here, there] = replicas;
    await assert.rejects(here.hold("default", "s", () => Promise.reject(new Error("broken"))), {
      message: "broken",
    });
    assert.equal(await there.hold("default", "s", () => Promise.resolve("free")), "free");
  });

  test("of 40 that ask at once, none ever runs beside another", async ({ replicas }) => {
    let inside = 0;
    let most = 0;
    let done = 0;
    const outcomes = await Promise.allSettled(
      Array.from(
        { length: 40 },
        (_, index) =>
          replicas[index % 2 === 0 ? 0 : 1].hold("default", "s", async () => {
            most = Math.max(most, ++inside);
            await new Promise((resolve) => setTimeout(resolve, 1));
            inside--;
            done++;
          }),
      ),
    );
    assert.equal(most, 1);
    const refused = outcomes.filter((outcome) => outcome.status === "rejected");
    assert.equal(refused.length + done, 40);
    assert.ok(refused.every(({ reason }) => reason.code === "FLOW_STORY_BUSY"));
  });

  test("a replica that lost its lock cannot write, and is told", async (place) => {
    const [here] = place.replicas;
    await here.hold("default", "s", () => place.memory.set("story:default:s", "before", 1));
    const held = here.hold("default", "s", async () => {
      await place.steal("default", "s");
      await assert.rejects(place.memory.set("story:default:s", "result", "stale"), {
        code: "FLOW_STORY_BUSY",
      });
      await assert.rejects(place.memory.delete("story:default:s", "before"), {
        code: "FLOW_STORY_BUSY",
      });
    });
    await assert.rejects(held, { code: "FLOW_STORY_BUSY", message: /lost/ });
    assert.deepEqual(await place.memory.list("story:default:s"), [{ key: "before", value: 1 }]);
  });

  test("a lost lock aborts the work", async (place) => {
    const held = place.replicas[0].hold("default", "s", async (lost) => {
      await place.steal("default", "s");
      if (!lost.aborted) await new Promise((resolve) => lost.addEventListener("abort", resolve));
    });
    await assert.rejects(held, { code: "FLOW_STORY_BUSY", message: /lost/ });
  });
}
