// Three servers of the same sources: the executable, a generated project under Deno, one under Node.
import { join } from "node:path";
import { binaryPath, runBinary } from "../binary.ts";
import { type ModelServer, startModelServer } from "../../model_server/model_server.ts";
import { writeFiles } from "../../runtime/flow/flow_world.ts";
import { reply, SOURCES } from "./sources.ts";

/** A server and the model that only it asks. */
export interface FlowServer {
  readonly name: string;
  readonly origin: string;
  readonly model: ModelServer;
  /** Ends it by TERM; its exit code. */
  stop(): Promise<number>;
}

/** How a server is started. */
interface Start {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
}

/** Generates the project and starts all three below `dir`. */
export async function startServers(dir: string): Promise<FlowServer[]> {
  const places = ["binary", "deno", "node"].map((name) => join(dir, name));
  const [binary = "", deno = "", node = ""] = places;
  await writeFiles(binary, SOURCES);
  for (const out of [deno, node]) {
    const { exitCode, stderr } = await runBinary(["generate", "--src", binary, "--out", out]);
    if (exitCode !== 0) throw new Error(stderr);
  }
  await run("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts"], node);
  return await Promise.all([
    start({
      name: "executable",
      program: binaryPath(),
      args: ["serve", "--flows", binary, "--headless"],
      cwd: dir,
    }),
    start({
      name: "Deno",
      program: Deno.execPath(),
      args: ["task", "--quiet", "start"],
      cwd: deno,
    }),
    // As "npm start" does, whose own process would end with the signal's exit code.
    start({ name: "Node", program: "node", args: ["--import", "tsx", "main.ts"], cwd: node }),
  ]);
}

/** Runs a program to its end. Rejects with what it printed unless it ends well. */
export async function run(program: string, args: readonly string[], cwd: string): Promise<void> {
  const command = new Deno.Command(program, { args: [...args], cwd, stdin: "null" });
  const { success, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(`${program} ${args.join(" ")}:\n${text(stdout)}${text(stderr)}`);
}

async function start({ name, program, args, cwd }: Start): Promise<FlowServer> {
  const model = startModelServer({ reply });
  const child = new Deno.Command(program, {
    args: [...args],
    cwd,
    env: {
      PORT: "0",
      OPENAI_API_KEY: "key",
      OPENAI_BASE_URL: model.baseUrl,
      OPENAI_MODEL: "test-model",
      CREWAGENT_HOME: join(cwd, "data"),
    },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const origin = await originOf(child.stderr);
  return {
    name,
    origin,
    model,
    async stop() {
      child.kill("SIGTERM");
      const { code } = await child.status;
      await model.close();
      return code;
    },
  };
}

async function originOf(stderr: Deno.ChildProcess["stderr"]): Promise<string> {
  const reader = stderr.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    text += piece.value;
    const [, origin] = /served at (\S+)\n/.exec(text) ?? [];
    if (origin === undefined) continue;
    // Read on, so that the server never waits for us.
    reader.releaseLock();
    return origin;
  }
  throw new Error(`The server ended: ${text}`);
}
