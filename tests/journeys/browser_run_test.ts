// A run as people see it. What is asserted is what stands on the page and in the project's folder.
import assert from "node:assert/strict";
import { join } from "node:path";
import type { Reply } from "../model_server/script.ts";
import { browserRun, call, helloBranch, phase, violations } from "./browser_run.ts";

const note = call("fs_write", { path: "@project/NOTES.md", content: "moon\n" });
const quiet: Reply[] = [{ text: "Hm." }, { text: "Hm!" }];

browserRun("a simulation leads from the page of a start to its files", [], async (scene) => {
  const { page, project, start } = scene;
  await start("simulate");
  await phase(page, "completed");
  await page.getByRole("link", { name: "Artifacts" }).click();
  await page.getByRole("link", { name: "@project/artifacts/fact.md" }).click();
  const shown = await page.locator(".line-text").allTextContents();
  const fact = await Deno.readTextFile(join(project, "artifacts", "fact.md"));
  assert.deepEqual(shown, fact.trimEnd().split("\n"));
  await page.goto(new URL("/runs", page.url()).href);
  await page.getByRole("cell", { name: "Completed" }).waitFor();
  assert.deepEqual(await violations(page), []);
});

browserRun(
  "a question is answered, and the run goes on to its end while one looks on",
  helloBranch(),
  async (
    { page, project, start },
  ) => {
    await start("run");
    await phase(page, "waiting");
    assert.deepEqual(await violations(page), []);
    await page.getByLabel("Your answer").fill("A poem please, about the sea.");
    await page.getByRole("button", { name: "Answer" }).click();
    await phase(page, "completed");
    await page.locator("#talk").getByText("Goodbye, and a good day by the water.").waitFor();
    assert.match(await page.locator("#talk").innerText(), /A poem please, about the sea/);
    assert.match(
      await Deno.readTextFile(join(project, "artifacts", "poem.md")),
      /What the sea returns/,
    );
    await page.getByRole("link", { name: "Changes" }).click();
    await page.locator(".run-diff").getByText("+# What the sea returns").waitFor();
    assert.deepEqual(await violations(page), []);
    await page.getByRole("button", { name: "Put everything back" }).click();
    await page.getByText("1 file put back.").waitFor();
    await assert.rejects(Deno.stat(join(project, "artifacts", "poem.md")));
  },
);

browserRun("a tool call is refused with a reason, then allowed", [note, note, ...quiet], async (
  { page, project, start },
) => {
  await start("run");
  await phase(page, "waiting");
  await page.locator("#matter").getByText("+moon").waitFor();
  assert.deepEqual(await violations(page), []);
  await page.getByLabel("Why not?").fill("Not yet");
  // Enter in the reason refuses; it must never allow.
  await page.getByLabel("Why not?").press("Enter");
  await page.locator("#talk").getByText("You refused it").waitFor();
  await page.locator("#matter").getByRole("button", { name: "Allow once" }).waitFor();
  await assert.rejects(Deno.stat(join(project, "NOTES.md")));
  await page.getByRole("button", { name: "Allow once" }).click();
  await page.locator("#talk").getByText("You allowed it").waitFor();
  await page.locator("#matter").getByText("The run waits for your words").waitFor();
  assert.equal(await Deno.readTextFile(join(project, "NOTES.md")), "moon\n");
});

browserRun("a reload in the middle shows what was and what comes", [
  call("ui_ask_user", { question: "Sun or moon?", kind: "selection", options: ["Sun", "Moon"] }),
  { text: "The moon it is.", mood: "slow_stream", delayMs: 150 },
  ...quiet,
], async ({ page, context, start }) => {
  await start("run");
  await phase(page, "waiting");
  await page.reload();
  await page.getByRole("radio", { name: "Moon" }).check();
  const other = await context.newPage();
  await other.goto(page.url());
  await page.getByRole("button", { name: "Answer" }).click();
  await page.reload();
  await page.locator("#talk").getByText("The moon it is.").waitFor();
  await other.bringToFront();
  await other.locator("#talk").getByText("The moon it is.").waitFor();
  for (const tab of [page, other]) {
    assert.equal(await tab.locator("#talk").getByText("Sun or moon?").count(), 1);
  }
});

browserRun("a run is stopped, and resumed with words for the model", [
  { text: "slow ".repeat(20), mood: "stall" },
  ...quiet,
], async ({ page, start }) => {
  await start("run");
  await page.locator("#streaming").getByText("slow").waitFor();
  await page.getByRole("button", { name: "Stop" }).click();
  await phase(page, "interrupted");
  await page.locator("#composer-text").fill("Be brief");
  await page.locator("#composer-text").press("Enter");
  await page.locator("#talk").getByText("Be brief").waitFor();
  await phase(page, "waiting");
});

browserRun("a server that is killed in the middle leaves a run that is resumed from its page", [
  { text: "slow ".repeat(20), mood: "stall" },
  ...quiet,
], async ({ page, start, restart }) => {
  await start("run");
  await page.locator("#streaming").getByText("slow").waitFor();
  await restart();
  await phase(page, "interrupted");
  await page.locator("#matter").getByRole("button", { name: "Resume" }).click();
  await page.locator("#talk").getByText("Hm!").waitFor();
  await phase(page, "waiting");
  await page.goto(new URL("/inbox", page.url()).href);
  await page.getByRole("link", { name: "Open the run" }).waitFor();
  assert.deepEqual(await violations(page), []);
});
