// Opens a folder of flow sources as a service in the executable, with modules in QuickJS and the MCP
// servers of this machine. `serve --flows DIR` mounts the result; listening is its own business.
import { openDenoTools } from "../../runtime/flow/deno_tools.ts";
import { type FlowFolders, readFlowSource } from "../../runtime/flow/read_flow_source.ts";
import type { FlowSource } from "../../runtime/flow/flow_source.ts";
import { readMcpServers } from "../../runtime/run/mcp_file.ts";
import { sandboxFor } from "../../runtime/sandbox/sandbox.ts";
import { machineTools } from "../../runtime/sandbox/sandbox_tools.ts";
import { wrapServers } from "../../runtime/sandbox/wrap_servers.ts";
import type { FlowService } from "./create_flow_service.ts";
import {
  openSourceService,
  type OpenTools,
  type SourceServiceOptions,
} from "./open_source_service.ts";

/** What `openFlowService` is told. */
export interface OpenFlowServiceOptions extends Omit<SourceServiceOptions, "openTools"> {
  /** The folder that holds `agents/`, or its parent with `bmad/` and `config/`. */
  readonly dir: string;
  /** The environment; it wins over files. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where this machine's MCP servers are configured. */
  readonly dataDir: string;
}

/** A service over a folder, and what was read there. */
export interface OpenFlowService extends FlowService {
  readonly source: FlowSource;
}

/**
 * Opens a folder of flow sources; see `openSourceService` for what follows.
 * @throws AppError `FLOW_NOT_FOUND` for a folder that is none, and what `openSourceService` throws
 */
export async function openFlowService(options: OpenFlowServiceOptions): Promise<OpenFlowService> {
  const mcpServers = readMcpServers(options.dataDir);
  const { source, secrets, folders } = readFlowSource(options.dir, {
    env: options.env,
    mcpServerIds: mcpServers.map(({ id }) => id),
  });
  const openTools = toolsOf(source, folders, { dataDir: options.dataDir, mcpServers });
  const served = { source, secrets, rootDir: folders.rootDir };
  const service = await openSourceService(served, { ...options, openTools });
  return { ...service, source };
}

function toolsOf(
  source: FlowSource,
  { rootDir }: FlowFolders,
  { dataDir, mcpServers }: {
    readonly dataDir: string;
    readonly mcpServers: ReturnType<typeof readMcpServers>;
  },
): OpenTools {
  return async (ports) => {
    const sandbox = mcpServers.length === 0 ? undefined : sandboxFor(Deno.build.os, machineTools);
    const wrap = sandbox && wrapServers(sandbox, { projectDir: rootDir, dataDir });
    return await openDenoTools(source, {
      ...ports,
      mcpServers,
      projectDir: rootDir,
      dataDir,
      ...(wrap && { wrap }),
    });
  };
}
