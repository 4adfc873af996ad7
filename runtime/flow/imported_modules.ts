// Tools of a generated project: functions of its own modules, imported like any code of it. Answers look
// as those of the sandbox in the executable (`runtime/tools/js_module.ts`), whose limits do not hold here.
import { toolFailure, type ToolResult } from "../../schemas/tool.ts";
import type { RunModuleTool } from "./tool_runner.ts";

/** Modules by their path in the sources, as `import * as` gives them. */
export type ImportedModules = Readonly<Record<string, object>>;

const TIME_LIMIT_MS = 5000;
const MAX_RESULT_BYTES = 64 * 1024;

/** Calls functions of these modules; a function that waits longer than 5 s is given up. Never throws. */
export function importedModules(modules: ImportedModules): RunModuleTool {
  return async ({ module, call }, args, signal) => {
    const found = functionOf(modules, module, call);
    if (!found) {
      const message = `The code failed: The module "${module}" exports no function "${call}"`;
      return toolFailure("E_TOOL_ARGS", message);
    }
    try {
      // A copy: what the function does to its argument is nobody else's business.
      return await inTime(() => found(structuredClone(args)), signal);
    } catch (thrown) {
      const text = thrown instanceof Error
        ? `${thrown.name}: ${thrown.message}`
        : `Thrown: ${typeof thrown === "string" ? thrown : JSON.stringify(thrown)}`;
      return toolFailure("E_TOOL_ARGS", `The code failed: ${text}`);
    }
  };
}

function functionOf(
  modules: ImportedModules,
  module: string,
  call: string,
): ((args: unknown) => unknown) | undefined {
  const exported = Object.hasOwn(modules, module) ? modules[module] : undefined;
  if (!exported || !Object.hasOwn(exported, call)) return undefined;
  const value: unknown = Reflect.get(exported, call);
  return typeof value === "function" ? (args) => value(args) : undefined;
}

async function inTime(work: () => unknown, signal: AbortSignal): Promise<ToolResult> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<ToolResult>((resolve) => {
    const message = `The calculation took longer than ${
      TIME_LIMIT_MS / 1000
    } s and was stopped. Calculate less`;
    timer = setTimeout(() => resolve(toolFailure("E_TOOL_TIMEOUT", message)), TIME_LIMIT_MS);
    const stop = () => {
      resolve(toolFailure("E_INTERRUPTED", "The run was stopped during this call"));
    };
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([settled(work), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function settled(work: () => unknown): Promise<ToolResult> {
  const json = JSON.stringify(await work(), plain);
  if (json === undefined) {
    const hint = "The code gave no value. End it with an expression or a return";
    return { ok: true, hint };
  }
  const bytes = new TextEncoder().encode(json).length;
  if (bytes <= MAX_RESULT_BYTES) return { ok: true, result: JSON.parse(json) };
  const message =
    `The result has ${bytes} bytes as JSON, more than ${MAX_RESULT_BYTES}. Return less`;
  return toolFailure("E_READ_LIMIT", message);
}

/** What JSON has no word for, as the sandbox writes it. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (value instanceof Map || value instanceof Set) return [...value];
  return value;
}
