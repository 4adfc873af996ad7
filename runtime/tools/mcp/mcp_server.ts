// One configured server over its life: started at first use, started again after its end, stopped when
// idle, left alone for a while when it keeps failing. What it does wrong is a failed call.
import { AppError } from "../../../schemas/error.ts";
import type { McpServer, McpTool } from "../../../schemas/mcp.ts";
import { type ToolFailure, toolFailure } from "../../../schemas/tool.ts";
import { type AnswerResult, interrupted, readOutcome } from "./call_outcome.ts";
import type { McpLimits } from "./mcp_limits.ts";
import { type Owner, removePidFile, writePidFile } from "./pid_files.ts";
import { identityOf } from "./process_identity.ts";
import { type CallLimits, ServerConnection } from "./server_connection.ts";
import { serverEnvironment } from "./server_environment.ts";
import { settledWithin } from "./settled_within.ts";
import type { ServerCommand, ServerProcess } from "./server_process.ts";

/** A program and its arguments. */
export type ProgramCall = Pick<ServerCommand, "command" | "args">;

/** A server that is about to be started, as a sandbox has to know it. */
export interface StartingServer {
  readonly id: string;
  /** Its whole environment, but for the marker of its processes; a sandbox passes all of it on. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly sandbox?: "on" | "off";
  readonly network?: boolean;
}

/** Puts a sandbox of the system around a program. A throw is a failed start; an `AppError` says why. */
export type WrapServer = (
  command: string,
  args: readonly string[],
  server: StartingServer,
) => ProgramCall;

/** What a server is kept with. */
export interface KeptServerOptions {
  readonly server: McpServer;
  /** Where it runs unless it says otherwise. */
  readonly projectDir: string;
  readonly pidDir: string;
  readonly owner: Owner;
  readonly limits: McpLimits;
  readonly wrap?: WrapServer;
}

/** A server as people see it. Holds paths of the machine and whatever the server wrote. */
export interface McpServerStatus {
  readonly id: string;
  readonly state: "stopped" | "starting" | "running" | "failed";
  readonly pid?: number;
  /** How often it was started. */
  readonly starts: number;
  /** Ends and failed starts since the last good call. */
  readonly failures: number;
  readonly lastFailure?: string;
  /** As last listed; empty before the first use. */
  readonly tools: readonly McpTool[];
  /** Lines on standard output that were no messages or too long, of the last process. */
  readonly skippedLines: number;
  /** The end of standard error of the last process. */
  readonly stderr: string;
}

/** The tools of a server, or why there are none. */
export type ToolsResult = { readonly ok: true; readonly tools: readonly McpTool[] } | ToolFailure;

/** More than a stop takes by its own limits. */
const MAX_STOP_MS = 15_000;

/** A server that is there when it is needed. */
export class KeptServer {
  readonly #options: KeptServerOptions;
  readonly #closing = new AbortController();
  /** Each settles when a process is gone and forgotten on disk. */
  readonly #processes = new Set<Promise<void>>();
  #connection: ServerConnection | undefined;
  #opening: Promise<ServerConnection | ToolFailure> | undefined;
  #listing: Promise<ToolsResult> | undefined;
  #lastProcess: ServerProcess | undefined;
  #tools: readonly McpTool[] | undefined;
  #starts = 0;
  #failures = 0;
  #lastFailure: string | undefined;
  #failedAt = 0;
  #users = 0;
  #idleTimer: number | undefined;

  constructor(options: KeptServerOptions) {
    this.#options = options;
  }

  get id(): string {
    return this.#options.server.id;
  }

  /** The tools, as known if the server is stopped, else as it now has them. */
  async tools(signal?: AbortSignal): Promise<ToolsResult> {
    const isFresh = !this.#running()?.toolsAreStale;
    if (this.#tools && isFresh) return { ok: true, tools: this.#tools };
    this.#listing ??= this.#use((connection) => this.#list(connection))
      .finally(() => this.#listing = undefined);
    return await unlessAborted(this.#listing, signal) ?? interrupted();
  }

  /**
   * Calls a tool by the server's own name. The time limit is counted from when the server runs; when it
   * is over, the server is ended.
   */
  async call(
    tool: string,
    args: Readonly<Record<string, unknown>>,
    limits: CallLimits,
  ): Promise<AnswerResult> {
    return await this.#use(async (connection) => {
      const outcome = await connection.callTool(tool, args, limits);
      if (outcome.kind === "answer" || outcome.kind === "refused") this.#failures = 0;
      if (outcome.kind === "timeout") await connection.kill("it did not answer in time");
      if (outcome.kind === "broken") await connection.kill(outcome.reason);
      return readOutcome(this.id, outcome, limits);
    }, limits.signal);
  }

  /** For people. */
  status(): McpServerStatus {
    const running = this.#running();
    const state = running
      ? "running"
      : this.#opening
      ? "starting"
      : this.#failures > 0
      ? "failed"
      : "stopped";
    return {
      id: this.id,
      state,
      ...(running?.process && { pid: running.process.pid }),
      starts: this.#starts,
      failures: this.#failures,
      ...(this.#lastFailure !== undefined && { lastFailure: this.#lastFailure }),
      tools: this.#tools ?? [],
      skippedLines: this.#connection?.skippedLines ?? 0,
      stderr: this.#lastProcess?.stderr ?? "",
    };
  }

  /**
   * Stops the server for good; calls under way fail. Resolves when no process is left, but for one that
   * the system cannot end: its file stays.
   */
  async close(): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#idleTimer);
    await this.#opening;
    await this.#connection?.close();
    await this.#processesEnd();
  }

  async #processesEnd(): Promise<void> {
    await settledWithin(Promise.all(this.#processes), MAX_STOP_MS);
  }

  #running(): ServerConnection | undefined {
    return this.#connection?.ended ? undefined : this.#connection;
  }

  /** Runs something with the server, which is not idle meanwhile. */
  async #use<T>(
    action: (connection: ServerConnection) => Promise<T | ToolFailure>,
    signal?: AbortSignal,
  ): Promise<T | ToolFailure> {
    this.#users++;
    clearTimeout(this.#idleTimer);
    try {
      const connection = await unlessAborted(this.#open(), signal);
      if (connection === undefined) return interrupted();
      return connection instanceof ServerConnection ? await action(connection) : connection;
    } finally {
      this.#users--;
      if (this.#users === 0) this.#stopWhenIdle();
    }
  }

  #open(): Promise<ServerConnection | ToolFailure> {
    const running = this.#running();
    if (running) return Promise.resolve(running);
    this.#opening ??= this.#start().finally(() => this.#opening = undefined);
    return this.#opening;
  }

  async #start(): Promise<ServerConnection | ToolFailure> {
    const { limits } = this.#options;
    // One process at a time: the last one may hold a lock or a port.
    await this.#processesEnd();
    if (this.#closing.signal.aborted) return this.#broken("it was stopped");
    const rested = Date.now() - this.#failedAt >= limits.restMs;
    if (this.#failures >= limits.maxFailures && !rested) {
      const times = `failed ${this.#failures} times in a row, the last time because `;
      return toolFailure(
        "E_INTERNAL",
        `The MCP server "${this.id}" ${times}${this.#lastFailure}. Go on without it`,
      );
    }
    this.#starts++;
    try {
      const connection = await ServerConnection.open({
        serverId: this.id,
        command: this.#command(),
        limits,
        signal: this.#closing.signal,
        started: (process) => this.#track(process),
      });
      this.#connection = connection;
      void connection.process?.ended.then(() => this.#noteEnd(connection));
      return connection;
    } catch (thrown) {
      return this.#failed(thrown instanceof Error ? thrown.message : String(thrown));
    }
  }

  #command(): ServerCommand {
    const { server, projectDir, wrap } = this.#options;
    const env = serverEnvironment(server.env);
    const cwd = server.cwd ?? projectDir;
    try {
      const starting = { ...switchesOf(server), id: server.id, env, cwd };
      const { command, args } = wrap?.(server.command, server.args, starting) ?? server;
      return { command, args, env, cwd };
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      throw new Error("its sandbox could not be made", { cause });
    }
  }

  /** Keeps a file about the process for as long as it lives. */
  #track(process: ServerProcess): void {
    const { pidDir, owner } = this.#options;
    const { pid, marker, ended } = process;
    this.#lastProcess = process;
    const record = { serverId: this.id, pid, marker, owner };
    try {
      // At once, though incomplete: on Linux the marker is enough to find it.
      writePidFile(pidDir, record);
    } catch (cause) {
      throw new Error("the data folder cannot be written", { cause });
    }
    const noted = identityOf(pid).then((identity) => writePidFile(pidDir, { ...record, identity }))
      // A full disk; the incomplete file stays.
      .catch(() => {});
    const gone = Promise.all([noted, ended]).then(() => {
      removePidFile(pidDir, pid);
      this.#processes.delete(gone);
    });
    this.#processes.add(gone);
  }

  async #list(connection: ServerConnection): Promise<ToolsResult> {
    try {
      this.#tools = await connection.listTools();
      return { ok: true, tools: this.#tools };
    } catch (thrown) {
      const told = thrown instanceof Error ? thrown.message : String(thrown);
      await connection.kill(`it did not list its tools: ${told}`);
      return this.#broken(connection.process?.reason ?? told);
    }
  }

  #stopWhenIdle(): void {
    if (this.#closing.signal.aborted) return;
    this.#idleTimer = setTimeout(() => {
      const connection = this.#connection;
      this.#connection = undefined;
      void connection?.close();
    }, this.#options.limits.idleMs);
    // An idle server is no reason for a process to stay.
    Deno.unrefTimer(this.#idleTimer);
  }

  #noteEnd(connection: ServerConnection): void {
    // One that was stopped on purpose has been let go before.
    if (connection !== this.#connection || this.#closing.signal.aborted) return;
    this.#failed(connection.process?.reason ?? "it ended");
  }

  #failed(reason: string): ToolFailure {
    this.#failures++;
    this.#lastFailure = reason;
    this.#failedAt = Date.now();
    return this.#broken(reason);
  }

  #broken(reason: string): ToolFailure {
    return toolFailure("E_INTERNAL", `The MCP server "${this.id}" does not work: ${reason}`);
  }
}

function switchesOf({ sandbox, network }: McpServer): Pick<StartingServer, "sandbox" | "network"> {
  return { ...(sandbox && { sandbox }), ...(network !== undefined && { network }) };
}

/** The value, or `undefined` as soon as the signal says so. */
async function unlessAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T | undefined> {
  if (!signal) return await promise;
  if (signal.aborted) return undefined;
  const { promise: aborted, resolve } = Promise.withResolvers<undefined>();
  const abort = () => resolve(undefined);
  signal.addEventListener("abort", abort, { once: true });
  return await Promise.race([promise, aborted])
    .finally(() => signal.removeEventListener("abort", abort));
}
