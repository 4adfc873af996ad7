// What a call of a tool would do, and doing it. Which tools exist is said here and in `definitions.ts`.
import { type ToolFailure, toolFailure, type ToolResult } from "../../schemas/tool.ts";
import { toWireName } from "../../schemas/tool_names.ts";
import { type RawArguments, readArguments } from "./arguments.ts";
import { type CallContext, findTarget, type Target } from "./call_context.ts";
import { carryOut, type Change, type ChangeResult, isNothingNew } from "./change.ts";
import { planCompletion } from "./complete_node.ts";
import { TOOL_DEFINITIONS } from "./definitions.ts";
import { flattenPatch, planPatch } from "./fs_apply_patch.ts";
import { readCsv } from "./csv_read.ts";
import { planEdit } from "./fs_edit.ts";
import { listPath } from "./fs_list.ts";
import { readFile } from "./fs_read.ts";
import { searchFor } from "./fs_search.ts";
import { planWrite } from "./fs_write.ts";
import { runJs } from "./js_run.ts";
import { prepareTerminal, runTerminal } from "./terminal_run.ts";
import type { CallPlan, ToolPolicy } from "./tool_host.ts";

/** A tool as called: dotted name and arguments as the model sent them. */
export interface ToolRequest {
  readonly tool: string;
  readonly args: RawArguments;
}

type Reader = (args: never, context: CallContext) => Promise<ToolResult>;
type Changer = (args: never, context: CallContext) => Promise<ChangeResult> | ChangeResult;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["fs.read", readFile],
  ["fs.list", listPath],
  ["fs.search", searchFor],
  ["csv.read", readCsv],
  ["js.run", runJs],
  ["terminal.run", runTerminal],
]);

const CHANGERS: ReadonlyMap<string, Changer> = new Map<string, Changer>([
  ["fs.write", planWrite],
  ["fs.edit", planEdit],
  ["fs.apply_patch", planPatch],
  ["state.complete_node", planCompletion],
]);

/** True for the tools that this policy leaves switched on. */
export function isSwitchedOn(tool: string, policy: ToolPolicy): boolean {
  const { fsEnabled, csvEnabled, jsEnabled, terminalEnabled, skillsEnabled } = policy;
  if (tool.startsWith("fs.")) return fsEnabled;
  if (tool === "csv.read") return fsEnabled && csvEnabled === true;
  if (tool === "js.run") return jsEnabled === true;
  if (tool === "skill.activate") return skillsEnabled === true;
  return tool !== "terminal.run" || terminalEnabled === true;
}

/**
 * Runs a call. `ui.ask_user` and `skill.activate` are the engine's to run and answer `E_TOOL_UNKNOWN`
 * here.
 */
export async function runCall(request: ToolRequest, context: CallContext): Promise<ToolResult> {
  const read = readCall(request, context);
  if (!read.ok) return read;
  const reader = READERS.get(request.tool);
  if (reader) return await reader(read.values as never, context);
  const planned = await CHANGERS.get(request.tool)?.(read.values as never, context);
  if (!planned) return unknownTool(request.tool, context.options.policy);
  return planned.ok ? await carryOut(planned.change, context) : planned;
}

/** What a call would do. Changes nothing; a refusal is what running it would answer. */
export async function planCall(request: ToolRequest, context: CallContext): Promise<CallPlan> {
  const read = readCall(request, context);
  if (!read.ok) return refused(read);
  const planned = await CHANGERS.get(request.tool)?.(read.values as never, context);
  if (planned) return planned.ok ? await showChange(planned.change, context) : refused(planned);
  if (request.tool === "terminal.run") {
    const prepared = await prepareTerminal(read.values as never, context);
    return prepared.ok ? { effect: "unknown" } : refused(prepared);
  }
  const { path } = read.values;
  if (typeof path !== "string" || !READERS.has(request.tool)) return { effect: "none" };
  const found = findTarget(path, "read", context);
  return found.ok
    ? { effect: "none", path: await realNameOf(found.target, context) }
    : refused(found);
}

async function realNameOf(target: Target, { files, limits }: CallContext): Promise<string> {
  if (target.kind !== "file") return target.name;
  const stat = await files.run("stat", { place: target.place }, limits);
  return stat.ok && stat.value ? stat.value.realName : target.name;
}

/** Checks that the tool may be called, and its arguments. */
function readCall(
  { tool, args }: ToolRequest,
  { options }: CallContext,
): { readonly ok: true; readonly values: RawArguments } | ToolFailure {
  const definition = TOOL_DEFINITIONS.find(({ name }) => name === tool);
  if (!definition) return unknownTool(tool, options.policy);
  if (!isSwitchedOn(tool, options.policy)) {
    return toolFailure("E_TOOL_DENIED", `${toWireName(tool)} is switched off for this agent`);
  }
  // It mends its own arguments before it reads them.
  if (tool === "state.complete_node") return { ok: true, values: args };
  return readArguments(definition, tool === "fs.apply_patch" ? flattenPatch(args) : args);
}

async function showChange(change: Change, { files, limits }: CallContext): Promise<CallPlan> {
  if (change.kind === "state") return { effect: "state-write", path: change.path };
  const { subject: { realName, before }, after } = change;
  if (isNothingNew(change)) return { effect: "none", path: realName };
  const plan = { effect: "project-write" as const, path: realName };
  const request = { name: realName, before: before?.bytes ?? null, after };
  const shown = await files.run("diff", request, limits);
  return shown.ok ? { ...plan, diff: shown.value } : plan;
}

function refused(refusal: ToolFailure): CallPlan {
  return { effect: "none", refusal };
}

function unknownTool(tool: string, policy: ToolPolicy): ToolFailure {
  const names = TOOL_DEFINITIONS.filter(({ name }) => isSwitchedOn(name, policy))
    .map(({ name }) => toWireName(name)).join(", ");
  return toolFailure(
    "E_TOOL_UNKNOWN",
    `There is no tool ${JSON.stringify(tool)} here. The tools are: ${names}`,
  );
}
