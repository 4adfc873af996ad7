// `js.run`: an exact calculation in JavaScript, with strict limits. Off unless the policy turns it on.
import {
  type ToolErrorCode,
  type ToolFailure,
  toolFailure,
  type ToolResult,
} from "../../schemas/tool.ts";
import { argumentFailure } from "./arguments.ts";
import type { CallContext } from "./call_context.ts";
import { runCalculation } from "./js_run_calculation.ts";
import type { CalculationEnd, CalculationLimits, CalculationOutcome } from "./js_run_protocol.ts";

/** Arguments of `js.run`. */
export interface JsRunArguments {
  readonly code: string;
  /** Any JSON; the global `input` of the code. */
  readonly input?: unknown;
}

/** 5 s, 64 MiB, 64 kB of result, 16 kB of `console.log`. */
export const CALCULATION_LIMITS: CalculationLimits = {
  timeMs: 5000,
  memoryBytes: 64 * 1024 * 1024,
  maxResultBytes: 64 * 1024,
  maxLogBytes: 16 * 1024,
};

/** Of code and input each. */
const MAX_SOURCE_CHARS = 1024 * 1024;

/**
 * Answers `result` (absent where the code gives none) and what `console.log` wrote as `logs`. The same
 * code and input give the same result on every machine: there is no clock (`new Date()` without
 * arguments throws), the time zone is UTC, and `Math.random()` gives the same series in every call.
 */
export async function runJs(
  { code, input }: JsRunArguments,
  { limits: { signal } }: CallContext,
): Promise<ToolResult> {
  const inputJson = JSON.stringify(input);
  if (code.length > MAX_SOURCE_CHARS || (inputJson?.length ?? 0) > MAX_SOURCE_CHARS) {
    return argumentFailure(
      `js_run: "code" and "input" may have ${MAX_SOURCE_CHARS} characters each`,
    );
  }
  const calculation = { code, inputJson, limits: CALCULATION_LIMITS };
  const outcome = await runCalculation(calculation, signal);
  return resultOfCalculation(outcome);
}

/** What a calculation answers to a model: `result` and `logs`, or why there is none. */
export function resultOfCalculation(outcome: CalculationOutcome | ToolFailure): ToolResult {
  if ("ok" in outcome) return outcome;
  const logged = {
    ...(outcome.logs.length > 0 && { logs: outcome.logs }),
    ...(outcome.logsCut && { logsCut: "Only the beginning of what was logged is here" }),
  };
  const { end } = outcome;
  if (end.kind !== "done") return failed(end, logged);
  const { resultJson } = end;
  return resultJson === undefined
    ? { ok: true, ...logged, hint: "The code gave no value. End it with an expression or a return" }
    : { ok: true, result: JSON.parse(resultJson), ...logged };
}

type Failed = Exclude<CalculationEnd, { kind: "done" }>;

function failed(end: Failed, logged: Readonly<Record<string, unknown>>): ToolFailure {
  const [code, message] = wordsFor(end);
  return toolFailure(code, message, Object.keys(logged).length > 0 ? logged : undefined);
}

function wordsFor(end: Failed): readonly [ToolErrorCode, string] {
  const { timeMs, memoryBytes, maxResultBytes } = CALCULATION_LIMITS;
  switch (end.kind) {
    case "thrown":
      return ["E_TOOL_ARGS", `The code failed: ${end.message}`];
    case "time":
      return [
        "E_TOOL_TIMEOUT",
        `The calculation took longer than ${timeMs / 1000} s and was stopped. Calculate less`,
      ];
    case "memory":
      return [
        "E_TOOL_ARGS",
        `The calculation needs more than the ${memoryBytes / 1024 ** 2} MiB it may have`,
      ];
    case "depth":
      return ["E_TOOL_ARGS", "The code calls itself, or nests values, too deeply. Use a loop"];
    case "unsettled":
      return [
        "E_TOOL_ARGS",
        "The result is a promise that never settles: there are no timers and no input or output here",
      ];
    case "too large":
      return [
        "E_READ_LIMIT",
        `The result has ${end.resultBytes} bytes as JSON, more than ${maxResultBytes}. Return less`,
      ];
  }
}
