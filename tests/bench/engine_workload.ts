// The work that the benches of the engine measure: a model that calls a tool in every turn, served by a
// process of its own, and a run of it.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { connectionFromEnvironment } from "../../runtime/llm/connection.ts";
import { openLlm } from "../../runtime/llm/open_llm.ts";
import { executeRun } from "../../runtime/run/execute_run.ts";
import { nobody } from "../../runtime/run/person.ts";
import { DEFAULT_RUN_OPTIONS } from "../../runtime/run/run_folder.ts";
import { startRun } from "../../runtime/run/start_run.ts";

/** Where the work is done, and how much of it there is. */
export interface Workload {
  readonly dir: string;
  readonly turns: number;
  readonly baseUrl: string;
}

/** What a run took. */
export interface Measured {
  /** Milliseconds of a turn. */
  readonly perTurn: number;
  readonly events: number;
}

/** Starts the model's process; kill it when done. */
export async function startServer(turns: number): Promise<{ baseUrl: string; kill(): void }> {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", new URL("./engine_model.ts", import.meta.url).href, String(turns)],
    stdout: "piped",
  }).spawn();
  const reader = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await reader.read();
  reader.releaseLock();
  return { baseUrl: value.trim(), kill: () => process.kill() };
}

/** A run of `turns` turns by the engine; `name` is its project. */
export async function runEngine(
  { dir, turns, baseUrl }: Workload,
  name: string,
): Promise<Measured> {
  const run = await startRun({
    source: await makePackage(dir),
    projectDir: await makeProject(dir, name),
    dataDir: join(dir, "data"),
    connection: { provider: "openai", model: "m", baseUrl: baseUrl },
    options: {
      ...DEFAULT_RUN_OPTIONS,
      allowAll: true,
      maxTurns: turns,
      maxTurnsPerNode: turns + 1,
    },
  });
  const llm = openLlm(connectionFromEnvironment({ model: "m", baseUrl: baseUrl }, {}));
  let started = 0;
  let events = 0;
  const outcome = await executeRun(run, {
    llm,
    person: nobody,
    // From the first request on: opening the run and its sandbox is not part of a turn.
    listener: ({ type }) => {
      if (type === "request_sent") started ||= performance.now();
      events += 1;
    },
    signal: new AbortController().signal,
  });
  if (outcome.code !== "ENGINE_MAX_TURNS") {
    throw new Error(`The engine ended as ${JSON.stringify(outcome)}`);
  }
  return { perTurn: (performance.now() - started) / turns, events };
}

/** An empty project. */
export async function makeProject(dir: string, name: string): Promise<string> {
  const project = join(dir, name);
  await Deno.mkdir(join(project, "artifacts"), { recursive: true });
  return project;
}

async function makePackage(dir: string): Promise<string> {
  const source = join(dir, "package");
  await Deno.mkdir(join(source, "steps"), { recursive: true });
  const write = (path: string, value: unknown) =>
    Deno.writeTextFile(
      join(source, path),
      typeof value === "string" ? value : JSON.stringify(value),
    );
  const schemaVersion = "1.1";
  await write("bmad.json", {
    schemaVersion,
    name: "bench",
    version: "1.0.0",
    entry: { workflow: "workflow.md", graph: "workflow.graph.json", agents: "agents.json" },
  });
  const persona = { role: "r", identity: "i", communication_style: "c", principles: "p" };
  const metadata = { name: "n", title: "t", icon: "i" };
  await write("agents.json", { schemaVersion, agents: [{ id: "a", metadata, persona }] });
  await write("workflow.graph.json", {
    schemaVersion,
    entryNodeId: "work",
    nodes: [{ id: "work", type: "step", file: "steps/work.md" }, {
      id: "end",
      type: "end",
      file: "steps/end.md",
    }],
    edges: [{ from: "work", to: "end", label: "done" }],
  });
  await write(
    "workflow.md",
    '---\nschemaVersion: "1.1"\nworkflowType: bench\nstepsCompleted: []\ncurrentNodeId: ""\n---\n# Bench\n',
  );
  for (const [id, type] of [["work", "step"], ["end", "end"]]) {
    await write(
      `steps/${id}.md`,
      `---\nschemaVersion: "1.1"\nnodeId: ${id}\ntype: ${type}\n---\n## Goal\n\nWork.\n\n## Instructions\n\n1. Work.\n`,
    );
  }
  return source;
}

/** The middle of a list. */
export function median(list: readonly number[]): number {
  return list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? NaN;
}

/** `--turns` and `--rounds` of a bench. */
export function benchOptions(defaults: { turns: string; rounds: string }) {
  const { values } = parseArgs({
    options: {
      turns: { type: "string", default: defaults.turns },
      rounds: { type: "string", default: defaults.rounds },
    },
  });
  return { turns: Number(values.turns), rounds: Number(values.rounds) };
}
