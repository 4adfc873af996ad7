// The forms in a real browser over the real application: saving by itself, two tabs, raw text, the
// agent's preview, upload. What is asserted is what the server stored and what the page says of it.
import { Buffer } from "node:buffer";
import assert from "node:assert/strict";
import axe, { type AxeResults } from "axe-core";
import type { BrowserContext, Page } from "playwright-core";
import { type Draft, stepOf } from "../../builder/edit/draft.ts";
import { blankPackage } from "../../runtime/package/template.ts";
import { startEditorServer } from "../views/editor/editor_server.ts";
import { CHROMIUM_PATH, hasChromium, launchBrowser, patientContext } from "./chromium.ts";

interface Scene {
  readonly context: BrowserContext;
  readonly page: Page;
  /** URL of the package. */
  readonly base: string;
  readonly workflow: string;
  readonly workflowId: string;
  readonly nodeId: string;
  readonly agentId: string;
  draft(): Promise<Draft>;
}

function browserTest(name: string, test: (scene: Scene) => Promise<void>): void {
  if (!hasChromium) {
    Deno.test.ignore(`${name} (no Chromium at ${CHROMIUM_PATH})`, () => {});
    return;
  }
  Deno.test(name, async () => {
    await using server = await startEditorServer();
    const packageId = await server.addPackage(blankPackage("forms"));
    const draft = async () =>
      (await server.services.liveDrafts.read(server.userId, packageId)).draft;
    const first = await draft();
    const workflowId = first.workflows[0]?.id ?? "";
    const nodeId = first.workflow(workflowId)?.entryNodeId ?? "";
    const agentId = first.agents[0]?.id ?? "";
    const base = `${server.origin}/packages/${packageId}`;
    const workflow = `${base}/workflows/${workflowId}`;
    const browser = await launchBrowser();
    try {
      const context = await patientContext(browser, { viewport: { width: 1280, height: 720 } });
      await context.addCookies([server.cookie]);
      const faults: string[] = [];
      context.on("weberror", (fault) => faults.push(fault.error().message));
      const page = await context.newPage();
      await test({ context, page, base, workflow, workflowId, nodeId, agentId, draft });
      assert.deepEqual(faults, []);
      assert.deepEqual(server.logged, []);
    } finally {
      await browser.close();
    }
  });
}

/** Writes into a field and leaves it, which saves it. */
async function write(page: Page, label: string, text: string): Promise<void> {
  const field = page.getByLabel(label, { exact: true });
  await field.fill(text);
  await field.blur();
}

const saved = (page: Page) => page.locator("#form-status .saved");

browserTest("a node's form saves itself, and the file beside it follows", async (scene) => {
  const { page, workflow, workflowId, nodeId, draft } = scene;
  await page.goto(`${workflow}/nodes/${nodeId}`);
  await write(page, "Title", "Read everything");
  await saved(page).waitFor();
  await page.getByLabel("Goal", { exact: true }).fill("Know what is there.");
  // Nobody leaves the field: a pause is enough.
  await page.locator("#raw-text", { hasText: "Know what is there." }).waitFor();
  const after = await draft();
  assert.equal(after.workflow(workflowId)?.node(nodeId)?.title, "Read everything");
  assert.equal(stepOf(after, workflowId, nodeId)?.goal, "Know what is there.");
  assert.equal(await page.locator("#control-goal:focus").count(), 1);
});

browserTest(
  "a refused value stays in the field with its reason, also across a reload",
  async (scene) => {
    const { page, workflow, nodeId } = scene;
    await page.goto(`${workflow}/nodes/${nodeId}`);
    await write(page, "Outputs", "artifacts/a.md");
    await page.getByRole("button", { name: "Add a check" }).click();
    await page.locator('[name="checks.0.output"]').waitFor();
    await page.locator("summary", { hasText: "More conditions" }).click();
    await write(page, "Least bytes", "many");
    const fault = page.locator("#note-checks-0-minBytes .fault");
    await fault.waitFor();
    assert.equal(await page.getByLabel("Least bytes").inputValue(), "many");
    assert.equal(await page.getByLabel("Least bytes").getAttribute("aria-invalid"), "true");
    await page.reload();
    await page.locator("#note-checks-0-minBytes .kept").waitFor({ state: "attached" });
    assert.equal(await page.locator('[name="checks.0.minBytes"]').inputValue(), "many");
  },
);

browserTest("two tabs that change one field are shown theirs and mine", async (scene) => {
  const { context, page, workflow, workflowId, nodeId, draft } = scene;
  const url = `${workflow}/nodes/${nodeId}`;
  const other = await context.newPage();
  await page.goto(url);
  await other.goto(url);
  await write(other, "Title", "Theirs");
  await saved(other).waitFor();
  await write(page, "Title", "Mine");
  await page.locator("#note-title .theirs", { hasText: "Theirs" }).waitFor();
  assert.equal(await page.getByLabel("Title", { exact: true }).inputValue(), "Mine");
  await page.getByRole("button", { name: "Keep mine" }).click();
  await saved(page).waitFor();
  assert.equal((await draft()).workflow(workflowId)?.node(nodeId)?.title, "Mine");
  await write(other, "Title", "Theirs again");
  await other.getByRole("button", { name: "Take theirs" }).click();
  await other.locator('#control-title[value="Mine"]').waitFor();
  assert.equal((await draft()).workflow(workflowId)?.node(nodeId)?.title, "Mine");
});

browserTest(
  "the properties beside the canvas change it, and raw text changes the form",
  async (scene) => {
    const { page, workflow, workflowId, nodeId, draft } = scene;
    await page.goto(`${workflow}?node=${nodeId}`);
    const sheet = page.locator("#inspector #sheet");
    await sheet.locator('[name="title"]').waitFor();
    await sheet.getByLabel("Title", { exact: true }).fill("From the panel");
    await sheet.getByLabel("Title", { exact: true }).blur();
    await page.locator(`[id="node:${nodeId}"][data-title="From the panel"]`).waitFor();
    await sheet.locator("#file-panel > summary").click();
    const raw = sheet.locator("#raw-text");
    const text = await raw.inputValue();
    await raw.fill(text.replace(/^title: .*$/m, "title: ["));
    await sheet.getByRole("button", { name: "Save the text" }).click();
    await sheet.locator("#raw-note .fault").waitFor();
    assert.match(await raw.inputValue(), /^title: \[$/m);
    await raw.fill(text.replace(/^title: .*$/m, "title: From the text"));
    await sheet.getByRole("button", { name: "Save the text" }).click();
    await page.locator(`[id="node:${nodeId}"][data-title="From the text"]`).waitFor();
    await page.locator('#inspector #control-title[value="From the text"]').waitFor();
    assert.equal((await draft()).workflow(workflowId)?.node(nodeId)?.title, "From the text");
  },
);

browserTest(
  "what is refused beside the canvas is kept while another node is looked at",
  async (scene) => {
    const { page, workflow, draft, workflowId } = scene;
    const ref = (await draft()).workflow(workflowId)?.edges[0]?.ref ?? "";
    await page.goto(workflow);
    await page.waitForSelector("#editor.ready");
    const selectEdge = async () => {
      const box = await page.locator(`[id="edge:${ref}"] .edge-line`).boundingBox();
      assert.ok(box);
      await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
      await page.locator('#inspector [name="conditionExpr"]').waitFor();
    };
    await selectEdge();
    await page.locator('#inspector [name="conditionExpr"]').fill("{ not json");
    await page.locator(`[id="node:${scene.nodeId}"] .node-box`).click();
    await page.locator('#inspector [name="title"]').waitFor();
    await selectEdge();
    assert.equal(
      await page.locator('#inspector [name="conditionExpr"]').inputValue(),
      "{ not json",
    );
  },
);

browserTest("an agent's preview shows what the model is told, as it is changed", async (scene) => {
  const { page, base, agentId } = scene;
  await page.goto(`${base}/agents/${agentId}`);
  await write(page, "Role", "Weighs every word.");
  const preview = page.locator("#agent-preview");
  await preview.locator("pre", { hasText: "Role: Weighs every word." }).waitFor();
  await page.getByLabel("Calculates in JavaScript").check();
  await preview.locator("pre", { hasText: "js_run calculates" }).waitFor();
});

browserTest("files are uploaded, shown, deleted, and brought back by undo", async (scene) => {
  const { page, base, draft } = scene;
  await page.goto(`${base}/assets`);
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
  await page.locator('input[type="file"]').setInputFiles([
    { name: "a.svg", mimeType: "image/svg+xml", buffer: Buffer.from(svg) },
    { name: "b.md", mimeType: "text/markdown", buffer: Buffer.from("# B\n") },
  ]);
  await page.getByText("2 files were uploaded.").waitFor();
  assert.deepEqual(
    [...(await draft()).files.keys()].filter((path) => path.startsWith("assets/")).sort(),
    [
      "assets/a.svg",
      "assets/b.md",
    ],
  );
  await page.locator("summary", { has: page.getByRole("img", { name: "Actions for assets/b.md" }) })
    .click();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("link", { name: "assets/b.md" }).click();
  assert.equal(await page.locator("#raw-text").inputValue(), "# B\n");
});

browserTest("every page of the forms passes the rules of axe", async (scene) => {
  const { page, base, workflow, workflowId, nodeId, agentId, draft } = scene;
  const ref = (await draft()).workflow(workflowId)?.edges[0]?.ref ?? "";
  const urls = [
    `${workflow}/nodes/${nodeId}`,
    `${workflow}/edge?edge=${encodeURIComponent(ref)}`,
    `${workflow}/settings`,
    `${base}/agents`,
    `${base}/agents/${agentId}`,
    `${base}/manifest`,
    `${base}/assets`,
    `${base}/files/bmad.json`,
  ];
  for (const url of urls) {
    await page.goto(url);
    // The page's own policy allows no script of others, so axe comes in by the debugger.
    const { violations } = await axeIn(page);
    assert.deepEqual(violations.map(({ id, nodes }) => [url, id, nodes[0]?.html]), []);
  }
});

async function axeIn(page: Page): Promise<AxeResults> {
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: axe.source });
  const { result } = await session.send("Runtime.evaluate", {
    expression: "axe.run().then((found) => JSON.stringify(found))",
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  return JSON.parse(String(result.value));
}
