// The one place that merges tool limits: system settings ∧ the agent's own `tools`.
import type { Agent, AgentTools } from "../../schemas/package.ts";
import { beginsWith, wordsOf } from "./terminal_run_allow.ts";
import type { ToolPolicy } from "./tool_host.ts";

/**
 * The bounds where nobody set anything else: 512 KiB a read, 2 MiB a write, 5 minutes a call. An agent
 * may turn `csv.read` and `js.run` on; for `terminal.run` the installation has to set
 * `terminalEnabled`, too, which is the switch of a person and not of a package.
 */
export const SYSTEM_POLICY: ToolPolicy = {
  fsEnabled: true,
  maxReadBytes: 512 * 1024,
  maxWriteBytes: 2 * 1024 * 1024,
  mcpEnabled: false,
  mcpServers: null,
  csvEnabled: true,
  jsEnabled: true,
  terminalEnabled: false,
  terminalAllow: null,
  timeoutMs: 5 * 60 * 1000,
};

/**
 * The policy in force. An agent can only tighten: switches are ANDed, limits take the smaller,
 * servers are intersected; what the agent leaves undefined (or sets to nonsense) changes nothing.
 * The tools beyond files are off unless the agent turns them on and the system allows it.
 */
export function mergePolicy(system: ToolPolicy, agent: AgentTools | undefined): ToolPolicy {
  const { fs, mcp, csv, js, terminal } = agent ?? {};
  return {
    fsEnabled: system.fsEnabled && fs?.enabled !== false,
    maxReadBytes: smaller(system.maxReadBytes, fs?.maxReadBytes),
    maxWriteBytes: smaller(system.maxWriteBytes, fs?.maxWriteBytes),
    mcpEnabled: system.mcpEnabled && mcp?.enabled !== false,
    mcpServers: intersection(system.mcpServers, mcp?.allowedServers),
    csvEnabled: system.csvEnabled === true && csv?.enabled === true,
    jsEnabled: system.jsEnabled === true && js?.enabled === true,
    terminalEnabled: system.terminalEnabled === true && terminal?.enabled === true,
    terminalAllow: bothAllow(system.terminalAllow ?? null, terminal?.allow ?? []),
    timeoutMs: system.timeoutMs,
  };
}

/** An agent's own limits: its `tools`, without files where its skills' capabilities switch them off. */
export function limitsOf(agent: Agent | undefined): AgentTools | undefined {
  if (agent?.skills?.capabilities?.filesystem?.enabled !== false) return agent?.tools;
  return { ...agent.tools, fs: { ...agent.tools?.fs, enabled: false } };
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

/** Commands that both lists allow: of `git` and `git status` the longer one stays. */
function bothAllow(system: readonly string[] | null, own: readonly string[]): readonly string[] {
  if (system === null) return own;
  const within = (rule: string, rules: readonly string[]) =>
    rules.some((wider) => beginsWith(wordsOf(rule), wordsOf(wider)));
  const kept = [
    ...own.filter((rule) => within(rule, system)),
    ...system.filter((rule) => within(rule, own)),
  ];
  return [...new Set(kept)];
}
