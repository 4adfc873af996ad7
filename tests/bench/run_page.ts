// How the page of a run keeps up, by the built executable and a real browser: deno task bench:run
// Times from an event to its paint, alone and beside 50 other streams; then a run of 5,000 events: memory
// of page and server, and how long the page and its tabs take to open. Prints the load first: on a busy
// machine processor time says more than the clock.
import { parseArgs } from "node:util";
import type { BrowserContext, Page } from "playwright-core";
import { makeChain } from "./chain.ts";
import { loadOfMachine, memoryOf, processorMs } from "./process_use.ts";
import { startTimedModel, type TimedModel } from "./run_page_model.ts";
import { memoryOfPage, PROBE, takePaints } from "./run_page_probe.ts";
import { readRunLog } from "../../runtime/run/run_log.ts";
import { writeArchive } from "../../runtime/package/archive.ts";
import { signIn } from "../journeys/builder_browser.ts";
import { type BuilderClient, signUpClient } from "../journeys/builder_client.ts";
import { type BuilderProcess, startBuilder, withHome } from "../journeys/builder_process.ts";
import { launchBrowser, patientContext } from "../journeys/chromium.ts";

const { values: asked } = parseArgs({
  options: {
    events: { type: "string", default: "5000" },
    streams: { type: "string", default: "50" },
    seconds: { type: "string", default: "20" },
  },
});
const [EVENTS, STREAMS] = [Number(asked.events), Number(asked.streams)];
const WATCH_MS = Number(asked.seconds) * 1_000;
const OPENINGS = 7;
const TABS = ["progress", "log", "calls", "artifacts", "changes"];
/** A model that streams at about 25 pieces a second. */
const SLOW = { pieces: 40, pauseMs: 40 };

/** What all parts need. */
interface Scene {
  readonly server: BuilderProcess;
  readonly client: BuilderClient;
  readonly model: TimedModel;
  readonly page: Page;
  readonly home: string;
  readonly packageId: string;
}

function report(name: string, values: readonly number[], aim = ""): void {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, sorted.length * share | 0)] ?? 0;
  const numbers = [at(0.5), at(0.95), sorted.at(-1) ?? 0].map((ms) => ms.toFixed(1).padStart(9));
  console.log(`${name.padEnd(44)}${numbers.join("")}  (${values.length})  ${aim}`);
}

async function importChain(client: BuilderClient, dir: string): Promise<string> {
  await makeChain(dir, Math.ceil(EVENTS / 50) + 20);
  const files = new Map<string, Uint8Array>();
  for (const folder of ["", "steps/"]) {
    for (const { isFile, name } of Deno.readDirSync(`${dir}/${folder}`)) {
      if (isFile) files.set(folder + name, Deno.readFileSync(`${dir}/${folder}${name}`));
    }
  }
  const bytes = writeArchive(files, "The chain") as Uint8Array<ArrayBuffer>;
  const answer = await client.post("/packages/import", { file: new File([bytes], "chain.bmad") });
  await answer.body?.cancel();
  return /^\/packages\/([a-z0-9]+)/.exec(answer.headers.get("location") ?? "")?.[1] ?? "";
}

async function startRun({ client, packageId, home }: Scene): Promise<string> {
  const projectDir = await Deno.makeTempDir({ dir: `${home}/..`, prefix: "project-" });
  const options = { allowAll: true, maxTurns: 100_000, maxTurnsPerNode: 1_000 };
  const answer = await client.postJson("/api/v1/runs", { packageId, projectDir, options });
  const { data, error } = await answer.json();
  if (error) throw new Error(JSON.stringify(error));
  return data.runId;
}

async function stopRun({ client }: Scene, runId: string): Promise<void> {
  await (await client.postJson(`/api/v1/runs/${runId}/stop`, {})).body?.cancel();
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Looks at a page for a while: how late it paints, and what that takes of the server. */
async function watch(scene: Scene, runId: string, name: string): Promise<void> {
  const { server, page, home } = scene;
  await takePaints(page);
  const log = () => readRunLog(`${home}/runs/${runId}/log.jsonl`);
  const [tookBefore, eventsBefore] = [processorMs(server.pid), log().length];
  await pause(WATCH_MS);
  const [took, events] = [processorMs(server.pid) - tookBefore, log()];
  const { pieces, entries } = await takePaints(page);
  const at = new Map(events.map(({ seq, at }) => [seq, Date.parse(at)]));
  report(`${name}: piece → paint, ms`, pieces, "p95 < 50");
  report(
    `${name}: event → paint, ms`,
    entries.map(([seq, paintedAt]) => paintedAt - (at.get(seq) ?? NaN)),
    "p95 < 50",
  );
  const perEvent = (took / (events.length - eventsBefore)).toFixed(1);
  console.log(
    `${`${name}: processor of the server`.padEnd(44)}${(took / WATCH_MS * 100).toFixed(1)} %, ` +
      `${perEvent} ms an event with its streamed text`,
  );
}

/** Streams of clients that are no browser, as the page opens them; each has heard something. */
async function openStreams({ client, home }: Scene, runId: string) {
  const { length } = readRunLog(`${home}/runs/${runId}/log.jsonl`);
  const ended = new AbortController();
  const headers = { "sec-fetch-site": "same-origin", accept: "text/event-stream" };
  const answers = await Promise.all(
    Array.from(
      { length: STREAMS },
      () => client.send(`/runs/${runId}/stream?after=${length}`, { headers, signal: ended.signal }),
    ),
  );
  const heard = answers.map(() => 0);
  const reading = answers.map(async ({ status, body }, index) => {
    if (status !== 200) throw new Error(`Stream ${index} was answered with ${status}`);
    for await (const chunk of body ?? []) heard[index] = (heard[index] ?? 0) + chunk.length;
  });
  while (heard.some((bytes) => bytes < 1_000)) await Promise.race([pause(100), ...reading]);
  return {
    heard,
    async close() {
      ended.abort();
      await Promise.allSettled(reading);
    },
  };
}

async function paints(scene: Scene): Promise<void> {
  const { server: { pid, origin }, page, model } = scene;
  Object.assign(model.pace, SLOW);
  const runId = await startRun(scene);
  await page.goto(`${origin}/runs/${runId}`);
  await page.locator("#talk .talk-item").nth(3).waitFor();
  console.log(`\n${`${WATCH_MS / 1000} s each`.padEnd(44)}   median      p95      max`);
  await watch(scene, runId, "alone");
  const before = memoryOf(pid).own;
  const streams = await openStreams(scene, runId);
  await watch(scene, runId, `beside ${STREAMS} streams`);
  const each = (memoryOf(pid).own - before) / STREAMS;
  const kilobytes = streams.heard.map((bytes) => bytes / 1024);
  report("heard by each of them, KB", kilobytes);
  console.log(`${"memory of the server per stream, MB".padEnd(44)}${each.toFixed(2)}`);
  await streams.close();
  await watch(scene, runId, "alone again");
  await stopRun(scene, runId);
}

async function reportMemory({ page, server: { pid } }: Scene, name: string): Promise<void> {
  const { heapMB, nodes, elements } = await memoryOfPage(page);
  const { resident, own } = memoryOf(pid);
  console.log(
    `${name.padEnd(30)}page: ${heapMB.toFixed(1)} MB, ${nodes} nodes, ${elements} elements; ` +
      `server: ${resident.toFixed(0)} MB resident, ${own.toFixed(0)} MB own`,
  );
}

async function longRun(scene: Scene): Promise<string> {
  const { server: { pid, origin }, page, model, home } = scene;
  Object.assign(model.pace, { pieces: 1, pauseMs: 0 });
  const runId = await startRun(scene);
  await page.goto(`${origin}/runs/${runId}`);
  await page.locator("#talk .talk-item").nth(3).waitFor();
  console.log(`\nA run of ${EVENTS} events, its page open`);
  await reportMemory(scene, "at its beginning");
  const [startedAt, tookBefore] = [performance.now(), processorMs(pid)];
  const log = () => readRunLog(`${home}/runs/${runId}/log.jsonl`).length;
  while (log() < EVENTS) await pause(1_000);
  await stopRun(scene, runId);
  const seconds = (performance.now() - startedAt) / 1000;
  const processor = (processorMs(pid) - tookBefore) / 1000;
  await page.locator("#run-head [data-phase]:not([data-phase=running])").waitFor();
  console.log(
    `${log()} events in ${seconds.toFixed(0)} s, ${processor.toFixed(1)} s of processor time`,
  );
  await reportMemory(scene, "at its end");
  return runId;
}

/** How long the browser takes to show a tab, and what of that the server takes. */
async function openTabs(scene: Scene, runId: string): Promise<void> {
  const { server: { pid, origin }, page } = scene;
  console.log(`\n${"opening it, ms".padEnd(44)}   median      p95      max`);
  for (const tab of TABS) {
    const [answers, shown, processor]: number[][] = [[], [], []];
    let bytes = 0;
    for (let round = 0; round < OPENINGS; round++) {
      const tookBefore = processorMs(pid);
      await page.goto(`${origin}/runs/${runId}?tab=${tab}`);
      const [answer = 0, paint = 0, size = 0] = await page.evaluate<number[]>(`(() => {
        const [{ responseEnd, decodedBodySize }] = performance.getEntriesByType("navigation");
        const [paint] = performance.getEntriesByName("first-contentful-paint");
        return [responseEnd, paint?.startTime ?? performance.now(), decodedBodySize];
      })()`);
      answers?.push(answer);
      shown?.push(paint);
      processor?.push(processorMs(pid) - tookBefore);
      bytes = size;
    }
    report(`${tab}: answered`, answers ?? [], `${(bytes / 1024).toFixed(0)} KB`);
    report(`${tab}: painted`, shown ?? []);
    report(`${tab}: processor of the server`, processor ?? []);
  }
  await reportMemory(scene, "after that");
}

async function openPage(context: BrowserContext, origin: string): Promise<Page> {
  const page = await context.newPage();
  await page.addInitScript(PROBE);
  await signIn(page, origin, "mina");
  return page;
}

async function main(home: string): Promise<void> {
  const model = startTimedModel({ ...SLOW });
  const env = { CREWAGENT_MODEL: "m", OPENAI_BASE_URL: model.baseUrl };
  const server = await startBuilder({ home, env });
  const browser = await launchBrowser();
  try {
    const client = await signUpClient(server);
    const context = await patientContext(browser, { viewport: { width: 1280, height: 720 } });
    const page = await openPage(context, server.origin);
    const packageId = await importChain(client, `${home}/../chain`);
    const scene = { server, client, model, page, home, packageId };
    await paints(scene);
    await openTabs(scene, await longRun(scene));
  } finally {
    await browser.close();
    await server.stop();
    await model.close();
  }
}

console.log(`load ${loadOfMachine()}, ${navigator.hardwareConcurrency} cores`);
await withHome(main);
