// A person at the builder in real Chromium: signs up by the printed link, and moves mouse and keys.
// Whatever goes wrong in the page (an error, a dialog, a breach of its policy) is kept and asserted.
import assert from "node:assert/strict";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { PASSWORD } from "../builder/http/app_under_test.ts";
import { journey } from "./binary.ts";
import { type BuilderProcess, startBuilder, withHome } from "./builder_process.ts";
import { CHROMIUM_PATH, hasChromium, launchBrowser, patientContext } from "./chromium.ts";
import { PATIENCE_MS } from "../patience.ts";

/** A person with a browser and a server of their own. */
export interface Visit {
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly page: Page;
  /** The server as it is now; another one after `restart()`. */
  server(): BuilderProcess;
  /** Kills the server without warning and starts it again on the same port and folder. */
  killAndRestart(): Promise<void>;
  /** Stops the server and starts it again on the same port and folder. */
  stopAndRestart(): Promise<void>;
  /** What went wrong in the pages so far; a test that expects something empties it. */
  readonly faults: string[];
}

/** Registers a test that needs the executable and Chromium; without them it is skipped, and says so. */
export function visit(name: string, test: (visit: Visit) => Promise<void>): void {
  if (!hasChromium) {
    Deno.test.ignore(`${name} (no Chromium at ${CHROMIUM_PATH})`, () => {});
    return;
  }
  journey(name, () => withHome((home) => runVisit(home, test)));
}

async function runVisit(home: string, test: (visit: Visit) => Promise<void>): Promise<void> {
  let server = await startBuilder({ home });
  const again = async () => {
    server = await startBuilder({ home, port: Number(new URL(server.origin).port) });
  };
  const browser = await launchBrowser();
  try {
    const faults: string[] = [];
    const context = await openContext(browser, faults);
    const page = await context.newPage();
    await test({
      browser,
      context,
      page,
      faults,
      server: () => server,
      async killAndRestart() {
        await server.kill();
        await again();
      },
      async stopAndRestart() {
        assert.equal(await server.stop(), 0);
        await again();
      },
    });
    assert.deepEqual(faults, []);
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** A browser profile without cookies, whose pages are watched. */
export async function openContext(browser: Browser, faults: string[]): Promise<BrowserContext> {
  const context = await patientContext(browser, { viewport: { width: 1440, height: 900 } });
  context.on("page", (page) => watch(page, faults));
  return context;
}

function watch(page: Page, faults: string[]): void {
  page.on("pageerror", (error) => faults.push(`error: ${error.stack ?? error.message}`));
  page.on("dialog", (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    const text = message.text();
    // Lost connections are what restarts are about; a refused policy is never all right.
    if (/Content Security Policy|Refused to/.test(text)) faults.push(`policy: ${text}`);
  });
}

/** Creates the owner's account by the printed link, with the mouse; ends on the packages page. */
export async function signUp({ page, server }: Visit, username = "mina"): Promise<void> {
  await page.goto(server().link);
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForURL("**/packages");
}

/** Signs in by the form; ends on the packages page. */
export async function signIn(page: Page, origin: string, username: string): Promise<void> {
  await page.goto(`${origin}/login`);
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/packages");
}

/** Waits until something holds; generous, for machines under load. */
export async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!await holds()) {
    assert.ok(Date.now() < deadline, `Waited too long until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
