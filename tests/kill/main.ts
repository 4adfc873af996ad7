// The kill test as a program: deno task kill --deaths N [--jobs J] [--report FILE] [--seed S]
// Exit code 1 if anything was lost, duplicated or stuck, 2 for a wrong option.
import { parseArgs } from "node:util";
import { killRuns } from "./kill_runs.ts";
import { isClean, summarise, summaryLine, toMarkdown } from "./report.ts";

const USAGE = "Usage: deno task kill --deaths N [--jobs J] [--report FILE] [--seed S]";

if (import.meta.main) Deno.exitCode = await main(Deno.args);

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      deaths: { type: "string", default: "100" },
      jobs: { type: "string", default: String(navigator.hardwareConcurrency) },
      report: { type: "string" },
      seed: { type: "string", default: String(Date.now() % 1_000_000) },
    },
  });
  const [deaths, jobs, seed] = [values.deaths, values.jobs, values.seed].map(Number);
  if (!isCount(deaths) || !isCount(jobs) || !Number.isInteger(seed)) {
    console.error(USAGE);
    return 2;
  }
  const circumstances = {
    cores: navigator.hardwareConcurrency,
    kernel: await kernel(),
    jobs,
    seed: seed ?? 0,
  };
  const stop = stopOnSignal();
  const result = await killRuns({
    deaths,
    jobs,
    seed: circumstances.seed,
    signal: stop.signal,
    onProgress: showProgress(deaths),
  });
  stop.release();
  for (const summary of summarise(result)) console.log(summaryLine(summary, circumstances));
  for (const note of result.notes) console.log(note);
  if (values.report !== undefined) {
    await Deno.writeTextFile(values.report, toMarkdown(result, circumstances));
  }
  if (values.report === undefined && !isClean(result)) {
    console.error(toMarkdown(result, circumstances));
  }
  return isClean(result) ? 0 : 1;
}

/** Asking the system itself would need one more permission. */
async function kernel(): Promise<string> {
  try {
    const { stdout } = await new Deno.Command("uname", { args: ["-sr"] }).output();
    return new TextDecoder().decode(stdout).trim();
  } catch {
    return Deno.build.os;
  }
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value > 0;
}

/** Ctrl-C ends the test after the runs that are under way, so that nothing stays mounted. */
function stopOnSignal(): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const stop = () => controller.abort();
  const signals = ["SIGINT", ...(Deno.build.os === "windows" ? [] : ["SIGTERM"])] as Deno.Signal[];
  for (const signal of signals) Deno.addSignalListener(signal, stop);
  return {
    signal: controller.signal,
    release() {
      for (const signal of signals) Deno.removeSignalListener(signal, stop);
    },
  };
}

function showProgress(wanted: number) {
  if (!Deno.stderr.isTerminal()) return () => {};
  const started = performance.now();
  return ({ deaths, runs, failed }: { deaths: number; runs: number; failed: number }) => {
    const rate = deaths / ((performance.now() - started) / 1000);
    const line = `${deaths} of ${wanted} deaths, ${runs} runs, ${failed} failed, ${
      rate.toFixed(1)
    } deaths a second`;
    const end = deaths >= wanted ? "\n" : "";
    Deno.stderr.writeSync(new TextEncoder().encode(`\r${line.padEnd(78)}${end}`));
  };
}
