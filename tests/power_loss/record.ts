// Runs a command under strace and tells what it asked of its disk.
import type { DiskOperation } from "./disk.ts";
import { readTrace, REFUSED_CALLS, TRACED_CALLS } from "./trace.ts";

/** strace writes strings up to this length; longer ones are an error of `readTrace`. */
const LONGEST_STRING_BYTES = 64 * 1024 * 1024;

/** What to run, and where it may change files that count. */
export interface RecordOptions {
  readonly args: readonly string[];
  readonly cwd: string;
  /** Added to PATH; nothing else is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute and without links; operations elsewhere are left out. */
  readonly root: string;
  /** Where the trace is kept; outside the root. */
  readonly tracePath: string;
}

/**
 * Runs a command to its end. @returns what it asked of the disk below `root`, in order
 * @throws Error if strace is missing, or the command does not end with 0
 */
export async function recordOperations(
  command: string,
  { args, cwd, env, root, tracePath }: RecordOptions,
): Promise<DiskOperation[]> {
  const calls = [...TRACED_CALLS, ...REFUSED_CALLS].join(",");
  const { code, stderr } = await strace({
    args: [
      ...["-f", "-y", "-xx", "-s", `${LONGEST_STRING_BYTES}`, "-e", `trace=${calls}`],
      ...["-o", tracePath, command, ...args],
    ],
    cwd,
    env,
  });
  if (code !== 0) {
    throw new Error(`${args.join(" ")} under strace ended with ${code}:\n${stderr}`);
  }
  return readTrace(await Deno.readTextFile(tracePath), root);
}

async function strace(
  { args, cwd, env }: { args: string[]; cwd: string; env: Readonly<Record<string, string>> },
): Promise<{ code: number; stderr: string }> {
  try {
    const command = new Deno.Command("strace", {
      args,
      cwd,
      clearEnv: true,
      env: { PATH: Deno.env.get("PATH") ?? "", ...env },
      stdin: "null",
      stdout: "null",
    });
    const { code, stderr } = await command.output();
    return { code, stderr: new TextDecoder().decode(stderr) };
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new Error(
      "The test of power cuts needs strace to see what the executable asks of its disk, and strace is not installed. On Debian: apt-get install strace",
      { cause },
    );
  }
}
