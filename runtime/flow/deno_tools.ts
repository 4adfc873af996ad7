// The parts of a flow's tools that need Deno: modules in QuickJS, MCP servers as processes. Not carried
// by generated projects, which import their modules and have no servers.
import type { McpServer } from "../../schemas/mcp.ts";
import { runJsModule } from "../tools/js_module.ts";
import { type McpHost, openMcpHost } from "../tools/mcp/open_mcp_host.ts";
import type { WrapServer } from "../tools/mcp/mcp_server.ts";
import type { BuiltInPorts } from "./built_in_tools.ts";
import type { ToolRunner } from "./flow_ports.ts";
import type { FlowSource } from "./flow_source.ts";
import { type ServerTools, toolRunner } from "./tool_runner.ts";

/** What the executable adds to the portable tools. */
export interface DenoToolParts extends BuiltInPorts {
  /** Those that the owner of this machine configured. */
  readonly mcpServers: readonly McpServer[];
  /** Where servers run. */
  readonly projectDir: string;
  readonly dataDir: string;
  /** Puts a sandbox of the system around a server's program. */
  readonly wrap?: WrapServer;
}

/** A runner with processes behind it. */
export interface OpenToolRunner extends ToolRunner {
  /** Stops all servers. */
  close(): Promise<void>;
}

const CALL_TIMEOUT_MS = 60_000;
const MAX_RESULT_BYTES = 64 * 1024;

/** The tools of a source in the executable. Servers that no agent names are not started. */
export async function openDenoTools(
  source: Pick<FlowSource, "agents" | "tools" | "modules">,
  parts: DenoToolParts,
): Promise<OpenToolRunner> {
  const named = source.agents.flatMap(({ tools }) => tools);
  const mcpServers = parts.mcpServers.filter(({ id }) => named.includes(`mcp:${id}`));
  const host = mcpServers.length === 0 ? undefined : await openMcpHost({
    servers: mcpServers,
    projectDir: parts.projectDir,
    dataDir: parts.dataDir,
    ...(parts.wrap && { wrap: parts.wrap }),
  });
  const runner = toolRunner(source, {
    documents: parts.documents,
    memory: parts.memory,
    runModule: ({ module, call }, args, signal) =>
      runJsModule({ modules: source.modules, module, call, args }, signal),
    ...(host && { servers: serverTools(host) }),
  });
  return { ...runner, close: () => host?.close() ?? Promise.resolve() };
}

function serverTools(host: McpHost): ServerTools {
  return {
    definitions: (serverId) => host.definitions([serverId]),
    call: (name, args, signal) =>
      host.call(name, args, { signal, timeoutMs: CALL_TIMEOUT_MS, maxBytes: MAX_RESULT_BYTES }),
  };
}
