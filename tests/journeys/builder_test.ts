// A person and the builder, from the first start to the exported file: with the mouse, then with the
// keyboard alone, then through deaths of the server. What is asserted is what the file holds.
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Locator, Page } from "playwright-core";
import {
  openContext,
  PASSWORD,
  signIn,
  signUp,
  type Visit,
  until,
  visit,
} from "./builder_browser.ts";
import {
  canvasReady,
  drag,
  dragFromPort,
  edgeMark,
  fillNewNode,
  middleOf,
  nodeMark,
  type Place,
  revisionOf,
  writeEdge,
} from "./canvas.ts";
import { checkAndRun, downloaded, exportedGraph, helloBranch } from "./exported.ts";

const IS_POEM = '{"==":[{"var":"wish"},"poem"]}';

/** Creates a blank package by the pages and opens its only workflow. */
async function newPackage(page: Page, name: string): Promise<void> {
  await page.getByRole("link", { name: "New package" }).first().click();
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Create package" }).click();
  await page.getByRole("link", { name: "Main", exact: true }).click();
  await canvasReady(page);
}

/** Where a place of the canvas is in the window. */
async function inCanvas(page: Page): Promise<(x: number, y: number) => Place> {
  const box = await page.locator("#canvas").boundingBox();
  assert.ok(box);
  return (x, y) => ({ x: box.x + x, y: box.y + y });
}

async function drawWithMouse(page: Page): Promise<void> {
  const at = await inCanvas(page);
  const start = at(30, 250);
  await page.mouse.dblclick(start.x, start.y);
  await fillNewNode(page, "Ask for a wish", "Step");
  await page.keyboard.press("s");
  await page.locator('.node[data-entry][data-title="Ask for a wish"]').waitFor();
  // All that a blank package has, by a box round it.
  await drag(page, at(230, 340), at(900, 520));
  assert.equal(await page.locator(".node.selected").count(), 2);
  await page.keyboard.press("Delete");
  await nodeMark(page, "Done").waitFor({ state: "detached" });

  await dragFromPort(page, "Ask for a wish", at(290, 280));
  await fillNewNode(page, "Poem or fact?", "Decision");
  await dragFromPort(page, "Poem or fact?", at(540, 140));
  await fillNewNode(page, "Write a poem", "Step");
  await drag(page, await middleOfPalette(page, "Step"), at(640, 440));
  await fillNewNode(page, "Write a fact", "Step");
  await dragFromPort(page, "Poem or fact?", await middleOf(page, "Write a fact"));
  await (await edgeMark(page, "Poem or fact?", "Write a fact")).waitFor({ state: "attached" });
  await dragFromPort(page, "Write a poem", at(790, 290));
  await fillNewNode(page, "Say goodbye", "End");
  await dragFromPort(page, "Write a fact", await middleOf(page, "Say goodbye"));
  await (await edgeMark(page, "Write a fact", "Say goodbye")).waitFor({ state: "attached" });
}

async function middleOfPalette(page: Page, type: string): Promise<Place> {
  const box = await page.locator(".palette").getByText(type, { exact: true }).boundingBox();
  assert.ok(box);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

async function writeEdges(page: Page): Promise<void> {
  await writeEdge(page, ["Ask for a wish", "Poem or fact?"], { label: "wish known" });
  await writeEdge(page, ["Poem or fact?", "Write a poem"], {
    label: "poem",
    condition: "the person asked for a poem",
    expression: IS_POEM,
  });
  await writeEdge(page, ["Poem or fact?", "Write a fact"], {
    label: "fact",
    isDefault: true,
    condition: "in every other case",
  });
  await writeEdge(page, ["Write a poem", "Say goodbye"], { label: "written" });
  await writeEdge(page, ["Write a fact", "Say goodbye"], { label: "written" });
}

/** Goes from the editor to the package's page and exports. */
async function exportPackage(page: Page, name: string): Promise<Uint8Array> {
  await page.getByRole("link", { name, exact: true }).click();
  return await downloaded(
    page,
    () => page.getByRole("link", { name: "Export", exact: true }).first().click(),
  );
}

/** Another account imports a file, and exports what came of it. */
async function importAndExport(visit: Visit, bytes: Uint8Array): Promise<Uint8Array> {
  await addAccount(visit.page, "otto");
  const context = await openContext(visit.browser, visit.faults);
  const page = await context.newPage();
  await signIn(page, visit.server().origin, "otto");
  assert.equal(await page.locator(".card").count(), 0);
  await page.locator('input[type="file"]').first().setInputFiles({
    name: "drawn.bmad",
    mimeType: "application/zip",
    buffer: Buffer.from(bytes),
  });
  await page.getByText("Imported.").waitFor();
  const again = await downloaded(
    page,
    () => page.getByRole("link", { name: "Export", exact: true }).first().click(),
  );
  await context.close();
  return again;
}

/** The owner makes a further account. */
async function addAccount(page: Page, username: string): Promise<void> {
  await page.goto(new URL("/settings/accounts", page.url()).href);
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Add account" }).click();
  await page.getByText(username, { exact: true }).first().waitFor();
}

visit("hello-branch drawn with the mouse is exported, checked, run and imported", async (scene) => {
  const { page } = scene;
  await signUp(scene);
  await newPackage(page, "Drawn");
  await drawWithMouse(page);
  await writeEdges(page);
  const bytes = await exportPackage(page, "Drawn");
  assert.deepEqual(await exportedGraph(bytes), await helloBranch());
  await checkAndRun(bytes);
  assert.deepEqual(await importAndExport(scene, bytes), bytes);
});

/** Presses Tab until an element has the focus, as who has no mouse does. */
async function tabTo(page: Page, element: Locator): Promise<void> {
  await element.waitFor();
  for (let presses = 0; !await hasFocus(element); presses++) {
    assert.ok(presses < 80, `80 times Tab do not lead to ${element}`);
    await page.keyboard.press("Tab");
  }
}

async function hasFocus(element: Locator): Promise<boolean> {
  return await element.evaluate((here) => here === here.ownerDocument.activeElement);
}

/** Types into a field that Tab leads to. */
async function typeInto(page: Page, label: string, text: string): Promise<void> {
  await tabTo(page, page.getByLabel(label));
  await page.keyboard.type(text);
}

async function pressOn(page: Page, element: Locator, key = "Enter"): Promise<void> {
  await tabTo(page, element);
  await page.keyboard.press(key);
}

/** Adds a node after the selected one by N; `type` is so many steps from "Step" in the row of types. */
async function addByKey(page: Page, title: string, type = 0): Promise<void> {
  await page.keyboard.press("n");
  await page.keyboard.type(title);
  await page.keyboard.press("Tab");
  for (let step = 0; step < type; step++) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.locator(`.node.selected[data-title="${title}"]`).waitFor();
}

/** Walks with an arrow key to a node that has to be the next. */
async function walk(page: Page, key: string, title: string): Promise<void> {
  await page.keyboard.press(key);
  await page.locator(`.node.selected[data-title="${title}"]`).waitFor();
}

/** Connects the selected node with the one that these keys lead to. */
async function connectByKey(page: Page, keys: readonly string[], ends: readonly [string, string]) {
  await page.keyboard.press("c");
  for (const key of keys) await page.keyboard.press(key);
  await page.keyboard.press("Enter");
  await (await edgeMark(page, ...ends)).waitFor({ state: "attached" });
}
