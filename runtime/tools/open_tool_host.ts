// The tool host: the visible tools, what a call would do, and doing it. The engine's only door to them.
import { relative } from "node:path";
import { AppError, type ErrorCode } from "../../schemas/error.ts";
import { type ToolFailure, toolFailure, type ToolResult } from "../../schemas/tool.ts";
import { type RawArguments, readArguments } from "./arguments.ts";
import { type CallContext, findTarget } from "./call_context.ts";
import { carryOut, type Change, type ChangeResult, isNothingNew } from "./change.ts";
import { planCompletion } from "./complete_node.ts";
import { TOOL_DEFINITIONS } from "./definitions.ts";
import { FileWorker } from "./file_worker.ts";
import { flattenPatch, planPatch } from "./fs_apply_patch.ts";
import { planEdit } from "./fs_edit.ts";
import { listPath } from "./fs_list.ts";
import { readFile } from "./fs_read.ts";
import { searchFor } from "./fs_search.ts";
import { planWrite } from "./fs_write.ts";
import { nameOf, parsePlace } from "./mounts.ts";
import { toWireName } from "./names.ts";
import { SYSTEM_POLICY } from "./policy.ts";
import type { CallOptions, CallPlan, PathEvidence, StateDocument, ToolHost } from "./tool_host.ts";
import type { WorkerSetup } from "./worker_protocol.ts";

/** What a tool host works on. */
export interface ToolHostOptions {
  /** The folder the user opened; links in it are resolved once, here. */
  readonly projectDir: string;
  /** The unpacked package. */
  readonly packageDir: string;
  readonly state: StateDocument;
  /** Folders that stay invisible where they lie inside the project, such as the data folder. */
  readonly hiddenDirs?: readonly string[];
}

/**
 * Opens the tools of a run and starts the file worker in the background. Close the host when done.
 * @throws AppError `PROJECT_NOT_FOUND`, `PKG_NOT_FOUND` if a folder is missing or no folder
 */
export async function openToolHost(options: ToolHostOptions): Promise<ToolHost> {
  const project = await realFolder(options.projectDir, "PROJECT_NOT_FOUND");
  const pkg = await realFolder(options.packageDir, "PKG_NOT_FOUND");
  const hidden = (options.hiddenDirs ?? []).map(realPathOrNull).filter((path) => path !== null);
  const setup: WorkerSetup = {
    project,
    pkg,
    // A project that itself lies inside such a folder is still open to its tools.
    hidden: hidden.filter((folder) => relative(folder, project).startsWith("..")),
    confined: true,
  };
  const files = new FileWorker(setup);
  files.start();
  const { projectDir, packageDir } = options;
  const mask = maskOf([[project, "@project"], [projectDir, "@project"], [pkg, "@pkg"], [
    packageDir,
    "@pkg",
  ]]);
  return hostOf(files, options.state, mask);
}

type Reader = (args: never, context: CallContext) => Promise<ToolResult>;
type Changer = (args: never, context: CallContext) => Promise<ChangeResult> | ChangeResult;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["fs.read", readFile],
  ["fs.list", listPath],
  ["fs.search", searchFor],
]);

const CHANGERS: ReadonlyMap<string, Changer> = new Map<string, Changer>([
  ["fs.write", planWrite],
  ["fs.edit", planEdit],
  ["fs.apply_patch", planPatch],
  ["state.complete_node", planCompletion],
]);

function hostOf(files: FileWorker, state: StateDocument, mask: Mask): ToolHost {
  const contextOf = (options: CallOptions): CallContext => {
    const limits = { timeoutMs: options.policy.timeoutMs, signal: options.signal };
    return { files, state, options, limits };
  };
  return {
    definitions: (policy) =>
      TOOL_DEFINITIONS.filter(({ name }) => policy.fsEnabled || !isFileTool(name)),
    async plan(tool, args, options) {
      const plan = await planCall(tool, args, contextOf(options));
      return plan.refusal ? { ...plan, refusal: mask(plan.refusal) } : plan;
    },
    call: async (tool, args, options) => mask(await runCall(tool, args, contextOf(options))),
    inspect: (path) => inspect(files, state, path),
    close() {
      files.close();
      return Promise.resolve();
    },
  };
}

async function runCall(
  tool: string,
  args: RawArguments,
  context: CallContext,
): Promise<ToolResult> {
  const read = readCall(tool, args, context);
  if (!read.ok) return read;
  const reader = READERS.get(tool);
  if (reader) return await reader(read.values as never, context);
  const planned = await CHANGERS.get(tool)?.(read.values as never, context);
  if (!planned) return unknownTool(tool);
  return planned.ok ? await carryOut(planned.change, context) : planned;
}

async function planCall(tool: string, args: RawArguments, context: CallContext): Promise<CallPlan> {
  const read = readCall(tool, args, context);
  if (!read.ok) return { effect: "none", refusal: read };
  const planned = await CHANGERS.get(tool)?.(read.values as never, context);
  if (planned) {
    return planned.ok
      ? await showChange(planned.change, context)
      : { effect: "none", refusal: planned };
  }
  const { path } = read.values;
  if (typeof path !== "string" || !READERS.has(tool)) return { effect: "none" };
  const found = findTarget(path, "read", context);
  return found.ok
    ? { effect: "none", path: found.target.name }
    : { effect: "none", refusal: found };
}

/** Checks that the tool may be called, and its arguments. */
function readCall(
  tool: string,
  args: RawArguments,
  { options }: CallContext,
): { readonly ok: true; readonly values: RawArguments } | ToolFailure {
  const definition = TOOL_DEFINITIONS.find(({ name }) => name === tool);
  if (!definition) return unknownTool(tool);
  if (isFileTool(tool) && !options.policy.fsEnabled) {
    return toolFailure("E_TOOL_DENIED", "The file tools are switched off for this agent");
  }
  if (tool === "state.complete_node") return { ok: true, values: args };
  return readArguments(definition, tool === "fs.apply_patch" ? flattenPatch(args) : args);
}

async function showChange(change: Change, { files, limits }: CallContext): Promise<CallPlan> {
  if (change.kind === "state") return { effect: "state-write", path: change.path };
  const { subject: { target, before }, after } = change;
  if (isNothingNew(change)) return { effect: "none", path: target.name };
  const request = { name: target.name, before: before?.bytes ?? null, after };
  const shown = await files.run("diff", request, limits);
  const plan = { effect: "project-write" as const, path: target.name };
  return shown.ok ? { ...plan, diff: shown.value } : plan;
}

async function inspect(
  files: FileWorker,
  state: StateDocument,
  path: string,
): Promise<PathEvidence> {
  const parsed = parsePlace(path.startsWith("@") ? path : `@project/${path}`, "read");
  if (!parsed.ok) return NOTHING;
  if (nameOf(parsed.place) === state.path) {
    return { exists: true, bytes: new TextEncoder().encode(await state.read()).length };
  }
  if (parsed.place.mount === "state") return NOTHING;
  const limits = { timeoutMs: SYSTEM_POLICY.timeoutMs, signal: new AbortController().signal };
  const stat = await files.run("stat", { place: parsed.place }, limits);
  return stat.ok && stat.value ? { exists: true, bytes: stat.value.bytes } : NOTHING;
}

const NOTHING: PathEvidence = { exists: false, bytes: 0 };

function isFileTool(tool: string): boolean {
  return tool.startsWith("fs.");
}

function unknownTool(tool: string): ToolFailure {
  const names = TOOL_DEFINITIONS.map(({ name }) => toWireName(name)).join(", ");
  return toolFailure(
    "E_TOOL_UNKNOWN",
    `There is no tool ${JSON.stringify(tool)} here. The tools are: ${names}`,
  );
}

/** A whole disk as the project (`/`, `C:\\`) cannot be told apart from a slash. */
const MIN_ROOT_CHARS = 3;

type Mask = (result: ToolResult) => ToolResult;

/** Puts mounts for real paths in failures: a message may quote what the model wrote. */
function maskOf(roots: readonly (readonly [string, string])[]): Mask {
  const longestFirst = roots.filter(([root]) => root.length > MIN_ROOT_CHARS)
    .sort(([a], [b]) => b.length - a.length);
  return (result) => {
    if (result.ok) return result;
    const { code, message, details } = result.error;
    const masked = longestFirst.reduce(
      (text, [root, mount]) => text.replaceAll(root, mount),
      message,
    );
    return toolFailure(code, masked, details);
  };
}

async function realFolder(path: string, code: ErrorCode): Promise<string> {
  try {
    const real = await Deno.realPath(path);
    if ((await Deno.stat(real)).isDirectory) return real;
  } catch (cause) {
    throw new AppError(code, `Opening the folder "${path}" failed: it cannot be found`, { cause });
  }
  throw new AppError(code, `Opening "${path}" failed: it is a file, not a folder`);
}

function realPathOrNull(path: string): string | null {
  try {
    return Deno.realPathSync(path);
  } catch {
    return null;
  }
}
