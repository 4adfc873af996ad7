// The tools of MCP servers, put beside the built-in ones of a run. The library is loaded only where a
// server is configured.
import type { McpServer } from "../../schemas/mcp.ts";
import type { ToolDefinition } from "../../schemas/tool.ts";
import { machineTools } from "../sandbox/sandbox_tools.ts";
import { sandboxFor } from "../sandbox/sandbox.ts";
import { wrapServers } from "../sandbox/wrap_servers.ts";
import { mergePolicy, SYSTEM_POLICY } from "../tools/policy.ts";
import type { CallOptions, ToolHost, ToolPolicy } from "../tools/tool_host.ts";
import { readMcpServers } from "./mcp_file.ts";
import { storeBlob } from "./run_folder.ts";
import type { OpenRun } from "./start_run.ts";

/** The servers of a run. Disposing of them stops them. */
export interface McpTools extends AsyncDisposable {
  /** A host whose tools are those of `host` and of the servers. */
  beside(host: ToolHost): ToolHost;
  /** Asks the servers for their tools; returns whether they are others than before. */
  refresh(): Promise<boolean>;
  /** Servers that do not work, one sentence each. */
  failures(): string[];
}

/**
 * Opens the enabled servers that an agent of the package may use, in the system's sandbox where it has
 * one; each starts when its tools are first asked for. `undefined` if there are none, and for a
 * simulation, which calls none.
 * A server that does not start is no failure of the run: its tools are missing.
 * @throws AppError `MCP_CONFIG_INVALID`
 */
export async function openMcpTools(run: OpenRun): Promise<McpTools | undefined> {
  const policies = run.package.agents.map(({ tools }) => mergePolicy(MCP_POLICY, tools));
  const servers = readMcpServers(run.dataDir).filter(({ id, enabled }) =>
    enabled && policies.some((policy) => allows(policy, id))
  );
  if (servers.length === 0 || run.record.connection.provider === "simulate") return undefined;
  const { openMcpHost } = await import("../tools/mcp/open_mcp_host.ts");
  const { dataDir, packageDir, record: { projectDir } } = run;
  const wrap = wrapServers(sandboxFor(Deno.build.os, machineTools), { projectDir, dataDir });
  const mcp = await openMcpHost({ servers, projectDir, packageDir, dataDir, wrap });
  let offered: readonly ToolDefinition[] = [];
  let known = "";
  return {
    beside: (host) => ({
      ...host,
      definitions: (policy) => [
        ...host.definitions(policy),
        ...offered.filter(({ name }) => allows(policy, serverOf(name))),
      ],
      plan: async (tool, args, options) =>
        isMcp(tool) ? { effect: "none" } : await host.plan(tool, args, options),
      call: async (tool, args, options) =>
        isMcp(tool)
          ? await mcp.call(tool, args, callOptions(run, { servers, tool, options }))
          : await host.call(tool, args, options),
    }),
    async refresh() {
      offered = await mcp.definitions(null);
      const before = known;
      known = JSON.stringify(offered);
      return known !== before;
    },
    failures: () =>
      mcp.status().filter(({ state }) => state === "failed").map(({ id, lastFailure }) =>
        `The MCP server "${id}" does not work: ${lastFailure}. Try: crewagent mcp test ${id}`
      ),
    [Symbol.asyncDispose]: () => mcp.close(),
  };
}

const MCP_POLICY: ToolPolicy = { ...SYSTEM_POLICY, mcpEnabled: true };

function allows({ mcpEnabled, mcpServers }: ToolPolicy, serverId: string): boolean {
  return mcpEnabled && (mcpServers === null || mcpServers.includes(serverId));
}

function callOptions(
  { folder }: OpenRun,
  { servers, tool, options }: {
    servers: readonly McpServer[];
    tool: string;
    options: CallOptions;
  },
) {
  const { policy, signal } = options;
  const own = servers.find(({ id }) => id === serverOf(tool))?.timeoutMs ?? policy.timeoutMs;
  return {
    signal,
    timeoutMs: Math.min(own, policy.timeoutMs),
    maxBytes: policy.maxReadBytes,
    store: (bytes: Uint8Array) => `the run's log, as ${storeBlob(folder, bytes)}`,
  };
}

function isMcp(tool: string): boolean {
  return tool.startsWith("mcp__");
}

/** Ids hold no double underscore, so the name can be taken apart. */
function serverOf(tool: string): string {
  return tool.split("__")[1] ?? "";
}
