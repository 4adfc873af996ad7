// What the system's limits do to a run: the smaller of what the run asks for and what the installation
// allows. Pure. Not here: the file (`limits_file.ts`).
import type { EngineLimits } from "../../schemas/engine_limits.ts";
import { SYSTEM_POLICY } from "../tools/policy.ts";
import type { ToolPolicy } from "../tools/tool_host.ts";
import type { RunOptions } from "./run_folder.ts";

/** The options in force: no number is larger than its limit, and a budget nobody asked for is the limit. */
export function boundedOptions(options: RunOptions, limits: EngineLimits): RunOptions {
  const { maxTurns = Infinity, maxTurnsPerNode = Infinity } = limits;
  const budgets = {
    maxTokens: smaller(options.maxTokens, limits.maxTokens),
    maxCostUsd: smaller(options.maxCostUsd, limits.maxCostUsd),
    maxMinutes: smaller(options.maxMinutes, limits.maxMinutes),
  };
  return {
    ...options,
    maxTurns: Math.min(options.maxTurns, maxTurns),
    maxTurnsPerNode: Math.min(options.maxTurnsPerNode, maxTurnsPerNode),
    ...(budgets.maxTokens !== undefined && { maxTokens: budgets.maxTokens }),
    ...(budgets.maxCostUsd !== undefined && { maxCostUsd: budgets.maxCostUsd }),
    ...(budgets.maxMinutes !== undefined && { maxMinutes: budgets.maxMinutes }),
  };
}

/** The system's half of the tool policy (`mergePolicy`): what is usual, or what was set instead. */
export function systemPolicy(
  { maxReadBytes, maxWriteBytes, toolTimeoutMs }: EngineLimits,
): ToolPolicy {
  return {
    ...SYSTEM_POLICY,
    ...(maxReadBytes !== undefined && { maxReadBytes }),
    ...(maxWriteBytes !== undefined && { maxWriteBytes }),
    ...(toolTimeoutMs !== undefined && { timeoutMs: toolTimeoutMs }),
  };
}

function smaller(asked: number | undefined, limit: number | undefined): number | undefined {
  if (asked === undefined || limit === undefined) return asked ?? limit;
  return Math.min(asked, limit);
}
