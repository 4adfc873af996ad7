// A run as people see it: the built executable, a real browser, a model that speaks the protocol. What
// is asserted is what stands on the page and in the project's folder.
import assert from "node:assert/strict";
import { join } from "node:path";
import axe, { type AxeResults } from "axe-core";
import type { BrowserContext, Page } from "playwright-core";
import { startModelServer } from "../model_server/model_server.ts";
import type { Reply, ReplyFunction } from "../model_server/script.ts";
import { journey, startBinary, type StartedBinary } from "./binary.ts";
import { CHROMIUM_PATH, hasChromium, launchBrowser, patientContext } from "./chromium.ts";
import { playConversation, readConversation } from "./scripted_conversation.ts";

/** A browser in front of a server, signed in as its owner, with the package hello-branch. */
interface Scene {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly project: string;
  /** Kills the server and starts another on the same data; the browser is signed in there. */
  restart(): Promise<void>;
  /** Fills and sends the form of a start. */
  start(how: "run" | "simulate"): Promise<void>;
}

function browserRun(
  name: string,
  script: readonly Reply[] | ReplyFunction,
  test: (scene: Scene) => Promise<void>,
): void {
  if (!hasChromium) {
    Deno.test.ignore(`${name} (no Chromium at ${CHROMIUM_PATH})`, () => {});
    return;
  }
  journey(name, async () => {
    const dir = await Deno.makeTempDir({ prefix: "crewagent-browser-" });
    const [home, project] = [join(dir, "home"), join(dir, "project")];
    await Deno.mkdir(project);
    await using model = startModelServer(
      typeof script === "function" ? { reply: script } : { replies: script },
    );
    const env = { CREWAGENT_MODEL: "test-model", OPENAI_BASE_URL: model.baseUrl };
    const browser = await launchBrowser();
    let server = await serve(home, env);
    try {
      const context = await patientContext(browser, { viewport: { width: 1280, height: 720 } });
      const page = await context.newPage();
      const faults: string[] = [];
      page.on("pageerror", (error) => faults.push(error.stack ?? error.message));
      await page.goto(server.link);
      await page.fill("#username", "mina");
      await page.fill("#password", "correct horse");
      await page.click("button.primary");
      await page.waitForURL(/\/packages$/);
      await page.goto(`${server.origin}/packages/new?template=hello-branch`);
      await page.fill("#name", "hello-branch");
      await page.click("button.primary[type=submit]");
      await page.waitForURL(/\/packages\/[a-z0-9]+$/);
      await test({
        page,
        context,
        project,
        async restart() {
          await kill(server);
          server = await serve(home, env);
          const { pathname } = new URL(page.url());
          await page.goto(server.link);
          await page.waitForURL(/\/packages/);
          await page.goto(server.origin + pathname);
        },
        async start(how) {
          await page.getByRole("link", { name: "Run", exact: true }).click();
          await page.fill("#project", project);
          await page.click(`button[value=${how}]`);
          await page.waitForURL(/\/runs\/\d{8}-/);
        },
      });
      assert.deepEqual(faults, []);
    } finally {
      await browser.close();
      await kill(server);
      await Deno.remove(dir, { recursive: true });
    }
  });
}

interface Served {
  readonly started: StartedBinary;
  readonly link: string;
  readonly origin: string;
}

async function serve(home: string, env: Record<string, string>): Promise<Served> {
  const started = await startBinary(["serve", "--port", "0"], { home, env });
  const link = await printedLink(started);
  return { started, link, origin: new URL(link).origin };
}

async function kill({ started: { process } }: Served): Promise<void> {
  process.kill("SIGKILL");
  await process.status;
  await Promise.all([process.stdin.close(), process.stderr.cancel()]);
}

async function printedLink({ process }: StartedBinary): Promise<string> {
  const decoder = new TextDecoder();
  const reader = process.stdout.getReader();
  let text = "";
  for (;;) {
    const [link] = /http:\/\/127\.0\.0\.1:\d+\/(start|open)\?token=[\w-]+(?=\n)/.exec(text) ?? [];
    if (link !== undefined && text.includes("Ctrl-C ends it")) {
      await reader.cancel();
      return link;
    }
    const { value, done } = await reader.read();
    if (done) throw new Error(`The server ended with only this:\n${text}`);
    text += decoder.decode(value, { stream: true });
  }
}

/** Waits until the head of the page shows a phase. */
async function phase(page: Page, name: string): Promise<void> {
  await page.locator(`#run-head [data-phase=${name}]`).waitFor();
}

async function violations(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: axe.source });
  const { result } = await session.send("Runtime.evaluate", {
    expression: "axe.run(document, { resultTypes: ['violations'] }).then(JSON.stringify)",
    awaitPromise: true,
  });
  await session.detach();
  const found = JSON.parse(String(result.value)) as AxeResults;
  return found.violations.map(({ id, nodes }) =>
    `${id}: ${nodes.map(({ html }) => html).join(" ")}`
  );
}

const call = (name: string, args: Record<string, unknown>): Reply => ({
  toolCalls: [{ name, arguments: args }],
});
const note = call("fs_write", { path: "@project/NOTES.md", content: "moon\n" });
const quiet: Reply[] = [{ text: "Hm." }, { text: "Hm!" }];

function helloBranch(): ReplyFunction {
  const player = playConversation(readConversation("hello-branch"));
  return ({ body }) => player.next(body.messages as never) as Reply;
}

browserRun("a simulation leads from the page of a start to its files", [], async (scene) => {
  const { page, project, start } = scene;
  await start("simulate");
  await phase(page, "completed");
  await page.getByRole("link", { name: "Artifacts" }).click();
  await page.getByRole("link", { name: "@project/artifacts/fact.md" }).click();
  const shown = await page.locator("main pre").textContent();
  assert.equal(shown, await Deno.readTextFile(join(project, "artifacts", "fact.md")));
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
  await page.getByLabel("What the model should know").fill("Be brief");
  await page.getByRole("button", { name: "Resume" }).click();
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
  await page.getByRole("button", { name: "Resume" }).click();
  await page.locator("#talk").getByText("Hm!").waitFor();
  await phase(page, "waiting");
  await page.goto(new URL("/inbox", page.url()).href);
  await page.getByRole("link", { name: "Open the run" }).waitFor();
  assert.deepEqual(await violations(page), []);
});
