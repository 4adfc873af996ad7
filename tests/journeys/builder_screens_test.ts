// Every screen of the builder in a real browser: axe finds nothing, light or dark; texts that are
// scripts stay texts; more tabs than a browser has connections still work.
import assert from "node:assert/strict";
import axe, { type AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { ROUTES } from "../../builder/app.ts";
import { openContext, signUp, until, visit } from "./builder_browser.ts";
import { canvasReady, drag, middleOf, nodeMark } from "./canvas.ts";
import {
  done,
  edit,
  furnish,
  newPackage,
  runScreens,
  type Screen,
  screensOf,
  signInContext,
} from "./screens.ts";
import { signUpClient } from "./builder_client.ts";

/** Puts axe into a page, by the debugger, which the page's policy does not bind. */
async function bringAxe(page: Page): Promise<void> {
  await page.evaluate(axe.source);
}

/** What axe says about the page as it is now, one line for each element; by all rules, or some. */
async function violations(page: Page, rules: readonly string[] = []): Promise<readonly string[]> {
  const only = rules.length > 0 ? { runOnly: { type: "rule", values: rules } } : {};
  const options = JSON.stringify({ resultTypes: ["violations"], ...only });
  const result = await page.evaluate(`axe.run(${options})`) as AxeResults;
  return result.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`)
  );
}

/** What a route gives that is no screen: files, parts of a page, streams, data. */
const NO_SCREENS = [
  "/",
  "/open",
  "/packages/:packageId/download",
  "/packages/:packageId/events",
  "/packages/:packageId/raw/*",
  "/projects/:projectId/raw",
  "/projects/:projectId/tree",
  "/inbox/waiting",
  "/runs/:runId/stream",
  "/runs/:runId/talk",
  "/packages/:packageId/workflows/:workflowId/canvas",
  "/packages/:packageId/workflows/:workflowId/findings",
  "/packages/:packageId/workflows/:workflowId/inspector",
  "/api/v1/openapi.json",
  "/settings/profiles/named/:name/test",
  "/settings/mcp/servers/:serverId/test",
];

/** The first start is seen by axe in a test of its own: there is no account then. */
const FIRST_START = "/start";

visit("axe finds nothing on any screen, light or dark", async (scene) => {
  await scene.page.goto(scene.server().link);
  await bringAxe(scene.page);
  const found: Record<string, readonly string[]> = { start: await violations(scene.page) };
  const { client, screens } = await furnish(scene.server());
  assert.deepEqual(pagesWithout(screens), []);
  const own = await openContext(scene.browser, scene.faults);
  await signInContext(own, client);
  const page = await own.newPage();
  const visitor = await scene.context.newPage();
  for (const { name, path, isPublic, status = 200 } of screens) {
    const shown = isPublic ? visitor : page;
    await shown.emulateMedia({ colorScheme: "light" });
    const answer = await shown.goto(client.origin + path);
    assert.equal(answer?.status(), status, name);
    await bringAxe(shown);
    found[`${name}, light`] = await violations(shown);
    await shown.emulateMedia({ colorScheme: "dark" });
    // Only colours differ.
    found[`${name}, dark`] = await violations(shown, ["color-contrast"]);
  }
  const clean = Object.fromEntries(Object.keys(found).map((name) => [name, []]));
  assert.deepEqual(found, clean);
});

/** The pages of the route table that no screen shows. */
function pagesWithout(screens: readonly Screen[]): readonly string[] {
  const pages = ROUTES.filter(({ method, access }) => method === "GET" && access !== "control")
    .map(({ path }) => path).filter((path) => !path.startsWith("/api/") || path.endsWith("/docs"));
  const shown = screens.map(({ path }) => new URL(path, "http://localhost").pathname);
  const patternOf = (path: string) =>
    new RegExp(`^${path.replace(/:\w+/g, "[^/]+").replace("*", ".+")}$`);
  return pages.filter((path) =>
    path !== FIRST_START && !NO_SCREENS.includes(path) &&
    !shown.some((place) => patternOf(path).test(place))
  );
}

const SCRIPT = `"'><img src=x onerror=alert(1)><script>alert(1)</script>`;

/** Edits that write a script into every text of a package. */
const HOSTILE_EDITS: readonly unknown[] = [
  { kind: "manifest.change", fields: { description: SCRIPT, author: SCRIPT } },
  {
    kind: "workflow.change",
    workflowId: "main",
    fields: { displayName: SCRIPT, description: SCRIPT, tags: [SCRIPT] },
  },
  {
    kind: "node.change",
    workflowId: "main",
    nodeId: "choose",
    fields: {
      title: SCRIPT,
      description: SCRIPT,
      goal: SCRIPT,
      instructions: SCRIPT,
      completion: SCRIPT,
    },
  },
  {
    kind: "edge.change",
    workflowId: "main",
    edge: "ask-wish>choose#1",
    fields: { label: SCRIPT, conditionText: SCRIPT, conditionExpr: { "==": [SCRIPT, SCRIPT] } },
  },
  {
    kind: "agent.change",
    agentId: "host",
    fields: {
      metadata: { name: SCRIPT, title: SCRIPT, icon: "<b>", description: SCRIPT },
      persona: {
        role: SCRIPT,
        identity: SCRIPT,
        communication_style: SCRIPT,
        principles: [SCRIPT],
      },
    },
  },
  { kind: "file.write", path: "assets/checklist.md", text: SCRIPT, baseSha256: null },
  { kind: "file.write", path: "assets/page.html", text: SCRIPT, baseSha256: null },
];

visit("a script in any text is shown as text, on every screen", async (scene) => {
  const { context, page } = scene;
  const client = await signUpClient(scene.server());
  const packageId = await newPackage(client, SCRIPT, "hello-branch");
  for (const change of HOSTILE_EDITS) await edit(client, packageId, change);
  const label = SCRIPT.slice(0, 60);
  await done(client.post(`/packages/${packageId}/versions`, { label, notes: SCRIPT }));
  await done(client.post("/settings/tokens", { name: SCRIPT }));
  await signInContext(context, client);
  const runs = await runScreens(scene.server(), client, packageId);
  for (const { path } of [...await screensOf(client, packageId), ...runs]) {
    await page.goto(client.origin + path);
    assert.equal(await page.locator('img[src="x"]').count(), 0, path);
  }
  await page.goto(`${client.origin}/packages/${packageId}/workflows/main`);
  await canvasReady(page);
  await page.keyboard.press("Control+a");
  await page.locator('[id="node:choose"]').click();
  await page.locator("#inspector form").first().waitFor();
  await page.keyboard.press("F2");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+z");
  await page.goto(`${client.origin}/packages/${packageId}/raw/assets/page.html`).catch(() => null);
  assert.equal(await page.locator('img[src="x"]').count(), 0);
});

visit(
  "ten tabs of one workflow all work, since only the one that is seen listens",
  async (scene) => {
    const { context, page } = scene;
    await signUp(scene);
    await page.getByRole("link", { name: "New package" }).first().click();
    await page.getByLabel("Name").fill("Tabs");
    await page.getByRole("button", { name: "Create package" }).click();
    await page.getByRole("link", { name: "Main", exact: true }).click();
    await canvasReady(page);
    let last = page;
    for (let tab = 0; tab < 9; tab++) {
      await show(last, "hidden");
      last = await context.newPage();
      await last.goto(page.url());
      await canvasReady(last);
    }
    const from = await middleOf(last, "Done");
    await drag(last, from, { x: from.x, y: from.y + 100 });
    await last.locator('#editor[data-revision="1"]').waitFor();
    assert.equal(await page.getAttribute("#editor", "data-revision"), "0");
    await show(last, "hidden");
    await show(page, "visible");
    await page.locator('#editor[data-revision="1"]').waitFor();
    const y = await nodeMark(last, "Done").getAttribute("data-y");
    await until(
      async () => await nodeMark(page, "Done").getAttribute("data-y") === y,
      "it has moved",
    );
  },
);

/** A browser without windows shows every tab; this one is told what a person would have done. */
async function show(page: Page, state: "hidden" | "visible"): Promise<void> {
  await page.evaluate((value) => {
    const { document, Event } = globalThis as unknown as {
      document: EventTarget;
      Event: typeof globalThis.Event;
    };
    Object.defineProperty(document, "visibilityState", { value, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);
}
