// Engine time per tool-call turn against a bare loop over the `openai` library that does the same file
// operations on the same server in the same run. Prints medians and their ratio. Not a test.
//
//   deno task bench:engine [--turns 50] [--rounds 5]
import { join } from "node:path";
import { parseArgs } from "node:util";
import OpenAI from "openai";
import { connectionFromEnvironment } from "../../runtime/llm/connection.ts";
import { openLlm } from "../../runtime/llm/open_llm.ts";
import { executeRun } from "../../runtime/run/execute_run.ts";
import { nobody } from "../../runtime/run/person.ts";
import { DEFAULT_RUN_OPTIONS } from "../../runtime/run/run_folder.ts";
import { startRun } from "../../runtime/run/start_run.ts";

const { values } = parseArgs({
  options: {
    turns: { type: "string", default: "50" },
    rounds: { type: "string", default: "5" },
  },
});
const turns = Number(values.turns);
const rounds = Number(values.rounds);

const dir = await Deno.makeTempDir({ prefix: "crewagent-bench-" });
const server = await startServer();
try {
  const bare: number[] = [];
  const synced: number[] = [];
  const engine: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const measured = [
      await runBare(round, false),
      await runBare(round, true),
      await runEngine(round),
    ];
    if (round === 0) continue; // warm-up
    [bare, synced, engine].forEach((list, index) => list.push(measured[index] ?? NaN));
  }
  const base = median(bare);
  const row = (name: string, value: number) =>
    console.log(
      `${name.padEnd(34)} ${value.toFixed(2)} ms a turn   ${(value / base).toFixed(2)} x`,
    );
  console.log(`median of ${rounds} rounds of ${turns} turns, one file operation a turn`);
  row("bare openai loop", base);
  row("the same with a synced journal", median(synced));
  row("engine, every event on disk", median(engine));
} finally {
  server.kill();
  await Deno.remove(dir, { recursive: true });
}

/** The model: alternates a write and a read, then finishes. In a process of its own. */
async function startServer(): Promise<{ baseUrl: string; kill(): void }> {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", new URL("./engine_model.ts", import.meta.url).href, String(turns)],
    stdout: "piped",
  }).spawn();
  const reader = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await reader.read();
  reader.releaseLock();
  return { baseUrl: value.trim(), kill: () => process.kill() };
}

async function runBare(round: number, journal: boolean): Promise<number> {
  const client = new OpenAI({ baseURL: server.baseUrl, apiKey: "none" });
  const project = await makeProject(`bare-${round}-${journal}`);
  const log = await Deno.open(join(project, "..", `bare-${round}.jsonl`), {
    create: true,
    append: true,
  });
  // deno-lint-ignore no-explicit-any -- the point is a loop as anyone would write it
  const messages: any[] = [{ role: "user", content: "NODE_BRIEF\n{}" }];
  const started = performance.now();
  for (let turn = 0; turn < turns; turn++) {
    const stream = await client.chat.completions.create({
      model: "m",
      messages,
      stream: true,
    });
    const call = { id: "", name: "", arguments: "" };
    for await (const chunk of stream) {
      const piece = chunk.choices[0]?.delta.tool_calls?.[0];
      if (piece?.id) call.id = piece.id;
      call.name += piece?.function?.name ?? "";
      call.arguments += piece?.function?.arguments ?? "";
    }
    const args = JSON.parse(call.arguments);
    const path = join(project, args.path.replace("@project/", ""));
    let result = "done";
    if (call.name === "fs_write") await Deno.writeTextFile(path, args.content);
    else result = await Deno.readTextFile(path);
    messages.push(
      {
        role: "assistant",
        content: "",
        tool_calls: [{ id: call.id, type: "function", function: call }],
      },
      { role: "tool", tool_call_id: call.id, content: result },
    );
    if (!journal) continue;
    const lines = messages.slice(-2).map((message) => `${JSON.stringify(message)}\n`).join("");
    await log.write(new TextEncoder().encode(lines));
    await log.syncData();
  }
  log.close();
  return (performance.now() - started) / turns;
}

async function runEngine(round: number): Promise<number> {
  const run = await startRun({
    source: await makePackage(),
    projectDir: await makeProject(`engine-${round}`),
    dataDir: join(dir, "data"),
    connection: { provider: "openai", model: "m", baseUrl: server.baseUrl },
    options: {
      ...DEFAULT_RUN_OPTIONS,
      allowAll: true,
      maxTurns: turns,
      maxTurnsPerNode: turns + 1,
    },
  });
  const llm = openLlm(connectionFromEnvironment({ model: "m", baseUrl: server.baseUrl }, {}));
  let started = 0;
  const outcome = await executeRun(run, {
    llm,
    person: nobody,
    // From the first request on: opening the run and its sandbox is not part of a turn.
    listener: ({ type }) => {
      if (type === "request_sent") started ||= performance.now();
    },
    signal: new AbortController().signal,
  });
  if (outcome.code !== "ENGINE_MAX_TURNS") {
    throw new Error(`The engine ended as ${JSON.stringify(outcome)}`);
  }
  return (performance.now() - started) / turns;
}

async function makeProject(name: string): Promise<string> {
  const project = join(dir, name);
  await Deno.mkdir(join(project, "artifacts"), { recursive: true });
  return project;
}

async function makePackage(): Promise<string> {
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

function median(list: readonly number[]): number {
  return list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? NaN;
}
