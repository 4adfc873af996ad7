// The workflow editor in a real browser over the real application, for tests: a page, real input
// events, and the workflow as the server stored it. Not here: the tests.
import assert from "node:assert/strict";
import type { BrowserContext, Page } from "playwright-core";
import type { DraftWorkflow } from "../../builder/edit/draft.ts";
import { blankPackage } from "../../runtime/package/template.ts";
import { type EditorServer, startEditorServer } from "../views/editor/editor_server.ts";
import { CHROMIUM_PATH, hasChromium, launchBrowser, patientContext } from "./chromium.ts";
import { PATIENCE_MS } from "../patience.ts";

/** A page of the editor, and the workflow as it is stored. */
export interface Scene {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly server: EditorServer;
  readonly url: string;
  readonly packageId: string;
  stored(): Promise<DraftWorkflow>;
}

/**
 * A test with a server, a package of two nodes, and a page of its editor; fails as well where a script
 * or the server failed. Passed over where there is no Chromium.
 */
export function browserTest(name: string, test: (scene: Scene) => Promise<void>): void {
  if (!hasChromium) {
    Deno.test.ignore(`${name} (no Chromium at ${CHROMIUM_PATH})`, () => {});
    return;
  }
  Deno.test(name, async () => {
    await using server = await startEditorServer();
    const packageId = await server.addPackage(blankPackage("drawn"));
    const { draft } = await server.services.liveDrafts.read(server.userId, packageId);
    const workflowId = draft.workflows[0]?.id ?? "";
    const browser = await launchBrowser();
    try {
      const context = await patientContext(browser, { viewport: { width: 1280, height: 720 } });
      await context.addCookies([server.cookie]);
      const page = await context.newPage();
      const faults: string[] = [];
      page.on("pageerror", (error) => faults.push(error.stack ?? error.message));
      const url = `${server.origin}/packages/${packageId}/workflows/${workflowId}`;
      await open(page, url);
      const stored = async () => {
        const state = await server.services.liveDrafts.read(server.userId, packageId);
        const workflow = state.draft.workflow(workflowId);
        assert.ok(workflow);
        return workflow;
      };
      await test({ page, context, server, url, packageId, stored });
      assert.deepEqual(faults, []);
      assert.deepEqual(server.logged, []);
    } finally {
      await browser.close();
    }
  });
}

/** Opens an editor and waits until it obeys. */
export async function open(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.waitForSelector("#editor.ready");
}

/** A node's mark. */
export const node = (page: Page, id: string) => page.locator(`[id="node:${id}"]`);

/** The middle of a node in the window. */
export async function middleOf(page: Page, id: string): Promise<{ x: number; y: number }> {
  const box = await node(page, id).locator(".node-box").boundingBox();
  assert.ok(box, `The node "${id}" is not in the page`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Presses, moves in steps, releases. */
export async function drag(
  page: Page,
  from: { x: number; y: number },
  to: { x: number; y: number },
) {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 });
  await page.mouse.move(to.x, to.y, { steps: 4 });
  await page.mouse.up();
}

/** Waits until something holds; the page's own policy forbids to evaluate texts inside it. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!await holds()) {
    assert.ok(Date.now() < deadline, `Waited too long until ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** What stands in an element; empty if nothing. */
export const textOf = async (page: Page, selector: string) =>
  await page.textContent(selector) ?? "";

/** Waits until an edit with this revision is shown. */
export async function revision(page: Page, number: number): Promise<void> {
  await page.waitForSelector(`#editor[data-revision="${number}"]`, { state: "attached" });
}

/** Adds a node by a double-click on an empty place, and waits for it. */
export async function addAt(
  page: Page,
  at: { x: number; y: number },
  title: string,
): Promise<void> {
  await page.mouse.dblclick(at.x, at.y);
  await page.fill("#add-title", title);
  await page.keyboard.press("Enter");
  await page.waitForSelector(`.node[data-title="${title}"]`);
}
