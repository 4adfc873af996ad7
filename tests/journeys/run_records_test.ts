// What runs leave, as people see it: history, inbox, tabs, the lines of a file.
import assert from "node:assert/strict";
import { join } from "node:path";
import type { Request } from "playwright-core";
import type { Reply } from "../model_server/script.ts";
import { browserRun, call, helloBranch, phase, violations } from "./browser_run.ts";

const quiet: Reply[] = [{ text: "Hm." }, { text: "Hm!" }];

browserRun("the inbox counts what waits, answers it in place and follows what comes", [
  call("ui_ask_user", { question: "Sun or moon?", kind: "selection", options: ["Sun", "Moon"] }),
  call("fs_write", { path: "@project/NOTES.md", content: "moon\n" }),
  ...quiet,
], async ({ page, context, project, start }) => {
  await start("run");
  await phase(page, "waiting");
  const inbox = await context.newPage();
  await inbox.goto(new URL("/inbox", page.url()).href);
  await inbox.locator("#inbox-count").getByText("1", { exact: true }).waitFor();
  assert.deepEqual(await violations(inbox), []);
  await inbox.getByRole("button", { name: "Moon" }).click();
  // The next matter of the same run comes by itself.
  await inbox.getByText("fs.write wants to change @project/NOTES.md").waitFor();
  await inbox.locator(".run-diff").getByText("+moon").waitFor();
  assert.deepEqual(await violations(inbox), []);
  await inbox.getByRole("button", { name: "Allow once" }).click();
  await page.bringToFront();
  await page.locator("#talk").getByText("Hm!").waitFor();
  assert.equal(await Deno.readTextFile(join(project, "NOTES.md")), "moon\n");
});

/** A browser in which the person allows notifications as soon as they are asked; nobody sees them. */
const NOTIFICATIONS = `
  globalThis.asked = 0;
  globalThis.told = [];
  globalThis.Notification = class extends EventTarget {
    static permission = "default";
    static requestPermission() {
      asked += 1;
      Notification.permission = "granted";
      return Promise.resolve("granted");
    }
    constructor(title) {
      super();
      told.push(title);
    }
  };
`;

browserRun("the permission for notifications is asked for by a click and never by itself", [
  call("ui_ask_user", { question: "Which topic?", kind: "text" }),
  call("ui_ask_user", { question: "Which tone?", kind: "text" }),
  ...quiet,
], async ({ page, start }) => {
  await page.addInitScript(NOTIFICATIONS);
  await start("run");
  await phase(page, "waiting");
  await page.goto(new URL("/inbox", page.url()).href);
  await page.locator("#inbox-count").getByText("1", { exact: true }).waitFor();
  assert.deepEqual(await page.evaluate("[asked, told]"), [0, []]);
  await page.getByRole("button", { name: "Notify me in this browser" }).click();
  await page.getByText("This browser tells you when something new waits").waitFor();
  await page.getByRole("textbox").fill("The sea");
  await page.getByRole("button", { name: "Answer" }).click();
  await page.getByText("Which tone?").waitFor();
  await page.waitForFunction("told.length > 0");
  assert.deepEqual(await page.evaluate("[asked, told]"), [1, ["hello-branch asks you something"]]);
});

/** Without windows every tab counts as shown, so the page is told. */
const HIDE = `
  Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
  document.dispatchEvent(new Event("visibilitychange"));
`;
const SHOW = `delete document.hidden; document.dispatchEvent(new Event("visibilitychange"));`;

const HEARD = `
  globalThis.hasHeard = false;
  document.addEventListener("htmx:sse:after:message", () => { hasHeard = true; });
`;

const isStream = (request: Request) => new URL(request.url()).pathname.endsWith("/stream");

browserRun(
  "the tabs of a run follow it line by line, take a stream only while shown, and keep what is unfolded",
  [
    call("fs_read", { path: "@pkg/bmad.json" }),
    call("ui_ask_user", { question: "Go on?", kind: "confirmation" }),
    call("fs_write", { path: "@project/artifacts/a.md", content: "one\n" }),
    ...quiet,
  ],
  async ({ page, context, start }) => {
    await start("run");
    await phase(page, "waiting");
    const run = page.url();
    const [calls, log, changes] = [
      await context.newPage(),
      await context.newPage(),
      await context.newPage(),
    ];
    await calls.addInitScript(HEARD);
    await calls.goto(`${run}?tab=calls`);
    await calls.locator("#call-rows summary").getByText("fs.read").click();
    await calls.locator("#call-rows").getByText('"@pkg/bmad.json"').first().waitFor();
    await log.goto(`${run}?tab=log&type=tool_call`);
    await log.locator("#log-rows > li").nth(1).waitFor();
    const early: string[] = [];
    changes.on("request", (request) => isStream(request) && early.push(request.url()));
    await changes.addInitScript(HIDE);
    await changes.goto(`${run}?tab=changes`);
    assert.deepEqual(early, []);
    const shown = changes.waitForRequest(isStream);
    await changes.evaluate(SHOW);
    await shown;
    await changes.getByText("The run changed no file").waitFor();
    await calls.waitForFunction("hasHeard");
    const ended = calls.waitForEvent("requestfailed", isStream);
    await calls.evaluate(HIDE);
    await ended;
    const back = calls.waitForRequest(isStream);
    await calls.evaluate(SHOW);
    assert.match((await back).headers()["last-event-id"] ?? "", /^\d+$/);
    await page.bringToFront();
    await page.getByRole("button", { name: "Yes" }).click();
    await page.locator("#talk").getByText("Hm!").waitFor();
    await calls.bringToFront();
    await calls.locator("#call-rows > li[data-outcome=done]").getByText("fs.write").waitFor();
    assert.equal(await calls.locator("#call-rows details[open]").count(), 1);
    await log.bringToFront();
    await log.locator("#log-rows > li").nth(2).waitFor();
    assert.equal(await log.locator("#log-rows > li").count(), 3);
    await changes.bringToFront();
    await changes.locator(".run-diff").getByText("+one").waitFor();
    for (const tab of [calls, log, changes]) assert.deepEqual(await violations(tab), []);
    await log.getByLabel("Contains").fill("artifacts/a.md");
    await log.getByRole("button", { name: "Filter" }).click();
    await log.locator("#log-rows > li").nth(0).waitFor();
    assert.equal(await log.locator("#log-rows > li").count(), 1);
  },
);

browserRun(
  "from a line of an artifact to the call that wrote it, over two runs, and the history filtered",
  helloBranch(),
  async ({ page, project, start }) => {
    await start("run");
    await phase(page, "waiting");
    await page.getByLabel("Your answer").fill("A poem please, about the sea.");
    await page.getByRole("button", { name: "Answer" }).click();
    await phase(page, "completed");
    const file = join(project, "artifacts", "poem.md");
    await Deno.writeTextFile(file, "By hand\n", { append: true });
    await page.getByRole("link", { name: "Artifacts" }).click();
    await page.getByText("changed since by somebody else").waitFor();
    assert.deepEqual(await violations(page), []);
    await page.getByRole("link", { name: "@project/artifacts/poem.md" }).click();
    await page.getByText("What the sea returns").waitFor();
    assert.deepEqual(await violations(page), []);
    const byHand = page.locator("tbody[data-origin=others]");
    assert.match(await byHand.innerText(), /somebody else[\s\d]+By hand/);
    await page.locator("tbody[data-origin=run] .line-by a").click();
    await page.locator("#call-rows details[open]").getByText("What the sea returns").waitFor();

    await page.goto(new URL("/runs", page.url()).href);
    await page.getByRole("cell", { name: "Completed" }).waitFor();
    await page.getByLabel("Status").selectOption("failed");
    await page.getByText("No run fits").waitFor();
    assert.match(page.url(), /status=failed/);
    assert.deepEqual(await violations(page), []);
    await page.getByLabel("Status").selectOption("completed");
    await page.getByLabel("Search").fill("test-model");
    await page.getByRole("cell", { name: "Completed" }).waitFor();
    await page.getByText("1 run", { exact: true }).waitFor();
  },
);
