// The workflow editor in a real browser over the real application: pointer, keys, clipboard, two tabs.
// Input is real input events; what is asserted is what the server stored.
import assert from "node:assert/strict";
import axe, { type AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { patientContext } from "./chromium.ts";
import {
  addAt,
  browserTest,
  drag,
  middleOf,
  node,
  open,
  revision,
  textOf,
  until,
} from "./editor_scene.ts";

browserTest("the editor moves a node by dragging, and undoes and redoes it", async (scene) => {
  const { page, stored } = scene;
  const id = (await stored()).nodes[0]?.id ?? "";
  const before = (await stored()).node(id)?.at;
  const from = await middleOf(page, id);
  await drag(page, from, { x: from.x, y: from.y + 120 });
  await revision(page, 1);
  const moved = (await stored()).node(id)?.at;
  assert.equal(moved?.x, before?.x);
  assert.ok((moved?.y ?? 0) > (before?.y ?? 0) + 60);

  await page.keyboard.press("Control+z");
  await revision(page, 2);
  assert.deepEqual((await stored()).node(id)?.at, before);
  await page.keyboard.press("Control+Shift+z");
  await revision(page, 3);
  assert.deepEqual((await stored()).node(id)?.at, moved);
});

browserTest(
  "the editor adds by double-click and connects by dragging from the port",
  async (scene) => {
    const { page, stored } = scene;
    await addAt(page, { x: 300, y: 560 }, "Draft");
    await addAt(page, { x: 640, y: 560 }, "Check");
    const start = await middleOf(page, "draft");
    await page.mouse.move(start.x, start.y);
    const port = await page.locator(".port.shown").boundingBox();
    assert.ok(port);
    const end = await middleOf(page, "check");
    await drag(page, { x: port.x + port.width / 2, y: port.y + port.height / 2 }, end);
    await page.waitForSelector('.edge[data-from="draft"][data-to="check"]', { state: "attached" });
    const edges = (await stored()).edges.filter(({ from, to }) =>
      from === "draft" && to === "check"
    );
    assert.equal(edges.length, 1);
  },
);

browserTest("the editor asks for a node where a dragged edge ends beside one", async (scene) => {
  const { page, stored } = scene;
  await addAt(page, { x: 300, y: 560 }, "Draft");
  const start = await middleOf(page, "draft");
  await page.mouse.move(start.x, start.y);
  const port = await page.locator(".port.shown").boundingBox();
  assert.ok(port);
  await drag(page, { x: port.x + 6, y: port.y + 6 }, { x: 640, y: 600 });
  await page.fill("#add-title", "Follow");
  await page.keyboard.press("Enter");
  await page.waitForSelector('.edge[data-from="draft"][data-to="follow"]', { state: "attached" });
  assert.ok((await stored()).node("follow"));
});

browserTest(
  "the editor selects by a box, copies, and pastes what is on the clipboard",
  async (scene) => {
    const { page, context, stored, server } = scene;
    await context.grantPermissions(["clipboard-read", "clipboard-write"], {
      origin: server.origin,
    });
    await addAt(page, { x: 260, y: 520 }, "One");
    await addAt(page, { x: 560, y: 520 }, "Two");
    const before = (await stored()).nodes.length;
    await page.keyboard.press("Escape");
    await drag(page, { x: 110, y: 470 }, { x: 700, y: 640 });
    assert.equal(await page.locator(".node.selected").count(), 2);
    await page.keyboard.press("Control+c");
    await until(async () => (await textOf(page, "#live")).includes("copied"));
    await page.mouse.move(400, 250);
    await page.keyboard.press("Control+v");
    await until(async () => await page.locator(".node").count() === before + 2);
    const titles = (await stored()).nodes.map(({ title }) => title);
    assert.equal(titles.filter((title) => title === "One").length, 2);
    assert.equal(await page.locator(".node.selected").count(), 2);
  },
);

browserTest("the editor zooms at the pointer and pans by wheel and by space", async (scene) => {
  const { page, stored } = scene;
  const id = (await stored()).nodes[0]?.id ?? "";
  const before = await middleOf(page, id);
  await page.mouse.move(before.x, before.y);
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -40);
  await page.keyboard.up("Control");
  await until(async () => !(await textOf(page, "#zoom")).startsWith("100"));
  const zoomed = await middleOf(page, id);
  assert.ok(Math.abs(zoomed.x - before.x) < 3 && Math.abs(zoomed.y - before.y) < 3);

  await page.mouse.wheel(50, 30);
  await until(async () => Math.abs((await middleOf(page, id)).y - (zoomed.y - 30)) < 2);
  await page.keyboard.down(" ");
  await drag(page, { x: 500, y: 600 }, { x: 600, y: 650 });
  await page.keyboard.up(" ");
  const wanted = zoomed.x - 50 + 100;
  await until(async () => Math.abs((await middleOf(page, id)).x - wanted) < 3);
  assert.equal((await stored()).nodes.length, await page.locator(".node").count());
});

browserTest("the editor edits an edge's label, default and condition in place", async (scene) => {
  const { page, stored } = scene;
  const edge = (await stored()).edges[0];
  assert.ok(edge);
  await page.locator(`[id="edge:${edge.ref}"] .edge-label`).dblclick();
  await page.fill("#edge-label", "all is well");
  await page.fill("#edge-condition", "nothing is missing");
  await page.fill("#edge-expr", '{"==": [1, 1]}');
  await page.keyboard.press("Control+Enter");
  await revision(page, 1);
  const changed = (await stored()).edges[0];
  assert.equal(changed?.label, "all is well");
  assert.equal(changed?.conditionText, "nothing is missing");
  assert.deepEqual(changed?.conditionExpr, { "==": [1, 1] });

  await page.locator(`[id="edge:${changed?.ref}"] .edge-label`).dblclick();
  await page.fill("#edge-expr", "{broken");
  await page.keyboard.press("Control+Enter");
  await until(async () => await textOf(page, "#edge-error") !== "");
  assert.deepEqual((await stored()).edges[0]?.conditionExpr, { "==": [1, 1] });
});

browserTest(
  "the editor splices a node from the palette into the edge it is dropped on",
  async (scene) => {
    const { page, stored } = scene;
    const edge = (await stored()).edges[0];
    assert.ok(edge);
    const label = await page.locator(`[id="edge:${edge.ref}"] .edge-label`).boundingBox();
    const button = await page.locator('[data-add="merge"]').boundingBox();
    assert.ok(label && button);
    const middle = (box: { x: number; y: number; width: number; height: number }) => ({
      x: box.x + box.width / 2,
      y: box.y + box.height / 2,
    });
    await drag(page, middle(button), middle(label));
    await page.fill("#add-title", "Between");
    await page.keyboard.press("Enter");
    await page.waitForSelector('.node.merge[data-title="Between"]');
    const pairs = (await stored()).edges.map(({ from, to }) => [from, to]);
    assert.deepEqual(pairs, [[edge.from, "between"], ["between", edge.to]]);
  },
);

browserTest("the editor splices a loose node into the edge it is dragged onto", async (scene) => {
  const { page, stored } = scene;
  const edge = (await stored()).edges[0];
  assert.ok(edge);
  await addAt(page, { x: 500, y: 600 }, "Loose");
  const label = await page.locator(`[id="edge:${edge.ref}"] .edge-label`).boundingBox();
  assert.ok(label);
  const from = await middleOf(page, "loose");
  await drag(page, from, { x: label.x + label.width / 2, y: label.y + label.height / 2 });
  await page.waitForSelector(`.edge[data-from="loose"][data-to="${edge.to}"]`, {
    state: "attached",
  });
  assert.ok((await stored()).edges.some(({ from, to }) => from === edge.from && to === "loose"));
});

browserTest(
  "the editor leads an edge elsewhere by its end, and finds nodes by name",
  async (scene) => {
    const { page, stored } = scene;
    const edge = (await stored()).edges[0];
    assert.ok(edge);
    await addAt(page, { x: 560, y: 600 }, "Other end");
    await page.locator(`[id="edge:${edge.ref}"] .edge-label`).click();
    const handle = await page.locator('.end-handle.shown[data-end="to"]').boundingBox();
    assert.ok(handle);
    const to = await middleOf(page, "other-end");
    await drag(page, { x: handle.x + handle.width / 2, y: handle.y + handle.height / 2 }, to);
    await page.waitForSelector('.edge[data-to="other-end"]', { state: "attached" });
    assert.equal((await stored()).edges[0]?.to, "other-end");

    await page.keyboard.press("/");
    await page.keyboard.type("other e");
    await page.keyboard.press("Enter");
    await page.waitForSelector('.node.selected.hit[data-node="other-end"]');
    assert.equal(await textOf(page, "#hits"), "1 / 1");
  },
);

browserTest("the editor draws a branch with the keyboard alone", async (scene) => {
  const { page, stored } = scene;
  await page.locator("#canvas").focus();
  await page.keyboard.press("ArrowRight");
  const entry = await page.locator(".node.selected").getAttribute("data-node");
  assert.equal(entry, (await stored()).entryNodeId);

  await page.keyboard.press("n");
  await page.keyboard.type("Choose");
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.waitForSelector('.node.selected[data-title="Choose"][data-type="decision"]');

  await page.keyboard.press("n");
  await page.keyboard.type("Poem");
  await page.keyboard.press("Enter");
  await page.waitForSelector('.node.selected[data-title="Poem"]');
  await page.keyboard.press("ArrowLeft");
  await page.waitForSelector('.node.selected[data-title="Choose"]');
  await page.keyboard.press("n");
  await page.keyboard.type("Fact");
  await page.keyboard.press("Enter");
  await page.waitForSelector('.node.selected[data-title="Fact"]');

  // Connect the two: C, walk up, Enter.
  await page.keyboard.press("c");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.waitForSelector('.edge[data-from="fact"][data-to="poem"]', { state: "attached" });
  const ways = (await stored()).edges.filter(({ from }) => from === "choose").map(({ to }) => to);
  assert.deepEqual(ways.sort(), ["fact", "poem"]);

  // Make the decision's first way the default, then remove the node that was added last.
  await page.locator('[id="node:fact"]').evaluate((mark) =>
    (mark as unknown as { focus(): void }).focus()
  );
  await page.keyboard.press("Delete");
  await page.waitForSelector('[id="node:fact"]', { state: "detached" });
  assert.equal((await stored()).node("fact"), undefined);
});

browserTest("another tab shows what this one draws", async (scene) => {
  const { page, context, url, stored } = scene;
  const other = await context.newPage();
  await open(other, url);
  await addAt(page, { x: 300, y: 560 }, "Shared");
  await other.waitForSelector('.node[data-title="Shared"]', { state: "attached" });
  const before = await node(page, "shared").getAttribute("data-x");
  const from = await middleOf(other, "shared");
  await drag(other, from, { x: from.x + 100, y: from.y });
  await until(async () => await node(page, "shared").getAttribute("data-x") !== before);
  assert.equal(
    await node(page, "shared").getAttribute("data-x"),
    String((await stored()).node("shared")?.at.x),
  );
});

browserTest("the outline adds, connects, moves and deletes without JavaScript", async (scene) => {
  const { context, server, url, stored } = scene;
  const browser = context.browser();
  assert.ok(browser);
  const plain = await patientContext(browser, { javaScriptEnabled: false });
  await plain.addCookies([server.cookie]);
  const page = await plain.newPage();
  await page.goto(`${url}/outline`);
  const first = (await stored()).nodes[0];
  assert.ok(first);
  await page.getByText("New node", { exact: true }).click();
  await page.getByLabel("Title").first().fill("Check it");
  await page.locator('[name="optional.from.nodeId"]').fill(first.id);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText(/^Done:/).waitFor();
  assert.ok((await stored()).edges.some(({ from, to }) => from === first.id && to === "check-it"));

  await page.goto(`${url}/outline?open=check-it`);
  const item = page.locator("details[open]");
  await item.locator('[name="set.to"]').fill(first.id);
  await item.locator('[name="optional.label"]').fill("again");
  await item.getByRole("button", { name: "Connect", exact: true }).click();
  await page.getByText(/^Done:/).waitFor();
  const back = (await stored()).edges.find(({ from }) => from === "check-it");
  assert.deepEqual([back?.to, back?.label], [first.id, "again"]);

  await item.locator('[name$=".x"]').fill("444");
  await item.getByRole("button", { name: "Move", exact: true }).click();
  await page.getByText(/^Done:/).waitFor();
  assert.equal((await stored()).node("check-it")?.at.x, 444);

  await item.getByRole("button", { name: "Delete: Check it", exact: true }).click();
  await page.getByText(/^Done: Delete/).waitFor();
  assert.equal((await stored()).node("check-it"), undefined);
  await page.getByRole("button", { name: /^Undo: Delete/ }).click();
  await page.getByText("Check it").first().waitFor();
  assert.ok((await stored()).node("check-it"));
  await plain.close();
});

for (const colorScheme of ["light", "dark"] as const) {
  browserTest(`axe finds nothing in the editor and the outline (${colorScheme})`, async (scene) => {
    const { page, url } = scene;
    await page.emulateMedia({ colorScheme });
    await addAt(page, { x: 300, y: 560 }, "Unreached");
    await page.waitForSelector(".flaw", { state: "attached" });
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press("n");
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await page.waitForSelector("#keys[open]");
    assert.deepEqual(await violations(page), []);
    await page.goto(`${url}/outline?open=unreached`);
    assert.deepEqual(await violations(page), []);
  });
}

/** What axe-core says about the page as it is now, one line for each element. */
async function violations(page: Page): Promise<readonly string[]> {
  // Evaluated by the debugger, which the page's policy does not bind.
  await page.evaluate(axe.source);
  const result = await page.evaluate("axe.run()") as AxeResults;
  return result.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`)
  );
}
