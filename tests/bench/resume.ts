// From the start of the executable to the first new request, when a run with a long log is resumed.
// Beside it, in the same round, the start of the executable alone. Needs dist/crewagent. Not a test.
//
//   deno task bench:resume [--lines 10000] [--rounds 15]
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readRunLog } from "../../runtime/run/run_log.ts";
import { median } from "./engine_workload.ts";
import { makeChain, startChainModel } from "./chain.ts";

const { values } = parseArgs({
  options: {
    lines: { type: "string", default: "10000" },
    rounds: { type: "string", default: "15" },
  },
});
const lines = Number(values.lines);
const rounds = Number(values.rounds);
const binary = fileURLToPath(new URL("../../dist/crewagent", import.meta.url));

/** What the chain's model leaves in the log. */
const LINES_A_TURN = 5.95;
const TURNS_A_NODE = 9;

const dir = await Deno.makeTempDir({ prefix: "crewagent-bench-" });
const model = startChainModel();
try {
  const home = join(dir, "home");
  const project = join(dir, "project");
  await Deno.mkdir(project);
  const turns = Math.ceil(lines / LINES_A_TURN);
  const source = await makeChain(join(dir, "package"), Math.ceil(turns / TURNS_A_NODE) + 1);
  const connection = ["--model", "m", "--base-url", model.baseUrl];
  const start = ["run", source, "--project", project, ...connection, "--json"];
  await run(home, [...start, "--yes", "--max-turns", String(turns)]);
  const [runId = ""] = [...Deno.readDirSync(join(home, "runs"))].map(({ name }) => name);
  const log = join(home, "runs", runId, "log.jsonl");
  const saved = await Deno.readTextFile(log);
  const version: number[] = [];
  const resumed: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    await Deno.writeTextFile(log, saved);
    const took = [await timeToLine(home, ["--version"], "crewagent"), await timeToResume(home)];
    if (round === 0) continue; // warm-up
    version.push(took[0] ?? NaN);
    resumed.push(took[1] ?? NaN);
  }
  const size = (saved.length / 1e6).toFixed(1);
  console.log(
    `median of ${rounds} rounds; the log has ${readRunLog(log).length} lines, ${size} MB`,
  );
  const row = (name: string, list: readonly number[]) => {
    const slowest = list.toSorted((a, b) => a - b).at(Math.ceil(list.length * 0.95) - 1) ?? NaN;
    console.log(
      `${name.padEnd(28)} ${median(list).toFixed(0)} ms   p95 ${slowest.toFixed(0)} ms   ${
        (median(list) / median(version)).toFixed(1)
      } x`,
    );
  };
  row("crewagent --version", version);
  row("resume to the first request", resumed);
} finally {
  await model[Symbol.asyncDispose]();
  await Deno.remove(dir, { recursive: true });
}

async function timeToResume(home: string): Promise<number> {
  return await timeToLine(home, ["resume", "last", "--json"], '"type":"request_sent"');
}

/** Milliseconds from the start to the line that holds `text`; the process is killed then. */
async function timeToLine(home: string, args: string[], text: string): Promise<number> {
  const started = performance.now();
  const process = new Deno.Command(binary, {
    args,
    env: { CREWAGENT_HOME: home },
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let seen = "";
  let took = NaN;
  for await (const piece of process.stdout.pipeThrough(new TextDecoderStream())) {
    seen += piece;
    if (!seen.includes(text)) continue;
    took = performance.now() - started;
    break;
  }
  try {
    process.kill("SIGKILL");
  } catch {
    // It has ended by itself.
  }
  await process.status;
  return took;
}

async function run(home: string, args: string[]): Promise<void> {
  const env = { CREWAGENT_HOME: home };
  await new Deno.Command(binary, { args, env, stdout: "null", stderr: "inherit" }).output();
}
