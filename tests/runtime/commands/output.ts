// Runs a command in this process and collects what it prints; for tests of commands.
import type { Command } from "../../../runtime/commands/command.ts";

/** What a command printed, and its exit code. */
export interface Output {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command; not for two at once, since they share the console. */
export async function outputOf(command: Command, args: readonly string[]): Promise<Output> {
  const out: string[] = [];
  const err: string[] = [];
  const { log, error } = console;
  console.log = (line: string) => void out.push(line);
  console.error = (line: string) => void err.push(line);
  try {
    const exitCode = await command.run(args);
    return { exitCode, out: out.join("\n"), err: err.join("\n") };
  } finally {
    Object.assign(console, { log, error });
  }
}

/** Runs a test with a temporary folder. */
export async function inTemporaryFolder(act: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    await act(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}
