// The MCP servers of a project: the one door to them. Which agent may use which server, and whether a
// person was asked, is decided by those who call.
import { join } from "node:path";
import type { McpServer } from "../../../schemas/mcp.ts";
import {
  type ToolDefinition,
  type ToolFailure,
  toolFailure,
  type ToolResult,
} from "../../../schemas/tool.ts";
import { readCallResult } from "./call_result.ts";
import { MCP_LIMITS, type McpLimits } from "./mcp_limits.ts";
import { KeptServer, type McpServerStatus, type WrapServer } from "./mcp_server.ts";
import { mcpToolName, mcpToolPrefix, toDefinition } from "./mcp_tools.ts";
import { mapPaths, type MountRoot } from "./path_mapping.ts";
import { reapOrphans, thisOwner } from "./pid_files.ts";

/** What the servers work on. */
export interface McpHostOptions {
  /** Those that are not enabled do not exist. */
  readonly servers: readonly McpServer[];
  /** Where servers run unless they say otherwise; `@project` to the model. */
  readonly projectDir: string;
  /** `@pkg` to the model, if servers may know of it. */
  readonly packageDir?: string;
  /** Ours; files about running servers lie in `mcp` in it. */
  readonly dataDir: string;
  /** Instead of `MCP_LIMITS`. */
  readonly limits?: Partial<McpLimits>;
  /** Puts a sandbox of the system around a server's program. */
  readonly wrap?: WrapServer;
}

/** Limits of one call. */
export interface McpCallOptions {
  readonly signal: AbortSignal;
  /** Counted from when the server runs; the server's own limit holds as well. */
  readonly timeoutMs: number;
  /** Of the result as JSON; a larger one becomes a preview. */
  readonly maxBytes: number;
  /** Keeps pictures, sounds and results over the limit; returns the path that the model is told. */
  store?(bytes: Uint8Array): string;
}

/** Runs tools of servers. Nothing a server does is thrown. */
export interface McpHost {
  /**
   * The tools of the allowed servers, `null` for all. Starts those whose tools are not known; one that
   * fails has none, and `status` says why.
   */
  definitions(allowed: readonly string[] | null): Promise<ToolDefinition[]>;
  /** Calls a tool by its name in `definitions`. Throws only what `store` throws. */
  call(
    tool: string,
    args: Readonly<Record<string, unknown>>,
    options: McpCallOptions,
  ): Promise<ToolResult>;
  /** For people, never for a model: holds paths of the machine. */
  status(): McpServerStatus[];
  /** Stops all servers; resolves when no process is left. */
  close(): Promise<void>;
}

/** Opens the servers of a project and ends those that a killed process of ours left. Starts none yet. */
export async function openMcpHost(options: McpHostOptions): Promise<McpHost> {
  const { servers, projectDir, packageDir, dataDir, wrap } = options;
  const pidDir = join(dataDir, "mcp");
  await reapOrphans(pidDir);
  const owner = await thisOwner();
  const limits = { ...MCP_LIMITS, ...options.limits };
  const paths = mapPaths([
    ...spellings("@project", projectDir),
    ...(packageDir === undefined ? [] : spellings("@pkg", packageDir)),
  ]);
  const kept = servers.filter(({ enabled }) => enabled).map((server) => ({
    server,
    keeper: new KeptServer({ server, projectDir, pidDir, owner, limits, ...(wrap && { wrap }) }),
  }));
  const withoutRoots = (result: ToolResult): ToolResult =>
    result.ok ? result : toolFailure(
      result.error.code,
      paths.toMounts(result.error.message),
      result.error.details,
    );
  return {
    async definitions(allowed) {
      const lists = await Promise.all(
        kept.filter(({ server }) => allowed?.includes(server.id) ?? true)
          .map(({ keeper }) => keeper.tools()),
      );
      return lists.flatMap((list) => list.ok ? list.tools : [])
        .map((tool) => toDefinition(tool, paths));
    },
    async call(tool, args, { signal, timeoutMs, maxBytes, store }) {
      const found = await findTool(tool, kept, signal);
      if (!found.ok) return withoutRoots(found);
      const real = paths.toRealPaths(args);
      if (!real.ok) return real;
      const { keeper, server, name } = found;
      const result = await keeper.call(name, real.args, {
        signal,
        timeoutMs: Math.min(timeoutMs, server.timeoutMs),
      });
      if (!result.ok) return withoutRoots(result);
      return readCallResult(result.answer, { maxBytes, paths, ...(store && { store }) });
    },
    status: () => kept.map(({ keeper }) => keeper.status()),
    async close() {
      await Promise.all(kept.map(({ keeper }) => keeper.close()));
    },
  };
}

interface Kept {
  readonly server: McpServer;
  readonly keeper: KeptServer;
}

/** The server and its own name for a tool. A server is started if its tools are not known. */
async function findTool(
  name: string,
  kept: readonly Kept[],
  signal: AbortSignal,
): Promise<(Kept & { readonly ok: true; readonly name: string }) | ToolFailure> {
  const offered: string[] = [];
  const failures: ToolFailure[] = [];
  const candidates = kept.filter(({ server }) => name.startsWith(mcpToolPrefix(server.id)));
  for (const { server, keeper } of candidates) {
    const list = await keeper.tools(signal);
    if (!list.ok) {
      failures.push(list);
      continue;
    }
    const tool = list.tools.find((tool) => mcpToolName(server.id, tool.name) === name);
    if (tool) return { ok: true, server, keeper, name: tool.name };
    offered.push(...list.tools.map((tool) => mcpToolName(server.id, tool.name)));
  }
  if (failures[0]) return failures[0];
  const known = offered.length > 0 ? `. The tools are: ${offered.slice(0, 50).join(", ")}` : "";
  return toolFailure("E_TOOL_UNKNOWN", `There is no tool ${JSON.stringify(name)} here${known}`);
}

/** A folder as it was given and as it really is. */
function spellings(mount: MountRoot["mount"], path: string): MountRoot[] {
  return [...new Set([Deno.realPathSync(path), path])].map((spelling) => ({
    mount,
    path: spelling,
  }));
}
