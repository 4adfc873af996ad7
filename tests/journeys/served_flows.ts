// The executable serving flows, for journeys.
import { join } from "node:path";
import { binaryPath } from "./binary.ts";

/** A service of the executable that runs. */
export interface Served {
  readonly origin: string;
  readonly child: Deno.ChildProcess;
  /** Standard output until its end. */
  readonly log: Promise<string>;
}

/** Serves a folder of flow sources without the builder, on a free port. */
export async function serveFlows(folder: string, env: Record<string, string>): Promise<Served> {
  const child = new Deno.Command(binaryPath(), {
    args: ["serve", "--flows", folder, "--headless", "--port", "0"],
    env: { ...env, CREWAGENT_HOME: join(folder, "data") },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const log = new Response(child.stdout).text();
  const reader = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    text += piece.value;
    const [, origin] = /served at (\S+)\n/.exec(text) ?? [];
    if (origin === undefined) continue;
    await reader.cancel();
    return { origin, child, log };
  }
  throw new Error(`The service ended: ${text}`);
}

/** A folder with these agents, by file name, as long as `work` runs. */
export async function withFlowSources(
  agents: Readonly<Record<string, string>>,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(join(folder, "bmad", "agents"), { recursive: true });
  for (const [name, text] of Object.entries(agents)) {
    await Deno.writeTextFile(join(folder, "bmad", "agents", name), text);
  }
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
