import { chromium } from "playwright-core";
import { startEditorServer } from "/work/help/editor/tests/views/editor/editor_server.ts";
import { largePackage } from "/work/help/editor/tests/views/editor/large_package.ts";
const s = await startEditorServer();
async function folder(dir: string) { const files = new Map<string, Uint8Array>(); async function walk(d: string, p: string) { for await (const e of Deno.readDir(d)) { if (e.isDirectory) await walk(`${d}/${e.name}`, `${p}${e.name}/`); else files.set(p+e.name, await Deno.readFile(`${d}/${e.name}`)); } } await walk(dir, ""); return files; }
const hello = await s.addPackage(await folder("/work/help/editor/examples/hello-branch"));
const loop = await s.addPackage(await folder("/work/help/editor/examples/review-loop"));
const forty = await s.addPackage(largePackage({ nodes: 40, edges: 60 }));
const bf = new Map(largePackage({ nodes: 1000, edges: 1500 })); bf.set("bmad.json", new TextEncoder().encode(new TextDecoder().decode(bf.get("bmad.json")).replace('"name": "big"', '"name": "bigger"')));
const big = await s.addPackage(bf);
const b = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox","--disable-gpu","--disable-quic","--no-first-run","--disable-background-networking","--disable-component-update","--disable-sync"] });
const scheme = (Deno.args[0] ?? "light") as "light"|"dark";
const ctx = await b.newContext({ viewport: { width: 1280, height: 720 }, colorScheme: scheme });
await ctx.addCookies([s.cookie]);
const page = await ctx.newPage();
page.on("console", m => console.log("console", m.type(), m.text()));
page.on("pageerror", e => console.log("pageerror", e.stack));
const shot = (n: string) => page.screenshot({ path: `/tmp/shots/${n}-${scheme}.png` });
await Deno.mkdir("/tmp/shots", { recursive: true });
for (const [n, id, w] of [["hello", hello, "main"], ["loop", loop, "review-loop"], ["forty", forty, "big"], ["big", big, "big"]] as const) {
  const r = await page.goto(`${s.origin}/packages/${id}/workflows/${w}`);
  console.log(n, r?.status());
  await page.waitForSelector("#editor.ready", {timeout: 5000}).catch(() => console.log("not ready"));
  await page.waitForTimeout(900);
  await shot(n);
}
await page.goto(`${s.origin}/packages/${hello}/workflows/main`);
await page.waitForSelector("#editor.ready");
await page.click('[id="node:choose"]'); await page.waitForTimeout(100); await shot("selected");
await page.dblclick('[id^="edge:"] .edge-label >> nth=1'); await page.waitForTimeout(100); await shot("edgeform");
await page.keyboard.press("Escape"); await page.keyboard.press("Escape"); await page.keyboard.press("n"); await page.waitForTimeout(100); await shot("addform");
await page.keyboard.press("Escape"); await page.keyboard.press("Shift+?"); await page.waitForTimeout(200); await shot("keys");
await page.goto(`${s.origin}/packages/${hello}/workflows/main/outline?open=choose`); await shot("outline");
console.log(s.logged.join("\n").slice(0, 3000));
await b.close(); await s[Symbol.asyncDispose]();
