// The built executable as a server of the builder: its link, its life and its death. Not here: what is
// done with it in a browser (`builder_browser.ts`) or without one (`builder_client.ts`).
import { join } from "node:path";
import { startBinary, type StartedBinary } from "./binary.ts";

/** A server that runs, on a data folder that outlives it. */
export interface BuilderProcess {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** The link that it printed: to the first start, or to sign the owner in once. */
  readonly link: string;
  /** The data folder. */
  readonly home: string;
  readonly pid: number;
  /** Ends it as a power cut would, and waits until it is gone. */
  kill(): Promise<void>;
  /** Ends it as Ctrl-C does. Returns its exit code. */
  stop(): Promise<number>;
}

/** How to start. */
export interface BuilderOptions {
  readonly home: string;
  /** The same one again, so that open pages find it. */
  readonly port?: number;
  /** Added to its environment: the model that it asks. */
  readonly env?: Readonly<Record<string, string>>;
}

const LINK = /http:\/\/127\.0\.0\.1:\d+\/(start|open)\?token=[\w-]+(?=\n)/;

/** Starts the executable and waits for its link. Rejects with what it said if it ends before. */
export async function startBuilder(
  { home, port = 0, env = {} }: BuilderOptions,
): Promise<BuilderProcess> {
  const started = await startBinary(["serve", "--no-open", "--port", String(port)], {
    home,
    env,
    timeoutMs: 3_600_000,
  });
  const link = await printedLink(started);
  const end = async (signal: Deno.Signal) => {
    started.process.kill(signal);
    return (await started.finished()).exitCode;
  };
  return {
    origin: new URL(link).origin,
    link,
    home,
    pid: started.process.pid,
    async kill() {
      await end("SIGKILL");
    },
    stop: () => end("SIGTERM"),
  };
}

async function printedLink({ process }: StartedBinary): Promise<string> {
  const decoder = new TextDecoder();
  const reader = process.stdout.getReader();
  let text = "";
  for (;;) {
    const [link] = LINK.exec(text) ?? [];
    const { value, done } = link === undefined ? await reader.read() : { done: true };
    if (link !== undefined) {
      reader.releaseLock();
      return link;
    }
    if (done) throw new Error(`The server ended with only this:\n${text}`);
    text += decoder.decode(value as Uint8Array, { stream: true });
  }
}

/** Runs a test with a data folder that is gone afterwards, and what stands beside it too. */
export async function withHome(test: (home: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "crewagent-home-" });
  try {
    await test(join(folder, "data"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
