// A person and the builder, from the first start to the exported file: with the mouse, then with the
// keyboard alone, then through deaths of the server. What is asserted is what the file holds.
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Locator, Page } from "playwright-core";
import { PASSWORD } from "../builder/http/app_under_test.ts";
import { openContext, signIn, signUp, until, type Visit, visit } from "./builder_browser.ts";
import {
  canvasReady,
  drag,
  dragFromPort,
  edgeMark,
  type EdgeTexts,
  fillNewNode,
  middleOf,
  nodeMark,
  type Place,
  revisionOf,
  writeEdge,
} from "./canvas.ts";
import { checkAndRun, downloaded, exportedGraph, helloBranch } from "./exported.ts";

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

/** The texts of the example's edges. */
const EDGES: readonly { readonly ends: readonly [string, string]; readonly texts: EdgeTexts }[] = [
  { ends: ["Ask for a wish", "Poem or fact?"], texts: { label: "wish known" } },
  {
    ends: ["Poem or fact?", "Write a poem"],
    texts: {
      label: "poem",
      condition: "the person asked for a poem",
      expression: '{"==":[{"var":"wish"},"poem"]}',
    },
  },
  {
    ends: ["Poem or fact?", "Write a fact"],
    texts: { label: "fact", isDefault: true, condition: "in every other case" },
  },
  { ends: ["Write a poem", "Say goodbye"], texts: { label: "written" } },
  { ends: ["Write a fact", "Say goodbye"], texts: { label: "written" } },
];

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
  for (const { ends, texts } of EDGES) await writeEdge(page, ends, texts);
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

/** Selects a node by the search. */
async function findByKey(page: Page, title: string): Promise<void> {
  await page.keyboard.press("/");
  await page.keyboard.type(title);
  await page.keyboard.press("Enter");
  await page.locator(`.node.selected[data-title="${title}"]`).waitFor();
  await page.keyboard.press("Escape");
}

/** Selects an edge: its node by the search, then E until it is that one. */
async function edgeByKey(page: Page, from: string, to: string): Promise<void> {
  await findByKey(page, from);
  const wanted = await edgeMark(page, from, to);
  for (let presses = 0; await wanted.getAttribute("aria-selected") !== "true"; presses++) {
    assert.ok(presses < 5, `E does not lead to the edge from "${from}" to "${to}"`);
    await page.keyboard.press("e");
  }
}

async function writeEdgeByKey(
  page: Page,
  [from, to]: readonly [string, string],
  { label, isDefault, condition, expression }: EdgeTexts,
): Promise<void> {
  await edgeByKey(page, from, to);
  const revision = await revisionOf(page);
  await page.keyboard.press("Enter");
  await page.keyboard.type(label);
  await page.keyboard.press("Tab");
  if (isDefault) await page.keyboard.press("Space");
  await page.keyboard.press("Tab");
  await page.keyboard.type(condition ?? "");
  await page.keyboard.press("Tab");
  await page.keyboard.type(expression ?? "");
  await page.keyboard.press("Control+Enter");
  await page.locator(`#editor[data-revision="${revision + 1}"]`).waitFor();
}

async function renameByKey(page: Page, before: string, title: string): Promise<void> {
  await findByKey(page, before);
  await page.keyboard.press("F2");
  await page.keyboard.type(title);
  await page.keyboard.press("Enter");
  await nodeMark(page, title).waitFor();
}

async function drawWithKeys(page: Page): Promise<void> {
  await tabTo(page, page.locator("#canvas"));
  await renameByKey(page, "First step", "Ask for a wish");
  await renameByKey(page, "Done", "Say goodbye");
  await edgeByKey(page, "Ask for a wish", "Say goodbye");
  await addByKey(page, "Poem or fact?", 1);
  await edgeByKey(page, "Poem or fact?", "Say goodbye");
  await addByKey(page, "Write a poem");
  await findByKey(page, "Poem or fact?");
  await addByKey(page, "Write a fact");
  const revision = await revisionOf(page);
  await page.keyboard.press("l");
  await page.locator(`#editor[data-revision="${revision + 1}"]`).waitFor();
  await findByKey(page, "Write a fact");
  await page.keyboard.press("c");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await (await edgeMark(page, "Write a fact", "Say goodbye")).waitFor({ state: "attached" });
}

visit("hello-branch drawn with the keyboard alone is exported, checked and run", async (scene) => {
  const { page } = scene;
  await page.goto(scene.server().link);
  await typeInto(page, "Username", "mina");
  await typeInto(page, "Password", PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/packages");
  await pressOn(page, page.getByRole("link", { name: "New package" }).first());
  await typeInto(page, "Name", "Typed");
  await page.keyboard.press("Enter");
  await pressOn(page, page.getByRole("link", { name: "Main", exact: true }));
  await canvasReady(page);

  await drawWithKeys(page);
  for (const { ends, texts } of EDGES) await writeEdgeByKey(page, ends, texts);

  await pressOn(page, page.getByRole("link", { name: "Typed", exact: true }));
  const bytes = await downloaded(
    page,
    () => pressOn(page, page.getByRole("link", { name: "Export", exact: true }).first()),
  );
  assert.deepEqual(await exportedGraph(bytes), await helloBranch());
  await checkAndRun(bytes);
});

/** What the undo button says that it would take back. */
async function undoOf(page: Page): Promise<string> {
  return await page.getAttribute("#editor", "data-undo") ?? "";
}

visit(
  "undo reaches back over a kill -9, and the open page goes on with the new server",
  async (scene) => {
    const { page, context } = scene;
    await signUp(scene);
    await newPackage(page, "Undone");
    const at = await inCanvas(page);
    await page.mouse.dblclick(at(60, 120).x, at(60, 120).y);
    await fillNewNode(page, "Outlive it", "Step");
    const from = await middleOf(page, "Outlive it");
    await drag(page, from, { x: from.x + 200, y: from.y + 60 });
    await page.locator('#editor[data-revision="2"]').waitFor();

    await scene.killAndRestart();

    // The page that was open all the while: its next edit is simply stored.
    await page.keyboard.press("Control+z");
    await page.locator('#editor[data-revision="3"]').waitFor();
    assert.deepEqual(await middleOf(page, "Outlive it"), from);
    await scene.stopAndRestart();

    const other = await context.newPage();
    await other.goto(page.url());
    await canvasReady(other);
    assert.match(await undoOf(other), /^Add/);
    await other.keyboard.press("Control+z");
    await nodeMark(other, "Outlive it").waitFor({ state: "detached" });
    await nodeMark(page, "Outlive it").waitFor({ state: "detached" });
    await other.keyboard.press("Control+Shift+z");
    await other.keyboard.press("Control+Shift+z");
    await other.locator('#editor[data-revision="6"]').waitFor();
    await until(async () => await revisionOf(page) === 6, "the first page shows what was redone");
    assert.notDeepEqual(await middleOf(page, "Outlive it"), from);
  },
);
