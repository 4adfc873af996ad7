// Kills the executable at random instants, again and again, and resumes: whatever the instant, the run
// ends as if nothing had happened. More deaths: CREWAGENT_DEATHS=500 deno task journeys.
import assert from "node:assert/strict";
import { join } from "node:path";
import { journey, runBinary, startBinary } from "./binary.ts";
import { readRunLog } from "../../runtime/run/run_log.ts";

const DEATHS = Number(Deno.env.get("CREWAGENT_DEATHS") ?? "40");
const EXAMPLES = ["create-story", "review-loop", "two-workflows"];
/** From before the run exists to after its end; the whole run takes about 0.3 s. */
const EARLIEST_MS = 40;
const LATEST_MS = 280;

/** Files of a folder by path; what a killed write leaves beside its target is not shown to tools. */
function readFiles(dir: string, below = ""): Map<string, string> {
  const files = new Map<string, string>();
  for (const entry of Deno.readDirSync(join(dir, below))) {
    const path = `${below}${entry.name}`;
    if (entry.name.startsWith(".crewagent-")) continue;
    if (!entry.isDirectory) files.set(path, Deno.readTextFileSync(join(dir, path)));
    else for (const [name, text] of readFiles(dir, `${path}/`)) files.set(name, text);
  }
  return files;
}

function hasRun(home: string): boolean {
  try {
    return [...Deno.readDirSync(join(home, "runs"))].some(({ name }) =>
      [...Deno.readDirSync(join(home, "runs", name))].some((file) => file.name === "run.json")
    );
  } catch {
    return false;
  }
}

function start(example: string, project: string): string[] {
  return ["run", `examples/${example}`, "--project", project, "--simulate", "--yes", "--json"];
}

/** Kills a run up to `most` times, then lets it end. Returns how often it died. */
async function runAndKill(
  { example, project, home, most }: {
    example: string;
    project: string;
    home: string;
    most: number;
  },
): Promise<number> {
  let deaths = 0;
  for (;;) {
    const args = hasRun(home) ? ["resume", "last", "--json"] : start(example, project);
    const started = await startBinary(args, { home });
    const instantMs = EARLIEST_MS + Math.random() * (LATEST_MS - EARLIEST_MS);
    const timer = deaths < most
      ? setTimeout(() => started.process.kill("SIGKILL"), instantMs)
      : undefined;
    const { exitCode, stderr } = await started.finished();
    clearTimeout(timer);
    if (exitCode === 0 || stderr.includes("is completed")) return deaths;
    assert.equal(exitCode, 137, stderr);
    deaths += 1;
  }
}

function assertLogWhole(home: string): void {
  for (const { name } of Deno.readDirSync(join(home, "runs"))) {
    const events = readRunLog(join(home, "runs", name, "log.jsonl"));
    assert.deepEqual(events.map(({ seq }) => seq), events.map((_, index) => index + 1));
    const results = events.flatMap((event) => event.type === "tool_result" ? [event.callId] : []);
    assert.equal(new Set(results).size, results.length, "every call has one result");
  }
}

journey(
  `crewagent survives ${DEATHS} deaths at random instants and ends with the files of a run that never died`,
  async () => {
    const dir = await Deno.makeTempDir({ prefix: "crewagent-kill-" });
    try {
      const expected = new Map<string, Map<string, string>>();
      for (const example of EXAMPLES) {
        const project = join(dir, `whole-${example}`);
        await Deno.mkdir(project);
        await runBinary(start(example, project));
        expected.set(example, readFiles(project));
      }
      for (let deaths = 0, round = 0; deaths < DEATHS; round++) {
        const example = EXAMPLES[round % EXAMPLES.length] ?? "create-story";
        const project = join(dir, `project-${round}`);
        const home = join(dir, `home-${round}`);
        await Deno.mkdir(project);
        deaths += await runAndKill({ example, project, home, most: 5 });
        assert.deepEqual(readFiles(project), expected.get(example), `${example}, round ${round}`);
        assertLogWhole(home);
      }
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  },
);
