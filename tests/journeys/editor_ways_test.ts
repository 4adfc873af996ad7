// More of what a person does in the workflow editor, in a real browser: cut, duplicate, delete and
// reconnect, lay out, entry and default by key, lines to align by, minimap, fixes, another workflow.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { DraftWorkflow } from "../../builder/edit/draft.ts";
import { fileHash } from "../../builder/edit/file_edits.ts";
import {
  addAt,
  browserTest,
  drag,
  middleOf,
  node,
  open,
  revision,
  type Scene,
  textOf,
  until,
} from "./editor_scene.ts";

/** Allows what a browser asks a person for when a key pastes. */
async function allowClipboard({ context, server }: Scene): Promise<void> {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: server.origin });
}

/** Selects a node by a click and waits until it is selected. */
async function select(page: Page, id: string): Promise<void> {
  await node(page, id).click();
  await page.waitForSelector(`[id="node:${id}"].selected`);
}

const titled = (workflow: DraftWorkflow, title: string) =>
  workflow.nodes.filter((node) => node.title === title);

browserTest("the editor cuts a node, and pastes it under the pointer", async (scene) => {
  const { page, stored } = scene;
  await allowClipboard(scene);
  await addAt(page, { x: 300, y: 560 }, "Wanderer");
  await select(page, "wanderer");
  await page.keyboard.press("Control+x");
  await page.waitForSelector('[id="node:wanderer"]', { state: "detached" });
  assert.deepEqual(titled(await stored(), "Wanderer"), []);
  await page.mouse.move(640, 600);
  await page.keyboard.press("Control+v");
  await page.waitForSelector('.node.selected[data-title="Wanderer"]');
  assert.equal(titled(await stored(), "Wanderer").length, 1);
});

browserTest("the editor duplicates what is selected, edges among it included", async (scene) => {
  const { page, stored } = scene;
  const before = await stored();
  await page.locator("#canvas").focus();
  await page.keyboard.press("Control+a");
  await until(async () => await page.locator(".node.selected").count() === before.nodes.length);
  await page.keyboard.press("Control+d");
  await revision(page, 1);
  const after = await stored();
  assert.equal(after.nodes.length, 2 * before.nodes.length);
  assert.equal(after.edges.length, 2 * before.edges.length);
  await page.waitForSelector(`.node.selected:not([id="node:${before.entryNodeId}"])`);
});

browserTest("the editor deletes a node and reconnects what it stood between", async (scene) => {
  const { page, stored } = scene;
  const [edge] = (await stored()).edges;
  assert.ok(edge);
  await page.locator(`[id="edge:${edge.ref}"] .edge-label`).click();
  await page.waitForSelector(`[id="edge:${edge.ref}"].selected`, { state: "attached" });
  await page.keyboard.press("n");
  await page.fill("#add-title", "Between");
  await page.keyboard.press("Enter");
  await page.waitForSelector('.node.selected[data-title="Between"]');
  await page.keyboard.press("Shift+Delete");
  await page.waitForSelector('[id="node:between"]', { state: "detached" });
  const pairs = (await stored()).edges.map(({ from, to }) => [from, to]);
  assert.deepEqual(pairs, [[edge.from, edge.to]]);
});

browserTest("the editor lays all nodes out, and takes it back in one step", async (scene) => {
  const { page, stored } = scene;
  await addAt(page, { x: 400, y: 640 }, "Astray");
  const placed = async () => (await stored()).nodes.map(({ id, at }) => [id, at]);
  const before = await placed();
  await page.locator("#canvas").focus();
  await page.keyboard.press("l");
  await revision(page, 2);
  assert.notDeepEqual(await placed(), before);
  await page.keyboard.press("Control+z");
  await revision(page, 3);
  assert.deepEqual(await placed(), before);
});

browserTest("the editor makes a node the entry, and an edge the default, by key", async (scene) => {
  const { page, stored } = scene;
  const [edge] = (await stored()).edges;
  assert.ok(edge);
  await addAt(page, { x: 300, y: 560 }, "Begin here");
  await select(page, "begin-here");
  await page.keyboard.press("s");
  await page.waitForSelector('[id="node:begin-here"][data-entry]');
  assert.equal((await stored()).entryNodeId, "begin-here");

  // A second way out of the first node, so that one of two is the default.
  await select(page, edge.from);
  await page.keyboard.press("n");
  await page.fill("#add-title", "Other way");
  await page.keyboard.press("Enter");
  await page.waitForSelector('.edge[data-to="other-way"]', { state: "attached" });
  const defaults = async () =>
    (await stored()).edges.filter(({ isDefault }) => isDefault).map(({ to }) => to);
  assert.deepEqual(await defaults(), [edge.to]);
  await page.waitForSelector('.node.selected[data-title="Other way"]');
  await select(page, edge.from);
  const onto = '.edge.selected[data-to="other-way"]';
  await until(async () => {
    await page.keyboard.press("e");
    return await page.locator(onto).count() === 1;
  });
  await page.keyboard.press("d");
  await page.waitForSelector('.edge[data-to="other-way"][data-default]', { state: "attached" });
  assert.deepEqual(await defaults(), ["other-way"]);
});

browserTest("the editor shows by what a dragged node lines up, and stores it so", async (scene) => {
  const { page, stored } = scene;
  const first = (await stored()).nodes[0];
  assert.ok(first);
  await addAt(page, { x: 420, y: 600 }, "Almost below");
  const above = await middleOf(page, first.id);
  const from = await middleOf(page, "almost-below");
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(above.x + 30, from.y, { steps: 4 });
  await page.mouse.move(above.x + 3, from.y, { steps: 4 });
  await until(async () => await page.locator("#guide-x").getAttribute("d") !== "");
  await page.mouse.up();
  await revision(page, 2);
  assert.equal((await stored()).node("almost-below")?.at.x, first.at.x);
  assert.equal(await page.locator("#guide-x").getAttribute("d"), "");
});

browserTest("the minimap moves the view to where it is pressed", async (scene) => {
  const { page, stored } = scene;
  const first = (await stored()).nodes[0]?.id ?? "";
  const map = await page.locator("#minimap").boundingBox();
  assert.ok(map);
  const before = await middleOf(page, first);
  await page.mouse.click(map.x + 4, map.y + map.height / 2);
  // What is left of everything comes to the middle, so the nodes move right.
  await until(async () => (await middleOf(page, first)).x > before.x + 100);
  const pressed = await middleOf(page, first);
  await drag(page, { x: map.x + 4, y: map.y + 50 }, { x: map.x + map.width - 4, y: map.y + 50 });
  await until(async () => (await middleOf(page, first)).x < pressed.x - 200);
  assert.equal(await textOf(page, "#zoom"), "100 %");
});

browserTest("the Fix button of a problem mends it, and the badge goes", async (scene) => {
  const { page, stored } = scene;
  await addAt(page, { x: 300, y: 560 }, "Nowhere");
  await page.waitForSelector('[id="node:nowhere"] .flaw', { state: "attached" });
  const problem = page.locator(".finding", { hasText: "has no outgoing edge" });
  await problem.getByRole("button", { name: "Show", exact: true }).click();
  await page.waitForSelector('[id="node:nowhere"].selected');
  await problem.getByRole("button", { name: "Fix", exact: true }).click();
  await page.waitForSelector('[id="node:nowhere"][data-type="end"]');
  assert.equal((await stored()).node("nowhere")?.type, "end");
  await until(async () => await problem.count() === 0);
});

browserTest(
  "the editor pastes into another workflow what was copied in this one",
  async (scene) => {
    const { page, packageId, server } = scene;
    await allowClipboard(scene);
    await addAt(page, { x: 300, y: 560 }, "Traveller");
    const { liveDrafts } = server.services;
    const { draft, revision: baseRevision } = await liveDrafts.read(server.userId, packageId);
    const edit = { kind: "workflow.add", displayName: "Elsewhere" } as const;
    const { result } = await liveDrafts.edit(server.userId, packageId, { baseRevision, edit });
    const known = new Set(draft.workflows.map(({ id }) => id));
    const other = result.draft.workflows.find(({ id }) => !known.has(id))?.id ?? "";
    await select(page, "traveller");
    await page.keyboard.press("Control+c");
    await until(async () => (await textOf(page, "#live")).includes("copied"));

    await open(page, `${server.origin}/packages/${packageId}/workflows/${other}`);
    await page.locator("#canvas").focus();
    await page.keyboard.press("Control+v");
    await page.waitForSelector('.node.selected[data-title="Traveller"]');
    const now = (await liveDrafts.read(server.userId, packageId)).draft.workflow(other);
    assert.ok(now);
    assert.equal(titled(now, "Traveller").length, 1);
  },
);

browserTest("the editor remembers a copy where the clipboard may not be written", async (scene) => {
  const { page, stored, url } = scene;
  // A browser that refuses, as some do on plain HTTP or by a person's choice.
  await page.addInitScript(() => {
    Object.defineProperty(navigator, "clipboard", {
      value: { write: () => Promise.reject(new DOMException("No", "NotAllowedError")) },
    });
  });
  await open(page, url);
  await addAt(page, { x: 300, y: 560 }, "Kept");
  await select(page, "kept");
  await page.keyboard.press("Control+c");
  await until(async () => (await textOf(page, "#live")).includes("copied"));
  await page.mouse.move(640, 600);
  await page.keyboard.press("Control+v");
  await until(async () => titled(await stored(), "Kept").length === 2);
});

browserTest("two fingers on the canvas zoom, and one moves the view", async (scene) => {
  const { page, context, stored } = scene;
  const first = (await stored()).nodes[0]?.id ?? "";
  const session = await context.newCDPSession(page);
  const touch = async (type: "touchStart" | "touchMove" | "touchEnd", ...points: number[][]) => {
    const touchPoints = points.map(([x = 0, y = 0], id) => ({ x, y, id }));
    await session.send("Input.dispatchTouchEvent", { type, touchPoints });
  };
  await touch("touchStart", [400, 600]);
  await touch("touchStart", [400, 600], [500, 600]);
  for (let step = 1; step <= 5; step++) {
    await touch("touchMove", [400 - step * 10, 600], [500 + step * 10, 600]);
  }
  await touch("touchEnd");
  await until(async () => await textOf(page, "#zoom") === "200 %");

  const before = await middleOf(page, first);
  await touch("touchStart", [500, 620]);
  for (let step = 1; step <= 5; step++) await touch("touchMove", [500 + step * 20, 620 - step * 4]);
  await touch("touchEnd");
  await until(async () => {
    const now = await middleOf(page, first);
    return Math.abs(now.x - before.x - 100) < 3 && Math.abs(now.y - before.y + 20) < 3;
  });
});

browserTest("the list of keys names those of a Mac on a Mac", async (scene) => {
  const { page, url } = scene;
  await page.addInitScript(() => {
    Object.defineProperty(navigator, "platform", { value: "MacIntel" });
  });
  await open(page, url);
  await page.keyboard.press("?");
  await page.waitForSelector("#keys[open]");
  const names = await page.locator("#keys kbd").allTextContents();
  assert.ok(names.includes("⌘Z") && names.includes("⌘⇧Z"), names.join(", "));
  assert.equal(names.join(" ").includes("Ctrl"), false);
});

browserTest("the map is drawn anew when the theme changes", async ({ page }) => {
  const picture = () =>
    page.locator("#minimap canvas").evaluate((drawing) =>
      (drawing as unknown as { toDataURL(): string }).toDataURL()
    );
  const nothing = await page.locator("#minimap canvas").evaluate((drawing) => {
    const empty = (drawing as unknown as { cloneNode(): { toDataURL(): string } }).cloneNode();
    return empty.toDataURL();
  });
  await until(async () => await picture() !== nothing);
  const light = await picture();
  await page.locator("html").evaluate((html) =>
    (html as unknown as { dataset: Record<string, string> }).dataset.theme = "dark"
  );
  await until(async () => await picture() !== light);
});

browserTest("an empty canvas says how a first node comes to be", async (scene) => {
  const { page, url, packageId, server, stored } = scene;
  const { liveDrafts } = server.services;
  const { graphPath } = await stored();
  const { draft } = await liveDrafts.read(server.userId, packageId);
  const before = draft.files.get(graphPath);
  assert.ok(before);
  const text = JSON.stringify({ schemaVersion: "1.2", entryNodeId: "", nodes: [], edges: [] });
  const baseSha256 = fileHash(before);
  const edit = { kind: "file.write", path: graphPath, text, baseSha256 } as const;
  await liveDrafts.edit(server.userId, packageId, { baseRevision: 0, edit });
  await open(page, url);
  await page.getByText("This workflow has no nodes yet.").waitFor();
  await addAt(page, { x: 500, y: 560 }, "The first");
  await page.getByText("This workflow has no nodes yet.").waitFor({ state: "hidden" });
  assert.deepEqual((await stored()).nodes.map(({ title }) => title), ["The first"]);
});

browserTest("the editor keeps what is being typed while the canvas moves", async (scene) => {
  const { page, stored } = scene;
  const [first] = (await stored()).nodes;
  assert.ok(first);
  await select(page, first.id);
  await page.keyboard.press("F2");
  await page.keyboard.type("Half and");
  const stage = page.locator("#stage");
  const before = await stage.getAttribute("style");
  await page.mouse.move(640, 620);
  await page.mouse.wheel(60, 40);
  await until(async () => await stage.getAttribute("style") !== before);
  await page.keyboard.type(" half");
  await page.keyboard.press("Enter");
  await page.waitForSelector('.node[data-title="Half and half"]');
});
