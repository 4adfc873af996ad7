// A project as a person uses it: the built executable and a real browser, with a keyboard, with two tabs,
// and without JavaScript.
import assert from "node:assert/strict";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { signUp, until, type Visit, visit } from "./builder_browser.ts";
import { furnishProject } from "./project_screens.ts";

/** Signs up, and opens a project with files of every kind. */
async function openProject(page: Page, server: { link: string; origin: string }, dir: string) {
  await furnishProject(dir);
  await page.goto(`${server.origin}/projects`);
  await page.fill("#path", dir);
  await page.click("button.primary");
  await page.getByRole("heading", { name: "Artifacts" }).waitFor();
}

/** Looked through by keyboard, edited, deleted and brought back. */
async function looksAndEdits(scene: Visit): Promise<void> {
  const dir = await Deno.realPath(await Deno.makeTempDir({ prefix: "crewagent-journey-" }));
  const { page } = scene;
  try {
    await openProject(page, scene.server(), dir);

    // The tree by keyboard: the folder opens in place, and the focus stays.
    await page.locator("a.tree-name", { hasText: "artifacts" }).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await page.locator('.tree-toggle[data-path="data"][aria-expanded="true"]').waitFor();
    await page.locator("a.tree-name:focus", { hasText: "data" }).waitFor();
    await page.keyboard.press("ArrowRight");
    await page.locator("a.tree-name:focus", { hasText: "empty" }).waitFor();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await page.locator('.tree-toggle[data-path="data"][aria-expanded="false"]').waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "data" }).waitFor();

    // Markdown with a picture of the project; nothing of it runs, nothing is fetched from elsewhere.
    await page.locator("a.tree-name", { hasText: "artifacts" }).click();
    await page.locator("a.tree-name", { hasText: "report.md" }).click();
    await page.getByRole("heading", { name: "Weekly report" }).waitFor();
    const width = () => page.evaluate("document.querySelector('.rendered img')?.naturalWidth");
    await until(async () => await width() === 1, "the picture is there");
    await page.getByRole("link", { name: "Text", exact: true }).click();
    await page.locator("#L1").waitFor();

    // Edited, in the line ends that the file has.
    await Deno.writeTextFile(join(dir, "notes.txt"), "one\r\ntwo\r\n");
    await page.goto(page.url().replace(/\/file.*/, "/file?path=notes.txt"));
    await page.getByRole("link", { name: "Edit" }).click();
    await page.locator("textarea").fill("one\ntwo\nthree\n");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
    assert.equal(await Deno.readTextFile(join(dir, "notes.txt")), "one\r\ntwo\r\nthree\r\n");

    // Deleted, and brought back.
    await page.getByRole("button", { name: "Delete notes.txt" }).first().click();
    await page.getByText("“notes.txt” is in the bin.").waitFor();
    await assert.rejects(Deno.stat(join(dir, "notes.txt")), Deno.errors.NotFound);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("“notes.txt” is back.").waitFor();
    assert.equal(await Deno.readTextFile(join(dir, "notes.txt")), "one\r\ntwo\r\nthree\r\n");
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** Two tabs change one file, and nothing is lost. */
async function editsInTwoTabs(scene: Visit): Promise<void> {
  const dir = await Deno.realPath(await Deno.makeTempDir({ prefix: "crewagent-journey-" }));
  const { page } = scene;
  try {
    await openProject(page, scene.server(), dir);
    await page.locator("a.tree-name", { hasText: "notes.txt" }).click();
    await page.getByRole("link", { name: "Edit" }).click();
    const other = await page.context().newPage();
    await other.goto(page.url());
    await other.locator("textarea").fill("First line\nTheirs\n");
    await other.getByRole("button", { name: "Save" }).click();
    await other.getByText("Saved.").waitFor();
    await page.locator("textarea").fill("First line\nMine\n");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Nothing is lost").waitFor();
    await page.locator(".run-diff .added", { hasText: "Mine" }).waitFor();
    await page.locator(".run-diff .removed", { hasText: "Theirs" }).waitFor();
    assert.equal(await page.locator("textarea").inputValue(), "First line\nMine\n");
    assert.equal(await Deno.readTextFile(join(dir, "notes.txt")), "First line\nTheirs\n");
    await page.getByRole("button", { name: "Save mine in its place" }).click();
    await page.getByText("Saved.").waitFor();
    assert.equal(await Deno.readTextFile(join(dir, "notes.txt")), "First line\nMine\n");
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** Folders, files and forms are pages. */
async function worksWithoutJavaScript(scene: Visit): Promise<void> {
  const dir = await Deno.realPath(await Deno.makeTempDir({ prefix: "crewagent-journey-" }));
  try {
    await openProject(scene.page, scene.server(), dir);
    const context = await scene.browser.newContext({ javaScriptEnabled: false });
    context.setDefaultTimeout(300_000);
    await context.addCookies(await scene.page.context().cookies());
    const page = await context.newPage();
    await page.goto(scene.page.url());
    await page.getByRole("link", { name: "Show what is in data" }).click();
    await page.locator("a.tree-name", { hasText: "sales.csv" }).click();
    await page.getByRole("cell", { name: "Lyon" }).waitFor();
    await page.locator("a.tree-name", { hasText: "data" }).click();
    await page.getByRole("link", { name: "New file" }).click();
    await page.fill("#name", "plan.md");
    await page.getByRole("button", { name: "Create" }).click();
    await page.locator("textarea").fill("# Plan\n");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { level: 2, name: "Plan", exact: true }).waitFor();
    assert.equal(await Deno.readTextFile(join(dir, "data/plan.md")), "# Plan\n");
    await context.close();
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

visit(
  "a project is looked through, edited in two tabs, cleared and restored, with and without JavaScript",
  async (scene) => {
    await signUp(scene);
    await looksAndEdits(scene);
    await editsInTwoTabs(scene);
    await worksWithoutJavaScript(scene);
  },
);
