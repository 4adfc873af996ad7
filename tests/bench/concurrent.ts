// Many runs at once in one process against the test server: throughput, memory, and whether any run got
// to see another's words. Not a test.
//
//   deno task bench:concurrent [--runs 200]
import { join } from "node:path";
import { parseArgs } from "node:util";
import { connectionFromEnvironment } from "../../runtime/llm/connection.ts";
import { openLlm } from "../../runtime/llm/open_llm.ts";
import { executeRun } from "../../runtime/run/execute_run.ts";
import { nobody } from "../../runtime/run/person.ts";
import { DEFAULT_RUN_OPTIONS } from "../../runtime/run/run_folder.ts";
import { startRun } from "../../runtime/run/start_run.ts";
import { makeChain } from "./chain.ts";
import { startConcurrentModel } from "./concurrent_model.ts";

const { values } = parseArgs({ options: { runs: { type: "string", default: "200" } } });
const runs = Number(values.runs);

const dir = await Deno.makeTempDir({ prefix: "crewagent-bench-" });
const server = startConcurrentModel();
try {
  const source = await makeChain(join(dir, "package"), 3);
  const model = { model: "m", baseUrl: server.baseUrl };
  const before = Deno.memoryUsage().rss;
  let largest = 0;
  const timer = setInterval(() => largest = Math.max(largest, Deno.memoryUsage().rss), 50);
  const started = performance.now();
  const outcomes = await Promise.all(
    Array.from({ length: runs }, async (_, index) => {
      const projectDir = join(dir, `project-${index}`);
      await Deno.mkdir(projectDir);
      const run = await startRun({
        source,
        projectDir,
        dataDir: join(dir, "data"),
        connection: { provider: "openai", ...model },
        options: DEFAULT_RUN_OPTIONS,
        input: `word-${index}-end`,
      });
      const outcome = await executeRun(run, {
        llm: openLlm(connectionFromEnvironment(model, {})),
        person: nobody,
        listener: () => {},
        signal: new AbortController().signal,
      });
      const file = join(projectDir, "artifacts", "step-0.md");
      const isOwn = await Deno.readTextFile(file) === `word-${index}-end\n`;
      return { phase: outcome.phase, isOwn };
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  clearInterval(timer);
  const completed = outcomes.filter(({ phase }) => phase === "completed").length;
  const mixed = outcomes.filter(({ isOwn }) => !isOwn).length;
  console.log(`${completed} of ${runs} runs completed in ${seconds.toFixed(1)} s`);
  console.log(`${(server.requests() / seconds).toFixed(0)} requests a second`);
  console.log(
    `memory ${(before / 1e6).toFixed(0)} MB before, ${(largest / 1e6).toFixed(0)} MB at most, ${
      ((largest - before) / runs / 1e6).toFixed(1)
    } MB a run`,
  );
  console.log(`${mixed} files with another run's words`);
} finally {
  await server.close();
  await Deno.remove(dir, { recursive: true });
}
