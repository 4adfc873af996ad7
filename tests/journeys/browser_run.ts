// A run as people see it: the built executable, a real browser, a model that speaks the protocol. Not
// here: what is done with it (`browser_run_test.ts` and its neighbours).
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
export interface RunScene {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly project: string;
  /** Kills the server and starts another on the same data; the browser is signed in there. */
  restart(): Promise<void>;
  /** Fills and sends the form of a start. */
  start(how: "run" | "simulate"): Promise<void>;
}

/** A journey with a model that replies as the script says; skipped without a browser. */
export function browserRun(
  name: string,
  script: readonly Reply[] | ReplyFunction,
  test: (scene: RunScene) => Promise<void>,
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
          await page.getByRole("link", { name: "With a workflow" }).click();
          await page.fill("#project", project);
          const button = how === "run" ? "Start" : "Simulate";
          await page.getByRole("button", { name: button, exact: true }).last().click();
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
export async function phase(page: Page, name: string): Promise<void> {
  await page.locator(`#run-head [data-phase=${name}]`).waitFor();
}

/** What axe-core finds on the page as it is. */
export async function violations(page: Page): Promise<string[]> {
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

/** A reply that calls one tool. */
export const call = (name: string, args: Record<string, unknown>): Reply => ({
  toolCalls: [{ name, arguments: args }],
});

/** A model that plays hello-branch to its end. */
export function helloBranch(): ReplyFunction {
  const player = playConversation(readConversation("hello-branch"));
  return ({ body }) => player.next(body.messages as never) as Reply;
}
