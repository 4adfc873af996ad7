import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { FileWorker } from "../../../runtime/tools/file_worker.ts";
import { type Resident, WorkerPlaces } from "../../../runtime/tools/worker_places.ts";

const never = () => new AbortController().signal;

/** Residents that write down when they are moved out. */
function residents(names: readonly string[]): { list: Resident[]; evicted: string[] } {
  const evicted: string[] = [];
  const list = names.map((name): Resident => ({
    evict: () => {
      evicted.push(name);
    },
  }));
  return { list, evicted };
}

Deno.test("WorkerPlaces.tryEnter() refuses who comes when all places are taken, not who has one", () => {
  const { list: [a, b] } = residents(["a", "b"]);
  const places = new WorkerPlaces({ places: 1, keepIdleMs: 0 });
  ok(places.tryEnter(a!));
  ok(!places.tryEnter(b!));
  ok(places.tryEnter(a!));
  equal(places.taken, 1);
});

Deno.test("WorkerPlaces.enter() moves out who has been idle longest, and nobody who is busy", async () => {
  const { list: [a, b, c, d], evicted } = residents(["a", "b", "c", "d"]);
  const places = new WorkerPlaces({ places: 3, keepIdleMs: 0 });
  for (const resident of [a!, b!, c!]) places.tryEnter(resident);
  places.rest(c!);
  places.rest(a!);
  await places.enter(d!, never());
  deepEqual(evicted, ["c"]);
  await places.enter(c!, never());
  deepEqual(evicted, ["c", "a"]);
  equal(places.taken, 3);
});

Deno.test("WorkerPlaces.enter() waits while every resident has a call under way", async () => {
  const { list: [a, b], evicted } = residents(["a", "b"]);
  const places = new WorkerPlaces({ places: 1, keepIdleMs: 0 });
  places.tryEnter(a!);
  places.tryEnter(a!);
  const entered: string[] = [];
  const waiting = places.enter(b!, never()).then(() => entered.push("b"));
  places.rest(a!);
  await Promise.resolve();
  deepEqual([entered, evicted], [[], []], "one call of a is still under way");
  places.rest(a!);
  await waiting;
  deepEqual([entered, evicted], [["b"], ["a"]]);
});

Deno.test("WorkerPlaces.enter() serves who came first", async () => {
  const { list } = residents(["a", "b", "c", "d"]);
  const places = new WorkerPlaces({ places: 1, keepIdleMs: 60_000 });
  places.tryEnter(list[0]!);
  const entered: number[] = [];
  const all = [1, 2, 3].map(async (index) => {
    await places.enter(list[index]!, never());
    entered.push(index);
    places.leave(list[index]!);
  });
  places.leave(list[0]!);
  await Promise.all(all);
  deepEqual(entered, [1, 2, 3]);
  equal(places.taken, 0);
});

Deno.test("WorkerPlaces.enter() ends with the signal, and lets the next one in", async () => {
  const { list: [a, b, c] } = residents(["a", "b", "c"]);
  const places = new WorkerPlaces({ places: 1, keepIdleMs: 60_000 });
  places.tryEnter(a!);
  const stop = new AbortController();
  const stopped = rejects(places.enter(b!, stop.signal), { name: "AbortError" });
  const waiting = places.enter(c!, never());
  stop.abort();
  await stopped;
  places.leave(a!);
  await waiting;
  equal(places.taken, 1);
});

Deno.test("FileWorker.run() of forty projects shares four places: every call gets its own project's file", async () => {
  const root = await Deno.realPath(await Deno.makeTempDir({ prefix: "crewagent-places-" }));
  const places = new WorkerPlaces({ places: 4, keepIdleMs: 0 });
  let most = 0;
  const workers = await Promise.all(Array.from({ length: 40 }, async (_, index) => {
    const project = `${root}/${index}`;
    await Deno.mkdir(project);
    await Deno.writeTextFile(`${project}/own.md`, "x".repeat(index));
    return new FileWorker({ project, pkg: project, hidden: [], confined: true }, places);
  }));
  const limits = { timeoutMs: 60_000, signal: never() };
  const stat = async (files: FileWorker) => {
    const place = { mount: "project", parts: ["own.md"] } as const;
    const outcome = await files.run("stat", { place }, limits);
    most = Math.max(most, places.taken);
    return outcome.ok ? outcome.value?.bytes : outcome.error.message;
  };
  const sizes = workers.map((_, index) => index);
  deepEqual(await Promise.all(workers.map(stat)), sizes);
  deepEqual(
    await Promise.all(workers.map(stat)),
    sizes,
    "also after every worker was stopped once",
  );
  ok(most <= 4, `${most} workers at once`);
  for (const files of workers) files.close();
  equal(places.taken, 0);
  await Deno.remove(root, { recursive: true });
});

Deno.test("FileWorker.run() that waits for a place ends with its signal and when the worker is closed", async () => {
  const places = new WorkerPlaces({ places: 1, keepIdleMs: 60_000 });
  const setup = { project: Deno.cwd(), pkg: Deno.cwd(), hidden: [], confined: true };
  const [first, second, third] = [1, 2, 3].map(() => new FileWorker(setup, places));
  first!.start();
  const place = { mount: "project", parts: ["none.md"] } as const;
  const abort = new AbortController();
  const aborted = second!.run("stat", { place }, { timeoutMs: 1, signal: abort.signal });
  const closed = third!.run("stat", { place }, { timeoutMs: 1, signal: never() });
  abort.abort();
  third!.close();
  for (const outcome of [await aborted, await closed]) {
    equal(!outcome.ok && outcome.error.code, "E_INTERRUPTED");
  }
  first!.close();
  equal(places.taken, 0);
});
