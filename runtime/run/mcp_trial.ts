// One MCP server started as a run would start it, to see its tools or why it fails. Not here: how that
// is shown (`runtime/commands/mcp_trial.ts`, the page of the settings).
import type { McpServer } from "../../schemas/mcp.ts";
import { machineTools } from "../sandbox/sandbox_tools.ts";
import { type Sandbox, sandboxFor } from "../sandbox/sandbox.ts";
import { wrapServers } from "../sandbox/wrap_servers.ts";
import type { McpServerStatus } from "../tools/mcp/mcp_server.ts";
import { openMcpHost } from "../tools/mcp/open_mcp_host.ts";
import { maskedText } from "./masked_text.ts";
import { faultOfProgram } from "./mcp_program.ts";

/** Where and how a server is tried. */
export interface McpTrialOptions {
  readonly dataDir: string;
  /** Where it starts unless it says otherwise; it may write there. */
  readonly projectDir: string;
  /** `false`: without a sandbox this once, to see whether that is its trouble. */
  readonly isSandboxed: boolean;
  /** Ends the server and the trial. */
  readonly signal?: AbortSignal;
}

/** What a trial showed. Values of the server's environment are masked in all of it. */
export interface McpTrial {
  readonly isGood: boolean;
  /** The wall that it ran behind; `none` also where it did not come to start. */
  readonly sandbox: Sandbox["kind"];
  readonly hasNetwork: boolean;
  readonly durationMs: number;
  /** As the server names them. */
  readonly tools: readonly { readonly name: string; readonly description: string }[];
  /** Why it does not work; `null` if it does. */
  readonly failure: string | null;
  /** The end of its standard error. */
  readonly stderr: string;
  /** Lines on its standard output that were no messages. */
  readonly skippedLines: number;
  /** It was not even tried: its program or folder is not there. */
  readonly isMissing: boolean;
}

/** Starts a server, enabled or not, asks for its tools, and stops it. What is wrong with it is no throw. */
export async function tryMcpServer(server: McpServer, options: McpTrialOptions): Promise<McpTrial> {
  const fault = faultOfProgram(server, machineTools);
  if (fault !== undefined) return missing(fault);
  const { dataDir, projectDir, isSandboxed, signal } = options;
  const sandbox = isSandboxed && server.sandbox !== "off"
    ? sandboxFor(Deno.build.os, machineTools)
    : undefined;
  const wrap = sandbox && wrapServers(sandbox, { projectDir, dataDir });
  const startedAtMs = performance.now();
  const servers = [{ ...server, enabled: true }];
  const host = await openMcpHost({ servers, projectDir, dataDir, ...(wrap && { wrap }) });
  try {
    await Promise.race([host.definitions(null), whenAborted(signal)]);
    const [status] = host.status();
    const durationMs = Math.round(performance.now() - startedAtMs);
    const stopped = signal?.aborted ? "it was stopped" : undefined;
    return trialOf(server, { status, sandbox, durationMs, stopped });
  } finally {
    await host.close();
  }
}

function whenAborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve();
    signal?.addEventListener("abort", () => resolve(), { once: true });
  });
}

interface Seen {
  readonly status: McpServerStatus | undefined;
  readonly sandbox: Sandbox | undefined;
  readonly durationMs: number;
  /** Why the trial was given up. */
  readonly stopped: string | undefined;
}

function trialOf(server: McpServer, { status, sandbox, durationMs, stopped }: Seen): McpTrial {
  const isGood = stopped === undefined && status?.state === "running";
  const kind = sandbox?.kind ?? "none";
  const mask = (text: string) => maskedText(text, Object.values(server.env));
  return {
    isGood,
    sandbox: kind,
    hasNetwork: kind === "none" || server.network !== false,
    durationMs,
    tools: (isGood ? status.tools : []).map(({ name, description }) => ({
      name: mask(name),
      description: mask(description),
    })),
    failure: isGood ? null : mask(stopped ?? status?.lastFailure ?? "it did not start"),
    stderr: mask(status?.stderr ?? ""),
    skippedLines: status?.skippedLines ?? 0,
    isMissing: false,
  };
}

function missing(fault: string): McpTrial {
  return {
    isGood: false,
    sandbox: "none",
    hasNetwork: true,
    durationMs: 0,
    tools: [],
    failure: fault,
    stderr: "",
    skippedLines: 0,
    isMissing: true,
  };
}
