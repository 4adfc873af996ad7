// The one place that merges tool limits: system settings ∧ the agent's own `tools`.
import type { AgentTools } from "../../schemas/package.ts";
import type { ToolPolicy } from "./tool_host.ts";

/** What holds where nobody set anything else: 512 KiB a read, 2 MiB a write, 5 minutes a call. */
export const SYSTEM_POLICY: ToolPolicy = {
  fsEnabled: true,
  maxReadBytes: 512 * 1024,
  maxWriteBytes: 2 * 1024 * 1024,
  mcpEnabled: false,
  mcpServers: null,
  timeoutMs: 5 * 60 * 1000,
};

/**
 * The policy in force. An agent can only tighten: switches are ANDed, limits take the smaller,
 * servers are intersected; what the agent leaves undefined (or sets to nonsense) changes nothing.
 */
export function mergePolicy(system: ToolPolicy, agent: AgentTools | undefined): ToolPolicy {
  const { fs, mcp } = agent ?? {};
  return {
    fsEnabled: system.fsEnabled && fs?.enabled !== false,
    maxReadBytes: smaller(system.maxReadBytes, fs?.maxReadBytes),
    maxWriteBytes: smaller(system.maxWriteBytes, fs?.maxWriteBytes),
    mcpEnabled: system.mcpEnabled && mcp?.enabled !== false,
    mcpServers: intersection(system.mcpServers, mcp?.allowedServers),
    timeoutMs: system.timeoutMs,
  };
}

function smaller(limit: number, own: number | undefined): number {
  return own !== undefined && own >= 1 ? Math.min(limit, Math.floor(own)) : limit;
}

function intersection(
  system: readonly string[] | null,
  own: readonly string[] | undefined,
): readonly string[] | null {
  if (own === undefined) return system;
  return system === null ? own : system.filter((id) => own.includes(id));
}
