import { chromium } from "playwright-core";
import { startEditorServer } from "./views/editor/editor_server.ts";
import { largePackage } from "./views/editor/large_package.ts";
const s = await startEditorServer();
const id = await s.addPackage(largePackage({ nodes: 1000, edges: 1500 }));
const b = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox","--disable-gpu","--disable-quic","--no-first-run","--disable-background-networking","--disable-component-update","--disable-sync"] });
const ctx = await b.newContext({ viewport: { width: 1280, height: 720 } });
await ctx.addCookies([s.cookie]);
const page = await ctx.newPage();
await page.goto(`${s.origin}/packages/${id}/workflows/big`);
await page.waitForSelector("#editor.ready"); await page.waitForTimeout(2500);
async function prof(name: string, act: () => Promise<void>) {
  const ses = await ctx.newCDPSession(page); const ev: any[] = [];
  ses.on("Tracing.dataCollected", (e: any) => ev.push(...e.value));
  await ses.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { includedCategories: ["devtools.timeline","toplevel","__metadata"] } });
  await act();
  const done = new Promise<void>(r => ses.once("Tracing.tracingComplete", () => r())); await ses.send("Tracing.end"); await done;
  const mains = ev.filter(e => e.name === "thread_name" && e.args?.name === "CrRendererMain");
  const sums = new Map<string, number[]>();
  for (const e of ev) { if (!mains.some(m => m.pid === e.pid && m.tid === e.tid) || e.ph !== "X") continue; const l = sums.get(e.name) ?? []; l.push((e.tdur ?? e.dur)/1000); sums.set(e.name, l); }
  console.log("==", name, ev.some(e => e.name==="Paint" && e.tdur !== undefined) ? "tdur" : "dur");
  for (const [n, l] of [...sums].map(([n,l]) => [n, l.sort((a,b)=>a-b)] as const).sort((a,b) => b[1].reduce((x,y)=>x+y,0)-a[1].reduce((x,y)=>x+y,0)).slice(0, 11)) console.log(n.padEnd(44), String(l.length).padStart(5), "sum", l.reduce((x,y)=>x+y,0).toFixed(1), "med", l[l.length>>1].toFixed(2), "p95", l[Math.floor(l.length*.95)].toFixed(2), "max", l.at(-1)!.toFixed(1));
}
const nf = () => page.evaluate("new Promise(requestAnimationFrame)");
await page.mouse.move(600, 400);
await prof("pan", async () => { for (let i = 0; i < 100; i++) { await page.mouse.wheel(i % 40 < 20 ? 30 : -30, 12); await nf(); } });
await page.waitForTimeout(600);
await page.keyboard.down("Control");
await prof("zoom", async () => { for (let i = 0; i < 100; i++) { await page.mouse.wheel(0, i % 60 < 30 ? 18 : -18); await nf(); } });
await page.keyboard.up("Control"); await page.waitForTimeout(600);
await page.locator("#canvas").focus(); await page.keyboard.press("."); await page.keyboard.press("Home"); await page.waitForTimeout(500);
const box = await page.locator('[id="node:node-1"] .node-box').boundingBox();
await page.mouse.move(box!.x + 40, box!.y + 20); await page.mouse.down(); await page.mouse.move(box!.x+60, box!.y+40); await nf();
await prof("drag", async () => { for (let i = 0; i < 100; i++) { await page.mouse.move(box!.x + 60 + (i%50)*3, box!.y + 40 + (i%30)*2); await nf(); } });
await b.close(); await s[Symbol.asyncDispose]();
