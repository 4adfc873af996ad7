// One program from its start to its end, with its output and all that it started.
import { killGroup, killMarked, MARKER_VARIABLE, terminateGroup } from "./mcp/process_identity.ts";
import { HeadAndTail } from "./terminal_run_output.ts";

/** What to run. */
export interface ProgramRun {
  /** Real path of the program. */
  readonly program: string;
  readonly args: readonly string[];
  /** Real path. */
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Of standard output and of standard error, each. */
  readonly maxOutputBytes: number;
}

/** How it ended, and what it wrote. */
export interface ProgramEnd {
  /** Why we ended it; absent where it ended by itself. */
  readonly endedBy?: "timeout" | "abort";
  readonly exitCode: number;
  readonly exitSignal: string | null;
  readonly stdout: HeadAndTail;
  readonly stderr: HeadAndTail;
}

/** From TERM to KILL. */
const TERMINATE_MS = 2000;
/** How long pipes may stay open behind the end of the program. */
const DRAIN_MS = 3_000;

/**
 * Runs a program in a process group of its own. On time-out and abort the group is asked to end, then
 * killed; what a program leaves running behind its end is killed, too (on Linux also what left the
 * group).
 * @throws Error of Deno if it cannot be started
 */
export async function runProgram(run: ProgramRun): Promise<ProgramEnd> {
  const marker = crypto.randomUUID();
  const child = new Deno.Command(run.program, {
    args: [...run.args],
    cwd: run.cwd,
    env: { ...run.env, [MARKER_VARIABLE]: marker },
    clearEnv: true,
    detached: true,
    stdin: run.stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stdout = new HeadAndTail(run.maxOutputBytes);
  const stderr = new HeadAndTail(run.maxOutputBytes);
  const readers = [child.stdout.getReader(), child.stderr.getReader()] as const;
  const pipes = Promise.all([readAll(readers[0], stdout), readAll(readers[1], stderr)]);
  const input = run.stdin === undefined ? undefined : feed(child.stdin, run.stdin);
  const ending = endInTime(child.pid, run);
  const status = await child.status;
  const endedBy = ending.stop();
  await killGroup(child.pid);
  await killMarked(marker);
  if (!await settledWithin(pipes, DRAIN_MS)) {
    await Promise.allSettled(readers.map((reader) => reader.cancel()));
  }
  await input?.end();
  return {
    ...(endedBy && { endedBy }),
    exitCode: status.code,
    exitSignal: status.signal,
    stdout,
    stderr,
  };
}

/** Ends the group when the time is up or the run is stopped, until `stop`, which says what it did. */
function endInTime(pid: number, { timeoutMs, signal }: ProgramRun) {
  let endedBy: ProgramEnd["endedBy"];
  let killTimer: number | undefined;
  const end = (reason: "timeout" | "abort") => {
    if (endedBy) return;
    endedBy = reason;
    terminateGroup(pid);
    killTimer = setTimeout(() => void killGroup(pid), TERMINATE_MS);
  };
  const timer = setTimeout(() => end("timeout"), timeoutMs);
  const abort = () => end("abort");
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  return {
    stop() {
      clearTimeout(timer);
      clearTimeout(killTimer);
      signal.removeEventListener("abort", abort);
      return endedBy;
    },
  };
}

/** Writes the input without waiting for the program to read it. */
function feed(stream: WritableStream<Uint8Array>, text: string) {
  const writer = stream.getWriter();
  // A program need not read its input, nor all of it.
  const written = writer.write(new TextEncoder().encode(text)).then(() => writer.close())
    .catch(() => {});
  return {
    async end() {
      await writer.abort().catch(() => {});
      await written;
    },
  };
}

async function readAll(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  output: HeadAndTail,
): Promise<void> {
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      output.push(next.value);
    }
  } catch {
    // A broken pipe ends like a closed one.
  }
}

/** True if it settles in time. */
async function settledWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: number | undefined;
  const expired = new Promise<boolean>((resolve) => timer = setTimeout(() => resolve(false), ms));
  return await Promise.race([promise.then(() => true), expired])
    .finally(() => clearTimeout(timer));
}
