// What it costs that nothing is lost: runs of the engine with every fsync against the same without any,
// in alternation. Prints medians and their ratio. Not a test.
//
//   deno task bench:durability [--turns 50] [--rounds 15]
import { benchOptions, type Measured, median, runEngine, startServer } from "./engine_workload.ts";
import { forgetSyncs } from "./unsynced.ts";

const { turns, rounds } = benchOptions({ turns: "50", rounds: "15" });

const dir = await Deno.makeTempDir({ prefix: "crewagent-bench-" });
const server = await startServer(turns);
const work = { dir, turns, baseUrl: server.baseUrl };
try {
  const synced: Measured[] = [];
  const unsynced: Measured[] = [];
  for (let round = 0; round <= rounds; round++) {
    const measured = await runEngine(work, `synced-${round}`);
    const forgetful = await withoutSyncs(() => runEngine(work, `unsynced-${round}`));
    if (round === 0) continue; // warm-up
    synced.push(measured);
    unsynced.push(forgetful);
  }
  const perEvent = (list: readonly Measured[]) =>
    median(list.map(({ perTurn, events }) => perTurn * turns / events));
  const base = perEvent(unsynced);
  const row = (name: string, list: readonly Measured[]) =>
    console.log(
      `${name.padEnd(20)} ${perEvent(list).toFixed(3)} ms an event   ${
        median(list.map(({ perTurn }) => perTurn)).toFixed(2)
      } ms a turn   ${(perEvent(list) / base).toFixed(2)} x`,
    );
  console.log(`median of ${rounds} rounds of ${turns} turns, half of them writes`);
  row("no fsync at all", unsynced);
  row("every promise kept", synced);
} finally {
  server.kill();
  await Deno.remove(dir, { recursive: true });
}

/** Here and in the file worker, which is started anew for each run. */
async function withoutSyncs<Result>(run: () => Promise<Result>): Promise<Result> {
  const { syncSync, syncDataSync, sync, syncData } = Deno.FsFile.prototype;
  const RealWorker = globalThis.Worker;
  forgetSyncs();
  globalThis.Worker = class extends RealWorker {
    constructor(_url: string | URL, options?: WorkerOptions) {
      super(new URL("./unsynced_worker.ts", import.meta.url), options);
    }
  };
  try {
    return await run();
  } finally {
    Object.assign(Deno.FsFile.prototype, { syncSync, syncDataSync, sync, syncData });
    globalThis.Worker = RealWorker;
  }
}
