// How long `crewagent generate` takes for 10, 50 and 1,000 agents, whole process, and how long the project
// takes from its start to the first /health under Deno. Needs the executable.
//   deno task bench:generate
import { join } from "node:path";

const ROUNDS = 5;
const SIZES = [{ agents: 10 }, { agents: 50, targetMs: 100 }, { agents: 1000, targetMs: 1000 }];
const HEALTH_TARGET_MS = 300;
const PARAGRAPH = "You look at the input and say what is missing. Answer with a list. ".repeat(20);

const binary = await Deno.realPath(Deno.env.get("CREWAGENT_BIN") ?? "dist/crewagent");

async function makeSources(dir: string, count: number): Promise<void> {
  await Deno.mkdir(join(dir, "bmad/agents"), { recursive: true });
  for (let index = 0; index < count; index++) {
    const wait = index === 0 ? "" : `wait_for: {agents: [agent-${index - 1}]}\n`;
    const text =
      `---\nid: agent-${index}\ndescription: Number ${index}\n${wait}---\n${PARAGRAPH}\n`;
    await Deno.writeTextFile(join(dir, `bmad/agents/agent-${index}.md`), text);
  }
}

async function generate(dir: string): Promise<number> {
  const startedAt = performance.now();
  const command = new Deno.Command(binary, {
    args: ["generate", "--src", dir, "--out", join(dir, "out")],
    stdout: "null",
  });
  const { success } = await command.output();
  if (!success) throw new Error("crewagent generate failed");
  return performance.now() - startedAt;
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0;
}

function line(what: string, ms: number, targetMs?: number): void {
  const verdict = targetMs === undefined ? "" : ms <= targetMs ? "met" : "missed";
  const target = targetMs === undefined ? "" : `target ${targetMs}`;
  console.log(`${what.padEnd(44)}${ms.toFixed(0).padStart(6)} ms  ${target.padEnd(12)}${verdict}`);
}

async function measure(dir: string, agents: number, targetMs?: number): Promise<void> {
  await makeSources(dir, agents);
  const fresh: number[] = [];
  const again: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await Deno.remove(join(dir, "out"), { recursive: true }).catch(() => {});
    fresh.push(await generate(dir));
    again.push(await generate(dir));
  }
  line(`${agents} agents, a new folder`, median(fresh), targetMs);
  line(`${agents} agents, nothing changed`, median(again), targetMs);
}

/** From the start of the process to the answer of the first /health. */
async function firstHealth(program: string, args: string[], cwd: string): Promise<number> {
  const startedAt = performance.now();
  const child = new Deno.Command(program, {
    args,
    cwd,
    env: { TESTING: "1", PORT: "0" },
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const reader = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("served at")) text += (await reader.read()).value ?? "";
  const origin = /served at (\S+)/.exec(text)?.[1] ?? "";
  await (await fetch(`${origin}/health`)).text();
  const time = performance.now() - startedAt;
  child.kill("SIGTERM");
  await child.status;
  await reader.cancel();
  return time;
}

async function main(): Promise<void> {
  const dir = await Deno.makeTempDir();
  for (const { agents, targetMs } of SIZES) {
    const place = join(dir, String(agents));
    await measure(place, agents, targetMs);
  }
  const out = join(dir, "50", "out");
  const start = [
    "run",
    "--no-prompt",
    "--allow-env",
    "--allow-net",
    "--allow-read",
    "--allow-write",
  ];
  const times: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    times.push(await firstHealth(Deno.execPath(), [...start, "main.ts"], out));
  }
  // The first start fetches libraries.
  line("50 agents, start to first /health, Deno", median(times.slice(1)), HEALTH_TARGET_MS);
  await Deno.remove(dir, { recursive: true });
}

await main();
