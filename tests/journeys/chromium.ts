// The browser of the journeys: where it is, and how it is started so that it asks nobody anything.

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

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
