// One life of the executable: from its start to its end or to the moment it is killed. A traced life
// can be killed right after its n-th write boundary.
import { binaryPath } from "../journeys/binary.ts";
import { type Boundary, boundaryReader, WRITING_CALLS } from "./boundary.ts";

/** When a life is to end by SIGKILL. */
export type Death =
  | { readonly kind: "none" }
  /** Right after so many boundaries, counted over all threads from 1. */
  | { readonly kind: "boundary"; readonly count: number }
  /** So long after the start, untraced. */
  | { readonly kind: "instant"; readonly afterMs: number };

/** What to start, and when to kill it. */
export interface LifeOptions {
  readonly args: readonly string[];
  /** CREWAGENT_HOME. */
  readonly home: string;
  /** What happens below this folder counts as a boundary: data folder and project. */
  readonly root: string;
  readonly death: Death;
  /** Trace it although it is not to be killed at a boundary: to count them. */
  readonly traced?: boolean;
}

/** A life that is over. */
export interface Life {
  /** It was killed by us, not ended by itself. */
  readonly killed: boolean;
  /** It had to be killed because it did not end. */
  readonly isLate: boolean;
  readonly exitCode: number;
  readonly stderr: string;
  /** Boundaries it had passed when it ended; empty if it was not traced. */
  readonly boundaries: readonly Boundary[];
  /** Changes that had begun when it was killed. */
  readonly cutOff: readonly string[];
  /** From the start to `run_resumed` on standard output; only of untraced lives. */
  readonly resumedMs?: number;
  readonly durationMs: number;
}

/** A life that takes longer is taken for stuck. */
const LONGEST_LIFE_MS = 300_000;

/**
 * The traced process is held back this long after each change (not after opening a file), so that the
 * kill lands before the next one. Where the kill did land is counted afterwards, not assumed.
 */
const DELAY_MICROSECONDS = 300;

/** True if this machine lets us trace a process. */
export async function canTrace(): Promise<boolean> {
  if (Deno.build.os !== "linux") return false;
  try {
    const command = new Deno.Command("strace", {
      args: ["-qq", "-f", "--seccomp-bpf", "-e", "trace=fsync", "true"],
      stdout: "null",
      stderr: "null",
    });
    return (await command.output()).success;
  } catch {
    return false;
  }
}

/** Lives one life. Never throws for what the executable does. */
export async function live(options: LifeOptions): Promise<Life> {
  const traced = options.traced === true || options.death.kind === "boundary";
  return traced ? await liveTraced(options) : await liveFree(options);
}

async function liveFree({ args, home, death }: LifeOptions): Promise<Life> {
  const started = performance.now();
  const process = new Deno.Command(binaryPath(), {
    args: [...args],
    ...surroundings(home),
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let killed = false;
  const kill = () => {
    killed = true;
    killQuietly(process.pid);
  };
  let isLate = false;
  const timers = [setTimeout(() => {
    isLate = true;
    kill();
  }, LONGEST_LIFE_MS)];
  if (death.kind === "instant") timers.push(setTimeout(kill, death.afterMs));
  const [status, resumedAt, stderr] = await Promise.all([
    process.status,
    timeOf(process.stdout, `"type":"run_resumed"`),
    new Response(process.stderr).text(),
  ]);
  for (const timer of timers) clearTimeout(timer);
  return {
    killed: killed && status.signal === "SIGKILL",
    isLate,
    exitCode: status.code,
    stderr,
    boundaries: [],
    cutOff: [],
    ...(resumedAt !== undefined && { resumedMs: resumedAt - started }),
    durationMs: performance.now() - started,
  };
}

/** `strace` writes to our end of the standard error; that of the executable goes to a file. */
const TRACE_SCRIPT = 'exec strace "$@" 3>&2 2>"$CREWAGENT_KILL_STDERR"';

async function liveTraced({ args, home, root, death }: LifeOptions): Promise<Life> {
  const started = performance.now();
  const stderrPath = `${root}.stderr`;
  const { env, ...place } = surroundings(home);
  const process = new Deno.Command("sh", {
    args: ["-c", TRACE_SCRIPT, "sh", ...straceArguments(), binaryPath(), ...args],
    ...place,
    env: { ...env, CREWAGENT_KILL_STDERR: stderrPath },
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const reader = boundaryReader(root);
  const boundaries: Boundary[] = [];
  let pid: number | undefined;
  let killed = false;
  const kill = () => {
    killed = true;
    if (pid !== undefined) killQuietly(pid);
  };
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    kill();
  }, LONGEST_LIFE_MS);
  for await (const line of linesOf(process.stderr)) {
    // The first line is the executable's own start.
    pid ??= Number.parseInt(line);
    const boundary = reader.read(line);
    if (boundary === null) continue;
    boundaries.push(boundary);
    if (death.kind === "boundary" && boundaries.length === death.count) kill();
  }
  const status = await process.status;
  clearTimeout(timer);
  return {
    killed: killed && status.signal === "SIGKILL",
    isLate,
    exitCode: status.code,
    stderr: await Deno.readTextFile(stderrPath),
    boundaries,
    cutOff: reader.cutOff(),
    durationMs: performance.now() - started,
  };
}

function straceArguments(): string[] {
  const delayed = WRITING_CALLS.filter((call) => call !== "openat").join(",");
  return [
    ...["-f", "--seccomp-bpf", "-qq", "-y", "-s", "120", "-o", "/dev/fd/3"],
    ...["-e", "signal=none", "-e", `trace=execve,${WRITING_CALLS.join(",")}`],
    ...["-e", `inject=${delayed}:delay_exit=${DELAY_MICROSECONDS}`],
  ];
}

function surroundings(home: string) {
  const path = Deno.env.get("PATH");
  return {
    cwd: new URL("../../", import.meta.url),
    clearEnv: true,
    env: { ...(path !== undefined && { PATH: path }), NO_COLOR: "1", CREWAGENT_HOME: home },
    stdin: "null",
  } as const;
}

function killQuietly(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of stream) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

/** When a stream first held a text; reads it to its end. */
async function timeOf(
  stream: ReadableStream<Uint8Array>,
  wanted: string,
): Promise<number | undefined> {
  let at: number | undefined;
  for await (const line of linesOf(stream)) {
    if (at === undefined && line.includes(wanted)) at = performance.now();
  }
  return at;
}
