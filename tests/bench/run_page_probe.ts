// What a page of a run is asked by `run_page.ts`: when the browser had painted what, and what it holds in
// memory. Not a test.
import type { Page } from "playwright-core";

/** Milliseconds from the moment that an entry or a piece bears to the frame that shows it. */
export interface Paints {
  /** Pieces of the model's text, by the time that the model wrote into them. */
  readonly pieces: readonly number[];
  /** Entries of the conversation: the number of their event, and when they were painted. */
  readonly entries: readonly (readonly [seq: number, paintedAt: number])[];
}

/** Runs in the page before its own scripts. After a frame's callbacks comes its paint, then the message. */
export const PROBE = `
  globalThis.painted = { pieces: [], entries: [] };
  const seen = [];
  const piecesOf = (text) => [...text.matchAll(/@(\\d+)\\n/g)].map(([, at]) => Number(at));
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    const now = Date.now();
    for (const { sentAt, seq } of seen.splice(0)) {
      if (seq === undefined) painted.pieces.push(now - sentAt);
      else painted.entries.push([seq, now]);
    }
  };
  const look = (records) => {
    const before = seen.length;
    for (const { addedNodes } of records) for (const node of addedNodes) {
      if (node.nodeType === 3 && node.parentElement?.closest("#streaming")) {
        seen.push(...piecesOf(node.data).map((sentAt) => ({ sentAt })));
      }
      if (node.nodeType === 1 && node.matches(".talk-item")) {
        seen.push({ seq: Number(node.id.replace("item-", "")) });
      }
    }
    if (seen.length > before) requestAnimationFrame(() => channel.port2.postMessage(0));
  };
  addEventListener("DOMContentLoaded", () =>
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true }));
`;

/** What was painted since the last call. */
export async function takePaints(page: Page): Promise<Paints> {
  return await page.evaluate(
    "(() => { const taken = painted; painted = { pieces: [], entries: [] }; return taken; })()",
  );
}

/** Memory of a page after its garbage was collected. */
export interface PageMemory {
  readonly heapMB: number;
  /** Elements and texts that the browser holds for the page, in the document or not. */
  readonly nodes: number;
  /** Elements in the document. */
  readonly elements: number;
}

/** Asks the browser, not the page. */
export async function memoryOfPage(page: Page): Promise<PageMemory> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  await session.send("HeapProfiler.collectGarbage");
  const { metrics } = await session.send("Performance.getMetrics");
  await session.detach();
  const value = (wanted: string) => metrics.find(({ name }) => name === wanted)?.value ?? NaN;
  return {
    heapMB: value("JSHeapUsedSize") / 1e6,
    nodes: value("Nodes"),
    elements: await page.evaluate("document.querySelectorAll('*').length"),
  };
}
