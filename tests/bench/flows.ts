// Requests per second, p50 and p95 of each route of the flow service under 100 clients, against the
// targets of the design and against a bare hono route; processor time of the service for a request, which
// says something on a busy machine too; the time from start to the first /health; how long events are
// under way. Needs the executable.
//   deno task bench:flows [--redis]
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { startRedis } from "../redis_server.ts";
import { eventLags, startTimedModel } from "./event_lag.ts";

const CLIENTS = 100;
const ROUND_MS = 3_000;
/** Before a route is measured; a compiler warms up, too. */
const WARM_UP_MS = 500;
const SERVED = /served at (\S+)/;

const BARE_ROUTE = fileURLToPath(new URL("./bare_route.ts", import.meta.url));

interface Bench {
  readonly name: string;
  readonly targetMs: number;
  readonly request: (turn: number) => readonly [string, RequestInit?];
}

const json = (method: string, body: unknown): RequestInit => ({
  method,
  body: JSON.stringify(body),
  headers: { "content-type": "application/json" },
});

const BENCHES: readonly Bench[] = [
  { name: "GET /health", targetMs: 20, request: () => ["/health"] },
  { name: "GET /flows", targetMs: 30, request: () => ["/flows"] },
  { name: "GET /flows/default/graph", targetMs: 30, request: () => ["/flows/default/graph"] },
  { name: "GET /agent/a/ready", targetMs: 30, request: () => ["/agent/a/ready"] },
  {
    name: "PUT /doc/{id}",
    targetMs: 80,
    request: (turn) => [`/doc/d-${turn % 200}`, json("PUT", { content: "# Title\n" })],
  },
  { name: "GET /doc/{id}", targetMs: 50, request: (turn) => [`/doc/d-${turn % 200}`] },
  { name: "GET /doc/{id}/status", targetMs: 30, request: () => ["/doc/d-1/status"] },
  {
    name: "PUT /memory",
    targetMs: 50,
    request: (turn) => [`/memory/shared:n-${turn % 50}/k-${turn % 7}`, json("PUT", { turn })],
  },
  {
    name: "GET /memory",
    targetMs: 50,
    request: (turn) => [`/memory/shared:n-${turn % 50}/k-${turn % 50 % 7}`],
  },
  {
    name: "POST /run, two agents",
    targetMs: 100,
    request: (turn) => ["/run", json("POST", { story_id: `s-${turn}`, input: "x" })],
  },
  {
    name: "POST /agent/a/execute",
    targetMs: 100,
    request: () => ["/agent/a/execute", json("POST", { instruction: "x" })],
  },
  {
    name: "GET /orchestration/status",
    targetMs: 30,
    request: (turn) => [`/orchestration/status?workflow_id=s-${turn % 100}`],
  },
];

interface Service {
  readonly origin: string;
  readonly firstHealthMs: number;
  readonly child: Deno.ChildProcess;
}

async function startService(binary: string, folder: string, env: Record<string, string>) {
  const startedAt = performance.now();
  const child = new Deno.Command(binary, {
    args: ["serve", "--flows", folder, "--headless", "--port", "0"],
    env: { TESTING: "1", LOG_LEVEL: "warn", CREWAGENT_HOME: `${folder}/data`, ...env },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const reader = child.stderr.getReader();
  let text = "";
  while (!SERVED.test(text)) {
    const piece = await reader.read();
    if (piece.done) throw new Error(`The service ended: ${text}`);
    text += new TextDecoder().decode(piece.value);
  }
  reader.releaseLock();
  child.stderr.cancel().catch(() => {});
  const origin = SERVED.exec(text)?.[1] ?? "";
  await (await fetch(`${origin}/health`)).text();
  return { origin, firstHealthMs: performance.now() - startedAt, child } satisfies Service;
}

/** What is measured, and by whom. */
type Served = Pick<Service, "origin" | "child">;

async function measure(
  { origin, child }: Served,
  { name, targetMs, request }: Bench,
): Promise<void> {
  await loaded(origin, request, { ms: WARM_UP_MS, firstTurn: 2_000_000 });
  const before = await processorMs(child.pid);
  const { times, failed } = await loaded(origin, request, { ms: ROUND_MS, firstTurn: 0 });
  const spentMs = (await processorMs(child.pid) - before) / times.length;
  const at = (share: number) => (times[Math.floor(times.length * share)] ?? 0).toFixed(1);
  const alone = await medianAlone(origin, request);
  const verdict = targetMs === 0 ? "" : Number(at(0.95)) <= targetMs ? "met" : "missed";
  console.log(
    [
      name.padEnd(28),
      `${Math.round(times.length / (ROUND_MS / 1000))}/s`.padStart(8),
      at(0.5).padStart(8),
      at(0.95).padStart(8),
      String(targetMs).padStart(7),
      verdict.padStart(8),
      alone.toFixed(2).padStart(9),
      (Number.isNaN(spentMs) ? "" : spentMs.toFixed(2)).padStart(7),
      failed === 0 ? "" : `${failed} failed`,
    ].join(" "),
  );
}

/** User and system time of a process so far, in ms; NaN where there is no /proc. */
async function processorMs(pid: number): Promise<number> {
  const { stdout } = await new Deno.Command("cat", { args: [`/proc/${pid}/stat`], stderr: "null" })
    .output();
  const fields = new TextDecoder().decode(stdout).split(") ")[1]?.split(" ") ?? [];
  // In ticks of 10 ms.
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

interface Load {
  readonly ms: number;
  readonly firstTurn: number;
}

/** What all clients wait, sorted. */
async function loaded(origin: string, request: Bench["request"], { ms, firstTurn }: Load) {
  const times: number[] = [];
  let turn = firstTurn;
  let failed = 0;
  const ends = performance.now() + ms;
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (performance.now() < ends) {
      const [path, init] = request(turn++);
      const startedAt = performance.now();
      const response = await fetch(origin + path, init);
      await response.arrayBuffer();
      times.push(performance.now() - startedAt);
      if (!response.ok) failed++;
    }
  });
  await Promise.all(clients);
  return { times: times.sort((a, b) => a - b), failed };
}

/** What one client alone waits. */
async function medianAlone(origin: string, request: Bench["request"]): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < 100; turn++) {
    const [path, init] = request(1_000_000 + turn);
    const startedAt = performance.now();
    await (await fetch(origin + path, init)).arrayBuffer();
    times.push(performance.now() - startedAt);
  }
  return times.sort((a, b) => a - b)[50] ?? 0;
}

async function measureBareRoute(): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-net=127.0.0.1", BARE_ROUTE],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const origin = (await reader.read()).value?.trim() ?? "";
  const request = (): readonly [string] => ["/"];
  await measure({ origin, child }, { name: "a bare hono route", targetMs: 0, request });
  child.kill("SIGKILL");
  await child.status;
}

async function measureEvents(binary: string, folder: string): Promise<void> {
  await using model = startTimedModel();
  const env = { TESTING: "", OPENAI_API_KEY: "k", OPENAI_MODEL: "m" };
  const { origin, child } = await startService(binary, folder, {
    ...env,
    OPENAI_BASE_URL: model.baseUrl,
  });
  await eventLags(origin);
  const lags = await eventLags(origin);
  const at = (share: number) => lags[Math.floor(lags.length * share)]?.toFixed(2);
  console.log(
    `an event after its cause, two connections between: ${lags.length} events, p50 ${
      at(0.5)
    } ms, ` +
      `p95 ${at(0.95)} ms (target 5)`,
  );
  child.kill("SIGKILL");
  await child.status;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ args: Deno.args, options: { redis: { type: "boolean" } } });
  const binary = Deno.env.get("CREWAGENT_BIN") ?? "dist/crewagent";
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/bmad/agents`, { recursive: true });
  await Deno.mkdir(`${folder}/config`);
  await Deno.writeTextFile(`${folder}/bmad/agents/a.md`, "---\nid: a\n---\nFirst.\n");
  await Deno.writeTextFile(
    `${folder}/bmad/agents/b.md`,
    "---\nid: b\nwait_for: {agents: [a]}\n---\nSecond.\n",
  );
  await using redis = await startRedis("--appendfsync", "everysec");
  const backend = values.redis ? "redis" : "file";
  await Deno.writeTextFile(`${folder}/config/runtime.yaml`, `memory:\n  backend: ${backend}\n`);
  const env = { REDIS_URL: redis.url };
  const starts: number[] = [];
  for (let start = 0; start < 5; start++) {
    const service = await startService(binary, folder, env);
    starts.push(service.firstHealthMs);
    service.child.kill("SIGKILL");
    await service.child.status;
  }
  console.log(`memory: ${backend} · ${CLIENTS} clients on the same machine · times in ms`);
  const sorted = starts.toSorted((a, b) => a - b);
  console.log(`start to first /health: ${sorted[2]?.toFixed(0)} (target 300)`);
  console.log(
    `${"route".padEnd(28)} requests      p50      p95  target           p50 alone    CPU`,
  );
  const service = await startService(binary, folder, env);
  await measureBareRoute();
  for (const bench of BENCHES) await measure(service, bench);
  service.child.kill("SIGTERM");
  await service.child.status;
  await measureEvents(binary, folder);
  await Deno.remove(folder, { recursive: true });
}

await main();
