// A project, a home with a secret and a data folder, and programs run inside the real sandbox.
import { join } from "node:path";
import { type Sandbox, sandboxFor, type WrapOptions } from "../../../runtime/sandbox/sandbox.ts";
import { machineTools } from "../../../runtime/sandbox/sandbox_tools.ts";

/** Folders for one test, and a way to run programs in its sandbox. */
export interface WalledWorld {
  readonly dir: string;
  readonly home: string;
  readonly project: string;
  readonly dataDir: string;
  readonly sandbox: Sandbox;
  /** Starts a program inside, with this world's home and project. */
  start(command: string, args: readonly string[], more?: Partial<WrapOptions>): Deno.ChildProcess;
  /** Runs `sh -c` inside. */
  sh(script: string, more?: Partial<WrapOptions>): Promise<Ended>;
}

/** A program that has ended. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const sandbox = sandboxFor(Deno.build.os, machineTools);
const mustRun = Deno.env.get("CREWAGENT_CI") === "1";

/** Registers a test in a real sandbox; where bubblewrap does not work it is skipped, and says so. */
export function walled(name: string, test: (world: WalledWorld) => Promise<void>): void {
  const inWorld = () => withWorld(test);
  if (sandbox.kind === "bubblewrap" || (mustRun && Deno.build.os === "linux")) {
    Deno.test(name, inWorld);
  } else Deno.test.ignore(`${name} (${sandbox.description})`, inWorld);
}

/** The output of a started program, at its end. */
export async function endOf(child: Deno.ChildProcess): Promise<Ended> {
  const { code, stdout, stderr } = await child.output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out: out ?? "", err: err ?? "" };
}

async function withWorld(test: (world: WalledWorld) => Promise<void>): Promise<void> {
  const dir = await Deno.realPath(await Deno.makeTempDir({ prefix: "crewagent-wall-" }));
  const [home, project, dataDir] = [join(dir, "home"), join(dir, "project"), join(dir, "data")];
  for (const folder of [home, project, dataDir]) await Deno.mkdir(folder);
  await Deno.writeTextFile(join(home, "secret.txt"), "secret");
  await Deno.writeTextFile(join(dataDir, "secret.txt"), "secret");
  const env = { PATH: Deno.env.get("PATH") ?? "", HOME: home };
  const start: WalledWorld["start"] = (command, args, more = {}) => {
    const options = { projectDir: project, readOnly: [], env, hidden: [dataDir], ...more };
    const wrapped = sandbox.wrap(command, args, options);
    return new Deno.Command(wrapped.command, {
      args: [...wrapped.args],
      cwd: options.cwd ?? project,
      env: options.env,
      clearEnv: true,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  };
  try {
    await test({
      ...{ dir, home, project, dataDir, sandbox, start },
      sh: (script, more) => endOf(start("sh", ["-c", script], more)),
    });
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}
