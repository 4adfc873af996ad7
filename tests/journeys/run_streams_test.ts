// What a person sees of streams that break: the model's, and the page's own. And another way from a node.
import assert from "node:assert/strict";
import { join } from "node:path";
import type { Reply } from "../model_server/script.ts";
import { browserRun, call, phase } from "./browser_run.ts";
import { visit } from "./builder_browser.ts";
import { signUpClient } from "./builder_client.ts";
import { pausedRun, signInContext } from "./screens.ts";

const quiet: Reply[] = [{ text: "Hm." }, { text: "Hm!" }];
const sun = call("ui_ask_user", { question: "Sun or moon?", kind: "text" });

browserRun("an answer that breaks off is asked for again and stands there once", [
  { text: "The moon is out tonight.", mood: "cut" },
  { text: "The moon is out tonight." },
  ...quiet,
], async ({ page, start }) => {
  await start("run");
  await phase(page, "waiting");
  assert.equal(await page.locator("#talk").getByText("The moon is out tonight.").count(), 1);
  assert.equal(await page.locator("#talk").getByText("The moon is", { exact: true }).count(), 0);
});

visit("a page that lost its server goes on by itself when there is one again", async (scene) => {
  const { page, context, server } = scene;
  const project = join(server().home, "..", "project");
  await Deno.mkdir(project);
  await signInContext(context, await signUpClient(server()));
  const runId = await pausedRun(server().home, project);
  await page.goto(`${server().origin}/runs/${runId}`);
  await phase(page, "paused");
  await scene.killAndRestart();
  const other = await context.newPage();
  await other.goto(page.url());
  await other.locator("#run-head").getByRole("button", { name: "Resume" }).click();
  await other.locator("#talk").getByText('Completing "Write a fact".').waitFor();
  await other.close();
  await page.locator("#talk").getByText('Completing "Write a fact".').waitFor();
  assert.equal(await page.locator("#talk").getByText('Completing "Write a fact".').count(), 1);
});

browserRun("a run takes another way from a node, as a run of its own", [
  sun,
  ...quiet,
  ...quiet,
], async ({ page, start }) => {
  await start("run");
  await phase(page, "waiting");
  await page.getByLabel("Your answer").fill("Moon");
  await page.getByRole("button", { name: "Answer" }).click();
  await page.locator("#talk").getByText("Hm!").waitFor();
  await phase(page, "waiting");
  const before = page.url();
  await page.locator(".run-map [data-node]").first().click();
  await page.getByRole("button", { name: /^Fork from here/ }).first().click();
  await page.waitForURL((url) => url.href !== before && /\/runs\/\d{8}-/.test(url.pathname));
  await page.locator("#talk").getByText("Forked from another run").waitFor();
  await phase(page, "waiting");
});
