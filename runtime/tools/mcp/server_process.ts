// One process of a server: its group, its pipes, its end. Knows lines, not what they say.
import { LineSplitter } from "./line_splitter.ts";
import type { McpLimits } from "./mcp_limits.ts";
import { killGroup, killMarked, MARKER_VARIABLE, terminateGroup } from "./process_identity.ts";
import { settledWithin } from "./settled_within.ts";
import { TextRing } from "./text_ring.ts";

/** What is started. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment; nothing else is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** What a process tells while it runs. */
export interface ProcessEvents {
  line(text: string): void;
  /** A line went over `maxLineBytes` and is dropped. */
  longLine(): void;
  /** It has ended, with all its children. Called once. */
  end(): void;
}

/** How long pipes may stay open behind the end of their process. */
const DRAIN_MS = 500;
/** How long the system may take to end a process that was killed. */
const KILL_MS = 5_000;

/** A running server process in a group of its own. It is ended by `stop` or `kill`, or by itself. */
export class ServerProcess {
  readonly pid: number;
  /** Carried by the process and all that it starts. */
  readonly marker = crypto.randomUUID();
  /** Resolves when the process and its group are gone and the pipes are closed. */
  readonly ended: Promise<void>;
  readonly #child: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #limits: McpLimits;
  readonly #stderr: TextRing;
  #reason: string | undefined;
  #exited = false;
  #outputBytes = 0;
  #queuedBytes = 0;

  /**
   * Starts the process.
   * @throws Error of Deno if it cannot be started
   */
  constructor(
    { command, args, env, cwd }: ServerCommand,
    events: ProcessEvents,
    limits: McpLimits,
  ) {
    this.#limits = limits;
    this.#stderr = new TextRing(limits.maxStderrBytes);
    this.#child = new Deno.Command(command, {
      args: [...args],
      env: { ...env, [MARKER_VARIABLE]: this.marker },
      clearEnv: true,
      cwd,
      detached: true,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.pid = this.#child.pid;
    this.#stdin = this.#child.stdin.getWriter();
    // A server that closes its input is noticed at the next write.
    this.#stdin.closed.catch(() => {});
    this.ended = this.#run(events);
  }

  /** The end of its standard error. */
  get stderr(): string {
    return this.#stderr.text();
  }

  /** Why it ended, for people and models; `undefined` while it runs. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /**
   * Sends a line; resolves when the pipe has taken it. What the server wrote before counts no more
   * towards a flood.
   * @throws Error if the process has ended or does not read
   */
  async writeLine(text: string): Promise<void> {
    const bytes = new TextEncoder().encode(`${text}\n`);
    if (this.#queuedBytes + bytes.length > this.#limits.maxQueuedBytes) {
      throw new Error("the server does not read what it is sent");
    }
    this.#queuedBytes += bytes.length;
    try {
      await this.#stdin.write(bytes);
    } catch (cause) {
      throw new Error("the server has closed its input", { cause });
    } finally {
      this.#queuedBytes -= bytes.length;
    }
  }

  /** What was written so far was asked for; a flood is counted from here. */
  expectOutput(): void {
    this.#outputBytes = 0;
  }

  /** Asks the process to end: closes its input, then SIGTERM, then SIGKILL, each to the whole group. */
  async stop(reason: string): Promise<void> {
    this.#reason ??= reason;
    this.#stdin.close().catch(() => {});
    if (!await this.#endsWithin(this.#limits.closeMs)) {
      terminateGroup(this.pid);
      if (!await this.#endsWithin(this.#limits.terminateMs)) await this.kill(reason);
    }
    await settledWithin(this.ended, KILL_MS);
  }

  /** Ends the group at once. */
  async kill(reason: string): Promise<void> {
    this.#reason ??= reason;
    if (!this.#exited) await killGroup(this.pid);
    await settledWithin(this.ended, KILL_MS);
  }

  async #run(events: ProcessEvents): Promise<void> {
    const lines = new LineSplitter(this.#limits.maxLineBytes, {
      line: events.line,
      tooLong: events.longLine,
    });
    const output = this.#child.stdout.getReader();
    const errors = this.#child.stderr.getReader();
    const pipes = Promise.all([
      readAll(output, (chunk) => {
        this.#outputBytes += chunk.length;
        if (this.#outputBytes <= this.#limits.maxOutputBytes) return lines.push(chunk);
        if (this.#reason === undefined) void this.kill("it flooded its output");
      }),
      readAll(errors, (chunk) => this.#stderr.push(chunk)),
    ]);
    const status = await this.#child.status;
    this.#exited = true;
    this.#reason ??= describeEnd(status);
    // Its children must not outlive it, nor hold its pipes open.
    await killGroup(this.pid);
    await killMarked(this.marker);
    if (!await settledWithin(pipes, DRAIN_MS)) {
      await Promise.allSettled([output.cancel(), errors.cancel()]);
    }
    await this.#stdin.abort().catch(() => {});
    events.end();
  }

  async #endsWithin(ms: number): Promise<boolean> {
    return await settledWithin(this.#child.status, ms);
  }
}

async function readAll(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  take: (chunk: Uint8Array) => void,
): Promise<void> {
  try {
    // The next chunk is read after this one is dealt with, so a server cannot outrun us.
    for (let next = await reader.read(); !next.done; next = await reader.read()) take(next.value);
  } catch {
    // A broken pipe ends like a closed one.
  }
}

function describeEnd({ code, signal }: Deno.CommandStatus): string {
  return signal ? `it was ended by ${signal}` : `it ended by itself with exit code ${code}`;
}
