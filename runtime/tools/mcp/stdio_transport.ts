// The SDK's transport over a server process. The SDK's own needs the environment, leaves orphans, and
// ends a connection at the first line that is no message.
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types";
import { readMessage } from "./json_rpc_line.ts";
import type { McpLimits } from "./mcp_limits.ts";
import { type ServerCommand, ServerProcess } from "./server_process.ts";

/** The reason of a process that ended because the transport was closed. */
export const STOPPED = "it was stopped";

/** How the transport takes part in what its owner does. */
export interface TransportOptions {
  readonly command: ServerCommand;
  readonly limits: McpLimits;
  /** The process runs; nothing was sent yet. */
  started?(child: ServerProcess): void;
  /** An answer was too long and is lost; whose it was cannot be known. */
  lostLine?(): void;
}

/** Line-delimited JSON-RPC over the pipes of a process of its own. */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: <T extends JSONRPCMessage>(message: T) => void;
  readonly #options: TransportOptions;
  #process: ServerProcess | undefined;
  #skippedLines = 0;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  /** Lines on standard output that were no messages, and those that were too long. */
  get skippedLines(): number {
    return this.#skippedLines;
  }

  /** The process, once it was started. */
  get process(): ServerProcess | undefined {
    return this.#process;
  }

  /** @throws Error of Deno if the process cannot be started */
  start(): Promise<void> {
    const { command, limits, started, lostLine } = this.#options;
    this.#process = new ServerProcess(command, {
      line: (text) => this.#read(text),
      longLine: () => {
        this.#skippedLines++;
        lostLine?.();
      },
      end: () => this.onclose?.(),
    }, limits);
    started?.(this.#process);
    return Promise.resolve();
  }

  /** @throws Error if the process has ended or does not read */
  async send(message: JSONRPCMessage): Promise<void> {
    if (!this.#process) throw new Error("the server was not started");
    if ("method" in message) this.#process.expectOutput();
    await this.#process.writeLine(JSON.stringify(message));
  }

  /** Stops the process; resolves when it is gone. */
  async close(): Promise<void> {
    await this.#process?.stop(STOPPED);
  }

  #read(line: string): void {
    const message = readMessage(line);
    if (!message) {
      // An empty line is no fault of anyone.
      if (line.trim() !== "") this.#skippedLines++;
      return;
    }
    try {
      this.onmessage?.(message);
    } catch (cause) {
      this.onerror?.(new Error("A message of the server could not be used", { cause }));
    }
  }
}
