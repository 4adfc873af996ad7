// One conversation with one process of a server, by the SDK's client: from `initialize` to its end.
// Not here: when to start, restart or stop.
import { Client } from "@modelcontextprotocol/sdk/client";
// @ts-types="@modelcontextprotocol/sdk/types"
import { ResultSchema } from "@modelcontextprotocol/sdk/types.js";
import type { McpTool } from "../../../schemas/mcp.ts";
import type { McpLimits } from "./mcp_limits.ts";
import { addTools, readTools } from "./mcp_tools.ts";
import type { ServerCommand, ServerProcess } from "./server_process.ts";
import { StdioTransport, STOPPED } from "./stdio_transport.ts";

/** What a conversation needs. */
export interface ConnectionOptions {
  readonly serverId: string;
  readonly command: ServerCommand;
  readonly limits: McpLimits;
  /** Ends the start. */
  readonly signal: AbortSignal;
  /** The process runs; a throw ends it and the start. */
  started?(child: ServerProcess): void;
}

/** How long a call may take. */
export interface CallLimits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What a call came to. `refused` is the server's own word, a JSON-RPC error. */
export type CallOutcome =
  | { readonly kind: "answer"; readonly answer: Readonly<Record<string, unknown>> }
  | { readonly kind: "refused"; readonly code: number; readonly message: string }
  | { readonly kind: "aborted" | "timeout" | "lost" }
  | { readonly kind: "broken"; readonly reason: string };

/** Without a version of ours: nothing good comes of servers that look at it. */
const CLIENT = { name: "crewagent", version: "0" };
/** Timers with more than this fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;
const MAX_PAGES = 64;
/** The SDK's code for its own time limits. */
const REQUEST_TIMEOUT = -32001;
const MAX_REASON_CHARS = 2000;

/**
 * An initialized server. Results are read by us: the SDK would compile a server's schemas and refuse a
 * whole list for one tool.
 */
export class ServerConnection {
  readonly #serverId: string;
  readonly #limits: McpLimits;
  readonly #transport: StdioTransport;
  readonly #client = new Client(CLIENT);
  readonly #calls = new Set<(kind: "lost") => void>();
  #toolsAreStale = true;
  #ended = false;

  private constructor({ serverId, command, limits, started }: ConnectionOptions) {
    this.#serverId = serverId;
    this.#limits = limits;
    this.#transport = new StdioTransport({
      command,
      limits,
      ...(started && { started }),
      lostLine: () => this.#calls.forEach((settle) => settle("lost")),
    });
    this.#client.onclose = () => this.#ended = true;
    this.#client.fallbackNotificationHandler = ({ method }) => {
      if (method === "notifications/tools/list_changed") this.#toolsAreStale = true;
      return Promise.resolve();
    };
  }

  /**
   * Starts a server and greets it.
   * @throws Error that says why there is no conversation; its process is gone by then
   */
  static async open(options: ConnectionOptions): Promise<ServerConnection> {
    const connection = new ServerConnection(options);
    await connection.#greet(options);
    return connection;
  }

  /** True once its process is gone. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The process, with its pid, standard error and reason of its end. */
  get process(): ServerProcess | undefined {
    return this.#transport.process;
  }

  /** Lines on standard output that were no messages or too long. */
  get skippedLines(): number {
    return this.#transport.skippedLines;
  }

  /** True from the start, and since the server said so, until `listTools`. */
  get toolsAreStale(): boolean {
    return this.#toolsAreStale;
  }

  /**
   * All pages of the list; what is no tool is left out.
   * @throws Error that says why there is no list
   */
  async listTools(): Promise<McpTool[]> {
    this.#toolsAreStale = false;
    if (!this.#client.getServerCapabilities()?.tools) return [];
    const until = Date.now() + this.#limits.listMs;
    const seen = new Set<string>();
    let tools: McpTool[] = [];
    let cursor: string | undefined;
    do {
      if (cursor !== undefined) seen.add(cursor);
      const params = cursor === undefined ? {} : { cursor };
      const page: Record<string, unknown> = await this.#client.request(
        { method: "tools/list", params },
        ResultSchema,
        { timeout: Math.max(1, until - Date.now()) },
      );
      tools = addTools(tools, readTools(this.#serverId, page.tools));
      cursor = typeof page.nextCursor === "string" ? page.nextCursor : undefined;
    } while (cursor !== undefined && !seen.has(cursor) && seen.size < MAX_PAGES);
    return tools;
  }

  /** Calls a tool by the server's own name. An abort or a time limit cancels it at the server. */
  async callTool(
    name: string,
    args: Readonly<Record<string, unknown>>,
    { timeoutMs, signal }: CallLimits,
  ): Promise<CallOutcome> {
    if (signal.aborted) return { kind: "aborted" };
    const cancel = new AbortController();
    const { promise: cut, resolve } = Promise.withResolvers<CallOutcome>();
    const settle = (kind: "aborted" | "timeout" | "lost") => {
      resolve({ kind });
      cancel.abort(kind);
    };
    const abort = () => settle("aborted");
    const timer = setTimeout(() => settle("timeout"), Math.min(timeoutMs, MAX_TIMER_MS));
    signal.addEventListener("abort", abort, { once: true });
    this.#calls.add(settle);
    try {
      return await Promise.race([this.#request(name, args, cancel.signal), cut]);
    } finally {
      this.#calls.delete(settle);
      signal.removeEventListener("abort", abort);
      clearTimeout(timer);
    }
  }

  /** Asks the server to end and resolves when it is gone. */
  async close(): Promise<void> {
    await this.#client.close();
  }

  /** Ends the server at once. */
  async kill(reason: string): Promise<void> {
    await this.process?.kill(reason);
  }

  async #greet({ signal, limits: { startMs } }: ConnectionOptions): Promise<void> {
    try {
      await this.#client.connect(this.#transport, { signal, timeout: startMs });
    } catch (cause) {
      const reason = this.process?.reason;
      // The client closes what it could not greet; that is no reason.
      const told = reason === undefined || reason === STOPPED ? explain(cause) : reason;
      await this.kill(signal.aborted ? "it was stopped while it started" : told);
      throw new Error(told, { cause });
    }
  }

  async #request(
    name: string,
    args: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<CallOutcome> {
    try {
      const answer: Record<string, unknown> = await this.#client.request(
        { method: "tools/call", params: { name, arguments: args } },
        ResultSchema,
        { signal, timeout: MAX_TIMER_MS },
      );
      return { kind: "answer", answer };
    } catch (thrown) {
      const reason = this.process?.reason;
      if (reason !== undefined) return { kind: "broken", reason };
      const { code, message } = thrown as { code?: unknown; message: string };
      if (typeof code !== "number") return { kind: "broken", reason: explain(thrown) };
      return { kind: "refused", code, message: shorten(message) };
    }
  }
}

/** A sentence without paths of the machine: what Deno says about a command names them. */
function explain(thrown: unknown): string {
  if (thrown instanceof Deno.errors.NotFound) return "its command or its folder was not found";
  if (thrown instanceof Deno.errors.PermissionDenied || thrown instanceof Deno.errors.NotCapable) {
    return "its command may not be started";
  }
  const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
  if ((thrown as { code?: unknown }).code === REQUEST_TIMEOUT) return "it did not answer in time";
  // Checks of the SDK put the whole fault into the message, as JSON.
  if (name === "ZodError" || message.startsWith("[")) return "its answer is not as MCP has it";
  return shorten(message);
}

function shorten(message: string): string {
  const told = message.replace(/^MCP error -?\d+: /, "");
  return told.length > MAX_REASON_CHARS ? `${told.slice(0, MAX_REASON_CHARS)}…` : told;
}
