// The tool calls of a run with what came of them, from its events. Pure.
import type { RunEvent } from "../schemas/run_event.ts";
import type { ToolResult } from "../schemas/tool.ts";

/** A call and its outcome. */
export interface ToolCallRecord {
  readonly seq: number;
  /** Of the result, or of the call itself. */
  readonly lastSeq: number;
  readonly at: string;
  readonly callId: string;
  readonly tool: string;
  readonly nodeId: string | null;
  readonly turn: number | null;
  /** The mount path that it is about. */
  readonly path: string | null;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** `open`: there is no result, or not yet. */
  readonly outcome: "open" | "done" | "failed";
  readonly errorCode: string | null;
  readonly result: ToolResult | null;
  readonly durationMs: number | null;
}

/** Every call, in the order of the log. */
export function toolCalls(events: readonly RunEvent[]): ToolCallRecord[] {
  const calls: ToolCallRecord[] = [];
  const indices = new Map<string, number>();
  for (const event of events) {
    if (event.type === "tool_call") {
      indices.set(event.callId, calls.length);
      calls.push(begun(event));
      continue;
    }
    if (event.type !== "tool_result" && event.type !== "file_changed") continue;
    const index = indices.get(event.callId);
    const call = index === undefined ? undefined : calls[index];
    if (!call || index === undefined) continue;
    calls[index] = event.type === "file_changed"
      ? { ...call, path: event.path }
      : { ...call, ...ended(event), lastSeq: event.seq };
  }
  return calls;
}

function begun(event: RunEvent & { readonly type: "tool_call" }): ToolCallRecord {
  const { seq, at, callId, tool, nodeId = null, turn = null, arguments: given } = event;
  return {
    seq,
    lastSeq: seq,
    at,
    callId,
    tool,
    nodeId,
    turn,
    path: typeof given.path === "string" ? given.path : null,
    arguments: given,
    outcome: "open",
    errorCode: null,
    result: null,
    durationMs: null,
  };
}

function ended(
  { result, durationMs }: RunEvent & { readonly type: "tool_result" },
): Pick<ToolCallRecord, "outcome" | "errorCode" | "result" | "durationMs"> {
  return {
    outcome: result.ok ? "done" : "failed",
    errorCode: result.ok ? null : result.error.code,
    result,
    durationMs,
  };
}
