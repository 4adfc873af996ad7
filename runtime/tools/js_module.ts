// Calls a function of a foreign JavaScript module, with the strict limits of `js.run`: no file, network,
// clock, process or module but its neighbours.
import { argumentFailure } from "./arguments.ts";
import { type ToolResult } from "../../schemas/tool.ts";
import { CALCULATION_LIMITS, resultOfCalculation } from "./js_run.ts";
import { runModuleCall } from "./js_run_calculation.ts";
import type { ModuleCall } from "./js_run_protocol.ts";

/** A function of a module, and its one argument. */
export interface ModuleTool extends Pick<ModuleCall, "modules" | "module" | "call"> {
  readonly args: Readonly<Record<string, unknown>>;
}

const MAX_ARGUMENT_CHARS = 1024 * 1024;

/** Answers `result` (absent where the function returns nothing) and `logs`. Never throws. */
export async function runJsModule(tool: ModuleTool, signal: AbortSignal): Promise<ToolResult> {
  const { args, modules, module, call } = tool;
  const inputJson = JSON.stringify(args);
  if (inputJson.length > MAX_ARGUMENT_CHARS) {
    return argumentFailure(`The arguments may have ${MAX_ARGUMENT_CHARS} characters`);
  }
  const limits = CALCULATION_LIMITS;
  return resultOfCalculation(
    await runModuleCall({ modules, module, call, inputJson, limits }, signal),
  );
}
