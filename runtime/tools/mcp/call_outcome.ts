// How a call of a server ended, as data for the model.
import { type ToolFailure, toolFailure } from "../../../schemas/tool.ts";
import type { CallLimits, CallOutcome } from "./server_connection.ts";

/** What a server answered to a call, or why there is no answer. */
export type AnswerResult =
  | { readonly ok: true; readonly answer: Readonly<Record<string, unknown>> }
  | ToolFailure;

const INVALID_PARAMS = -32602;
const METHOD_NOT_FOUND = -32601;
const CHECK = "It may have done what it was asked: check before you ask again, and ask for less";

/** What a call came to, in words that say what to do next. */
export function readOutcome(
  serverId: string,
  outcome: CallOutcome,
  { timeoutMs }: CallLimits,
): AnswerResult {
  switch (outcome.kind) {
    case "answer":
      return { ok: true, answer: outcome.answer };
    case "refused": {
      const text = `The MCP server "${serverId}" refused the call: ${outcome.message}`;
      if (outcome.code === INVALID_PARAMS) return toolFailure("E_TOOL_ARGS", text);
      if (outcome.code === METHOD_NOT_FOUND) return toolFailure("E_TOOL_UNKNOWN", text);
      return toolFailure("E_PRECONDITION_FAILED", text);
    }
    case "aborted":
      return interrupted();
    case "timeout": {
      const seconds = timeoutMs / 1000;
      return toolFailure(
        "E_TOOL_TIMEOUT",
        `The MCP server "${serverId}" did not answer within ${seconds} s and was stopped. ${CHECK}`,
      );
    }
    case "lost":
      return toolFailure(
        "E_READ_LIMIT",
        `The MCP server "${serverId}" answered with more than can be taken. ${CHECK}`,
      );
    case "broken":
      return toolFailure(
        "E_INTERNAL",
        `The MCP server "${serverId}" failed during this call: ${outcome.reason}. ${CHECK}`,
      );
  }
}

/** The failure of a call whose run was stopped. */
export function interrupted(): ToolFailure {
  return toolFailure("E_INTERRUPTED", "The run was stopped during this call");
}
