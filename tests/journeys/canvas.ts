// Hands on the canvas of the workflow editor: what a person does with the mouse, as real input events
// of the browser, and what they see then.
import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";

/** A place in the window. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** What is typed into the form of an edge. */
export interface EdgeTexts {
  readonly label: string;
  readonly isDefault?: true;
  readonly condition?: string;
  readonly expression?: string;
}

/** The node with a title. */
export function nodeMark(page: Page, title: string): Locator {
  return page.locator(`.node[data-title="${title}"]`);
}

/** The middle of a node in the window. */
export async function middleOf(page: Page, title: string): Promise<Place> {
  const box = await nodeMark(page, title).locator(".node-box").boundingBox();
  assert.ok(box, `The node "${title}" is not in the page`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Presses, moves in steps, lets go. */
export async function drag(page: Page, from: Place, to: Place): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 5 });
  await page.mouse.move(to.x, to.y, { steps: 5 });
  await page.mouse.up();
}

/** Drags from the port of a node to a place. */
export async function dragFromPort(page: Page, title: string, to: Place): Promise<void> {
  const start = await middleOf(page, title);
  await page.mouse.move(start.x, start.y);
  const port = await page.locator(".port.shown").boundingBox();
  assert.ok(port, `The node "${title}" shows no port`);
  await drag(page, { x: port.x + port.width / 2, y: port.y + port.height / 2 }, to);
}

/** Fills the form of a new node that is open, and waits for the node. */
export async function fillNewNode(page: Page, title: string, type: string): Promise<void> {
  await page.fill("#add-title", title);
  await page.locator("#add-form").getByText(type, { exact: true }).click();
  await page.locator("#add-form").getByRole("button", { name: "Add", exact: true }).click();
  await nodeMark(page, title).waitFor();
}

/** The edge between two nodes with these titles. */
export async function edgeMark(page: Page, from: string, to: string): Promise<Locator> {
  const [source, target] = await Promise.all(
    [from, to].map((title) => nodeMark(page, title).getAttribute("data-node")),
  );
  return page.locator(`.edge[data-from="${source}"][data-to="${target}"]`);
}

/** Opens an edge by its label, fills its form and waits until it is drawn so. */
export async function writeEdge(
  page: Page,
  ends: readonly [string, string],
  texts: EdgeTexts,
): Promise<void> {
  const edge = await edgeMark(page, ...ends);
  await edge.locator(".edge-label").dblclick();
  const form = page.locator("#edge-form");
  await form.locator("#edge-label").fill(texts.label);
  await form.locator('[name="isDefault"]').setChecked(texts.isDefault === true);
  await form.locator("#edge-condition").fill(texts.condition ?? "");
  await form.locator("#edge-expr").fill(texts.expression ?? "");
  await form.getByRole("button", { name: "Save" }).click();
  await page.locator(
    `.edge[data-label="${texts.label}"][id="${await edge.getAttribute("id")}"]`,
  ).waitFor({ state: "attached" });
}

/** The revision that the canvas shows. */
export async function revisionOf(page: Page): Promise<number> {
  return Number(await page.getAttribute("#editor", "data-revision"));
}

/** Waits until the canvas has been made ready. */
export async function canvasReady(page: Page): Promise<void> {
  await page.waitForSelector("#editor.ready");
}
