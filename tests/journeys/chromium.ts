// The browser of the journeys: where it is, how it is started so that it asks nobody anything, and how
// long it is waited for.
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
} from "playwright-core";
import { PATIENCE_MS } from "../patience.ts";

/** Debian's path; another one by `CREWAGENT_CHROMIUM`. */
export const CHROMIUM_PATH = Deno.env.get("CREWAGENT_CHROMIUM") ?? "/usr/bin/chromium";

/** A browser without GPU, network of its own, or updates. */
export const CHROMIUM_ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Under `.ci/run` a missing browser is a failure, not a skip. */
export const hasChromium = Deno.env.get("CREWAGENT_CI") === "1" || isFile(CHROMIUM_PATH);

/** Starts the browser. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM_PATH,
    args: CHROMIUM_ARGUMENTS,
    timeout: PATIENCE_MS,
  });
}

/** A profile without cookies, in which everything may take its time. */
export async function patientContext(
  browser: Browser,
  options: BrowserContextOptions,
): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(PATIENCE_MS);
  return context;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
