// Where a person wants a run to stop, and how it is said. Pure; whether a run is there is asked in
// `runtime/run/breakpoint_stop.ts`.
import { AppError } from "./error.ts";

/** Before or after every visit of a node. */
export interface NodeBreakpointRequest {
  readonly at: "before" | "after";
  readonly nodeId: string;
  /** The workflow whose node is meant; without it a node of this id in any workflow of the package. */
  readonly workflowId?: string;
  /** Gone once the run has stopped there ("run to here"). */
  readonly once?: true;
}

/** Before a call of a tool runs, also before consent is asked for. */
export interface ToolBreakpointRequest {
  readonly at: "tool";
  /** A dotted name such as `fs.write`; `*` stands for any characters (`mcp__*`). */
  readonly tool: string;
}

/** Once, as soon as the whole run has taken this much. */
export interface BudgetBreakpointRequest {
  /** Tokens in and out, US dollars by the profile's prices, requests to the model. */
  readonly at: "tokens" | "cost" | "turns";
  readonly limit: number;
}

/** A breakpoint as a person asks for it. */
export type BreakpointRequest =
  | NodeBreakpointRequest
  | ToolBreakpointRequest
  | BudgetBreakpointRequest;

/** A breakpoint of a run. */
export type Breakpoint = BreakpointRequest & {
  /** Unique in the run, also among those that are gone. */
  readonly breakpointId: string;
};

const BUDGETS: readonly string[] = ["tokens", "cost", "turns"];
const TOOL_PATTERN = /^[A-Za-z0-9_.*-]{1,200}$/;
const MOST_LIMIT = 1e12;

/**
 * Reads what came from outside as a breakpoint; keys that it does not have are left out. Whether the
 * node is there is not asked.
 * @throws AppError `BREAKPOINT_INVALID`
 */
export function readBreakpoint(value: unknown): BreakpointRequest {
  const { at, nodeId, workflowId, once, tool, limit } = fieldsOf(value);
  if (at === "before" || at === "after") {
    if (typeof nodeId !== "string" || nodeId === "") throw invalid(`"${at}" needs a node's id`);
    return {
      at,
      nodeId,
      ...(typeof workflowId === "string" && workflowId !== "" && { workflowId }),
      ...(once === true && { once }),
    };
  }
  if (at === "tool") {
    if (typeof tool === "string" && TOOL_PATTERN.test(tool)) return { at, tool };
    throw invalid(`${quoted(tool)} is no tool's name; right is "fs.write" or "mcp__*"`);
  }
  if (typeof at === "string" && BUDGETS.includes(at)) {
    if (typeof limit === "number" && limit > 0 && limit <= MOST_LIMIT) {
      return { at: at as BudgetBreakpointRequest["at"], limit };
    }
    throw invalid(`${quoted(limit)} is no limit; right is a number above 0`);
  }
  throw invalid(
    `${quoted(at)} is no place to stop; right is before, after, tool, tokens, cost or turns`,
  );
}

/** Whether both stop at the same places. */
export function isSameBreakpoint(one: BreakpointRequest, other: BreakpointRequest): boolean {
  return JSON.stringify(readBreakpoint(one)) === JSON.stringify(readBreakpoint(other));
}

/** A breakpoint in words, such as `before "draft"`. */
export function breakpointText(breakpoint: BreakpointRequest): string {
  switch (breakpoint.at) {
    case "before":
    case "after":
      return `${breakpoint.at} "${breakpoint.nodeId}"`;
    case "tool":
      return `on ${breakpoint.tool}`;
    case "cost":
      return `at $${breakpoint.limit}`;
    default:
      return `at ${breakpoint.limit} ${breakpoint.at}`;
  }
}

/** Whether a tool's name fits a breakpoint's; linear in both. */
export function fitsTool(pattern: string, tool: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return pattern === tool;
  const last = rest.pop() ?? "";
  if (!tool.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest) {
    const found = tool.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return tool.length - last.length >= from && tool.endsWith(last);
}

function fieldsOf(value: unknown): Partial<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}

function quoted(value: unknown): string {
  return `"${String(value).slice(0, 60)}"`;
}

function invalid(why: string): AppError {
  return new AppError("BREAKPOINT_INVALID", `The breakpoint cannot be set: ${why}`);
}
