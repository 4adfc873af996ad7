// The built executable, for journeys: where it is, and how to run it. Not for other tests: those
// call `main()` or a module of their own.

import { fileURLToPath } from "node:url";
import { PATIENCE_MS } from "../patience.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const built = `${root}dist/crewagent${Deno.build.os === "windows" ? ".exe" : ""}`;

/** Under `.ci/run` a missing part is a failure, not a skip. */
const mustRun = Deno.env.get("CREWAGENT_CI") === "1";

/** The executable: `CREWAGENT_BIN`, relative to the repository's root, else the one in `dist/`. */
const binary = findBinary();

function findBinary(): string | undefined {
  const named = Deno.env.get("CREWAGENT_BIN");
  if (named) return fileURLToPath(new URL(named, new URL("../../", import.meta.url)));
  try {
    return Deno.statSync(built).isFile ? built : undefined;
  } catch {
    return undefined;
  }
}

/** Registers a test that needs the executable; without one it is skipped, and its name says why. */
export function journey(name: string, test: (context: Deno.TestContext) => Promise<void>): void {
  if (binary !== undefined || mustRun) Deno.test(name, test);
  else Deno.test.ignore(`${name} (no executable: deno task build, or set CREWAGENT_BIN)`, test);
}

/** Where the executable is, for a test that starts it in its own way. */
export function binaryPath(): string {
  if (binary === undefined) throw new Error(`There is no executable at ${built}`);
  return binary;
}

/** How to run the executable. */
export interface RunBinaryOptions {
  /** The working folder; the repository's root otherwise. */
  readonly cwd?: string;
  /** Added to a bare environment (PATH, temporary folder, NO_COLOR); nothing else is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  /** What the program reads; otherwise its input is empty. */
  readonly stdin?: string;
  /** CREWAGENT_HOME; otherwise a temporary folder that is gone afterwards. */
  readonly home?: string;
  /** `PATIENCE_MS` otherwise. */
  readonly timeoutMs?: number;
}

/** What a program that ended left behind. */
export interface BinaryResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that was started and may still run. */
export interface StartedBinary {
  /** For signals, and for pipes where the whole output is not the point. */
  readonly process: Deno.ChildProcess;
  /** Its CREWAGENT_HOME. */
  readonly home: string;
  /** Waits for the end; rejects, and kills it, when `timeoutMs` have passed. */
  finished(): Promise<BinaryResult>;
}

/** Runs the executable to its end. Rejects when it takes longer than `timeoutMs`. */
export async function runBinary(
  args: readonly string[],
  options: RunBinaryOptions = {},
): Promise<BinaryResult> {
  const started = await startBinary(args, options);
  return await started.finished();
}

/** Starts the executable, for tests that watch it, signal it or kill it. Await `finished()`. */
export async function startBinary(
  args: readonly string[],
  options: RunBinaryOptions = {},
): Promise<StartedBinary> {
  if (binary === undefined) throw new Error(`There is no executable at ${built}`);
  const home = options.home ?? await Deno.makeTempDir({ prefix: "crewagent-home-" });
  const process = new Deno.Command(binary, {
    args: [...args],
    cwd: options.cwd ?? root,
    clearEnv: true,
    env: { ...bareEnvironment(), CREWAGENT_HOME: home, ...options.env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  return {
    process,
    home,
    async finished() {
      try {
        return await collect(process, options);
      } finally {
        if (options.home === undefined) await Deno.remove(home, { recursive: true });
      }
    },
  };
}

async function collect(
  process: Deno.ChildProcess,
  { stdin = "", timeoutMs = PATIENCE_MS }: RunBinaryOptions,
): Promise<BinaryResult> {
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    process.kill("SIGKILL");
  }, timeoutMs);
  const [{ code, stdout, stderr }] = await Promise.all([
    process.output(),
    feed(process.stdin, stdin),
  ]);
  clearTimeout(timer);
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (isLate) throw new Error(`The executable took over ${timeoutMs} ms:\n${out}\n${err}`);
  return { exitCode: code, stdout: out ?? "", stderr: err ?? "" };
}

/** Writes and closes; a program that ends without reading its input is no failure. */
async function feed(input: WritableStream<Uint8Array>, text: string): Promise<void> {
  const writer = input.getWriter();
  try {
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

function bareEnvironment(): Record<string, string> {
  const names = ["PATH", "TMPDIR", "TEMP", "TMP", "SystemRoot"];
  const kept = names.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(kept), NO_COLOR: "1" };
}
