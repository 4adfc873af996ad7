import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openFileMemory } from "../../../runtime/flow/file_memory.ts";
import { openFileStoryLock } from "../../../runtime/flow/file_story_lock.ts";
import { StoryFences } from "../../../runtime/flow/story_fence.ts";
import { tryFileLock } from "../../../runtime/flow/file_lock.ts";
import { testStoryLock } from "./story_lock_suite.ts";
import { PATIENCE_MS } from "../../patience.ts";

testStoryLock("openFileStoryLock()", {
  ignore: false,
  makePlace: async () => {
    const folder = await Deno.makeTempDir();
    const fences = new StoryFences();
    const memory = openFileMemory({ folder, fences });
    const lock = (fences: StoryFences) => openFileStoryLock({ folder, beatMs: 50, fences });
    return {
      replicas: [lock(fences), lock(new StoryFences())],
      memory,
      steal: async (flow, storyId) => {
        const path = join(folder, "locks", `${flow}_${storyId}.lock`);
        await Deno.remove(path);
        await Deno.writeTextFile(path, crypto.randomUUID());
      },
      remove: async () => {
        await memory.close();
        await Deno.remove(folder, { recursive: true });
      },
    };
  },
});

async function inTemporaryFolder(work: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(join(folder, "a.lock"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What a process leaves behind that was killed an hour ago. */
async function leaveDeadLock(path: string, token: string): Promise<void> {
  const hourAgo = new Date(Date.now() - 3_600_000);
  await Deno.writeTextFile(path, token);
  await Deno.utime(path, hourAgo, hourAgo);
}

Deno.test("tryFileLock() leaves nothing behind when it lets go", () =>
  inTemporaryFolder(async (path) => {
    const lock = await tryFileLock(path);
    assert.equal(await lock?.isHeld(), true);
    await lock?.release();
    assert.equal(await lock?.isHeld(), false);
    assert.deepEqual(Array.from(Deno.readDirSync(join(path, ".."))), []);
  }));

Deno.test("tryFileLock() gives a dead process's lock to exactly one of many, whatever stands in it", async () => {
  const tokens = [crypto.randomUUID(), "", "../../x", "no token\n", "\0"];
  for (const token of tokens) {
    await inTemporaryFolder(async (path) => {
      await leaveDeadLock(path, token);
      const locks = await Promise.all(Array.from({ length: 20 }, () => tryFileLock(path)));
      const taken = locks.filter((lock) => lock !== undefined);
      assert.equal(taken.length, 1, JSON.stringify(token));
      await taken[0]?.release();
      assert.deepEqual(Array.from(Deno.readDirSync(join(path, ".."))), []);
    });
  }
});

Deno.test("tryFileLock() takes over also where the one that was taking over died", () =>
  inTemporaryFolder(async (path) => {
    const [first, second] = [crypto.randomUUID(), crypto.randomUUID()];
    await leaveDeadLock(path, first);
    await leaveDeadLock(`${path}.${first}`, second);
    const lock = await tryFileLock(path);
    assert.equal(await lock?.isHeld(), true);
    await lock?.release();
  }));

Deno.test("tryFileLock() tells a holder that was taken for dead, and leaves the lock to the next", () =>
  inTemporaryFolder(async (path) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const first = await tryFileLock(path, { beatMs: 20, onLost: resolve });
    await Deno.remove(path);
    const second = await tryFileLock(path);
    await promise;
    await first?.release();
    assert.equal(await second?.isHeld(), true);
    await second?.release();
  }));

/** A process that takes a story's lock, says so and waits. */
const HOLDING_PROCESS = fileURLToPath(new URL("./holding_process.ts", import.meta.url));

Deno.test("openFileStoryLock() frees a story soon after its process was killed", async () => {
  const folder = await Deno.makeTempDir();
  const lock = openFileStoryLock({ folder, fences: new StoryFences() });
  try {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--allow-all", HOLDING_PROCESS, folder],
      stdin: "null",
      stdout: "piped",
    }).spawn();
    const said = child.stdout.getReader();
    await said.read();
    const refused = lock.hold("default", "s", () => Promise.resolve());
    await assert.rejects(refused, { code: "FLOW_STORY_BUSY" });
    child.kill("SIGKILL");
    await child.status;
    await said.cancel();
    const killedAt = Date.now();
    let answer: string | undefined;
    while (answer === undefined) {
      answer = await lock.hold("default", "s", () => Promise.resolve("free")).catch(() =>
        undefined
      );
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.ok(Date.now() - killedAt < PATIENCE_MS, "the lock of a dead process stands for ever");
    }
    assert.equal(answer, "free");
  } finally {
    lock.close();
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("openFileStoryLock() leaves nothing behind when it is closed", async () => {
  const folder = await Deno.makeTempDir();
  const lock = openFileStoryLock({ folder, fences: new StoryFences() });
  await lock.hold("default", "s", () => Promise.resolve());
  lock.close();
  assert.deepEqual(Array.from(Deno.readDirSync(join(folder, "locks"))), []);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("ofDocument() asks the story that a document belongs to, of those whose names begin alike", async () => {
  const fences = new StoryFences();
  const told: string[] = [];
  for (const storyId of ["a", "a__b"]) {
    const assertHeld = () => Promise.resolve(void told.push(storyId));
    fences.enter({ flow: "default", storyId }, { assertHeld });
  }
  for (const id of ["a__b__c", "a__b", "a__b__c__d", "a___b", "b__a"]) {
    await fences.ofDocument(id)?.assertHeld();
  }
  assert.deepEqual(told, ["a__b", "a", "a__b", "a"]);
});
