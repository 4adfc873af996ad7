// How the workflow editor behaves with 1,000 nodes and 1,500 edges, in a real browser without a GPU:
//   deno run -A tests/bench/editor.ts
// Prints medians and 95th percentiles: time to first paint, main-thread time of each frame while
// panning, zooming and dragging, and the server's time for an edit.
import { type CDPSession, chromium, type Page } from "playwright-core";
import { CHROMIUM_ARGUMENTS, CHROMIUM_PATH } from "../journeys/chromium.ts";
import { type EditorServer, startEditorServer } from "../views/editor/editor_server.ts";
import { largePackage } from "../views/editor/large_package.ts";

const SIZE = { nodes: 1000, edges: 1500 };
const FRAMES = 120;

/** An event of the browser's trace; microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  readonly dur?: number;
  /** Time of the thread itself: what other programs do on a busy machine is not in it. */
  readonly tdur?: number;
  readonly pid: number;
  readonly tid: number;
  readonly args?: { readonly name?: string };
}

function report(name: string, valuesMs: readonly number[]): void {
  const sorted = [...valuesMs].sort((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  const line = [at(0.5), at(0.95), sorted.at(-1) ?? 0].map((ms) => ms.toFixed(1).padStart(8)).join(
    " ",
  );
  console.log(`${name.padEnd(34)} ${line}   (${sorted.length})`);
}

/** What the main thread did between each two frames' starts while `act` ran, in milliseconds. */
async function frameTimes(page: Page, act: () => Promise<void>): Promise<number[]> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on(
    "Tracing.dataCollected",
    ({ value }) => events.push(...value as unknown as TraceEvent[]),
  );
  await session.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: ["devtools.timeline", "toplevel", "__metadata"] },
  });
  await act();
  await stopTracing(session);
  return perFrame(events);
}

async function stopTracing(session: CDPSession): Promise<void> {
  const ended = new Promise<void>((resolve) =>
    session.once("Tracing.tracingComplete", () => resolve())
  );
  await session.send("Tracing.end");
  await ended;
}

/** Sums the main thread's tasks from one frame to the next. */
function perFrame(events: readonly TraceEvent[]): number[] {
  const main = events.find((event) =>
    event.name === "thread_name" && event.args?.name === "CrRendererMain" &&
    events.some((other) =>
      other.tid === event.tid && other.pid === event.pid && other.name === "FireAnimationFrame"
    )
  );
  const own = events.filter(({ pid, tid }) => pid === main?.pid && tid === main?.tid);
  const starts = own.filter(({ name }) => name === "FireAnimationFrame").map(({ ts }) => ts);
  const frames = [...new Set(starts)].sort((a, b) => a - b);
  const tasks = own.filter(({ name, ph }) =>
    name === "RunTask" || (name === "ThreadControllerImpl::RunTask" && ph === "X")
  );
  return frames.map((start, index) => {
    const end = frames[index + 1] ?? start + 16_000;
    const inside = tasks.filter(({ ts, dur = 0 }) => ts + dur > start && ts + dur <= end);
    return inside.reduce((sum, { dur = 0, tdur = dur }) => sum + tdur, 0) / 1000;
  });
}

async function openEditor(page: Page, server: EditorServer, packageId: string): Promise<void> {
  await page.goto(`${server.origin}/packages/${packageId}/workflows/big`);
  await page.waitForSelector("#editor.ready");
  await page.waitForSelector("#findings ul");
  await page.waitForLoadState("networkidle").catch(() => undefined);
}

async function firstPaints(page: Page, server: EditorServer, packageId: string): Promise<void> {
  const paints: number[] = [];
  const ready: number[] = [];
  for (let round = 0; round < 7; round++) {
    await page.goto(`${server.origin}/packages/${packageId}/workflows/big`);
    await page.waitForSelector("#editor.ready");
    const times = await page.evaluate(() => [
      performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
      performance.now(),
    ]);
    paints.push(times[0] ?? 0);
    ready.push(times[1] ?? 0);
  }
  report("first contentful paint, ms", paints);
  report("editor ready, ms", ready);
}

/** Waits for the browser's next frame, so that each step is one. */
const nextFrame = (page: Page) => page.evaluate("new Promise(requestAnimationFrame)");

async function panning(page: Page): Promise<void> {
  await page.mouse.move(600, 400);
  report(
    "panning: main thread per frame, ms",
    await frameTimes(page, async () => {
      for (let step = 0; step < FRAMES; step++) {
        await page.mouse.wheel(step % 40 < 20 ? 30 : -30, 12);
        await nextFrame(page);
      }
    }),
  );
}

async function zooming(page: Page): Promise<void> {
  await page.mouse.move(600, 400);
  await page.keyboard.down("Control");
  report(
    "zooming: main thread per frame, ms",
    await frameTimes(page, async () => {
      for (let step = 0; step < FRAMES; step++) {
        await page.mouse.wheel(0, step % 60 < 30 ? 18 : -18);
        await nextFrame(page);
      }
    }),
  );
  await page.keyboard.up("Control");
}

async function dragging(page: Page, name: string, nodeId: string): Promise<void> {
  const box = await page.locator(`[id="node:${nodeId}"] .node-box`).boundingBox();
  if (box === null) throw new Error(`The node "${nodeId}" is not in sight`);
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 10, y + 10);
  await nextFrame(page);
  report(
    `${name}: main thread per frame, ms`,
    await frameTimes(page, async () => {
      for (let step = 0; step < FRAMES; step++) {
        await page.mouse.move(x + 10 + (step % 50) * 3, y + 10 + (step % 30) * 2);
        await nextFrame(page);
      }
    }),
  );
  await page.keyboard.press("Escape");
  await page.mouse.up();
}

async function edits(
  server: EditorServer,
  packageId: string,
  shown: { readonly csrf: string; readonly revision: number },
): Promise<void> {
  const times: number[] = [];
  const { csrf } = shown;
  let { revision } = shown;
  for (let round = 0; round < 120; round++) {
    const edit = round % 2 === 0
      ? {
        kind: "nodes.move",
        workflowId: "big",
        positions: { "node-500": { x: 100 + round, y: 50 } },
      }
      : { kind: "edge.change", workflowId: "big", edge: "e700", fields: { label: `way ${round}` } };
    const startedAt = performance.now();
    const response = await fetch(`${server.origin}/packages/${packageId}/edits`, {
      method: "POST",
      headers: {
        "accept": "text/html",
        "content-type": "application/json",
        "cookie": `${server.cookie.name}=${server.cookie.value}`,
        "origin": server.origin,
        "x-csrf-token": csrf,
      },
      body: JSON.stringify({ baseRevision: revision, edit }),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`The edit failed: ${text.slice(0, 400)}\n${server.logged.join("\n")}`);
    }
    times.push(performance.now() - startedAt);
    revision = Number(/data-revision="(\d+)"/.exec(text)?.[1]);
  }
  report("an edit, request to answer, ms", times.slice(20));
}

async function main(): Promise<void> {
  await using server = await startEditorServer();
  const packageId = await server.addPackage(largePackage(SIZE));
  const browser = await chromium.launch({
    executablePath: CHROMIUM_PATH,
    args: CHROMIUM_ARGUMENTS,
  });
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
    await context.addCookies([server.cookie]);
    const page = await context.newPage();
    console.log(
      `${SIZE.nodes} nodes, ${SIZE.edges} edges`.padEnd(34),
      "  median      p95      max",
    );
    await firstPaints(page, server, packageId);
    await openEditor(page, server, packageId);
    await page.locator("#canvas").focus();
    await dragging(page, "dragging one node", "node-1");
    await panning(page);
    await zooming(page);
    await page.keyboard.press("f");
    await page.waitForTimeout(500);
    await dragging(page, "dragging, everything in sight", "node-500");
    await page.keyboard.press("Control+a");
    await dragging(page, "dragging all 1,000 nodes", "node-500");
    // The tokens of the page are still good; the page itself would ask for what changed meanwhile.
    const csrf = await page.getAttribute('meta[name="csrf"]', "content") ?? "";
    const revision = Number(await page.getAttribute("#editor", "data-revision"));
    await page.goto("about:blank");
    await edits(server, packageId, { csrf, revision });
  } finally {
    await browser.close();
  }
}

await main();
