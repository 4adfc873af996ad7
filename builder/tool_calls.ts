// The tool calls of a run with what came of them, from its events. Pure.
import type { RunEvent } from "../schemas/run_event.ts";
import type { ToolCallRecord } from "../views/run/run_records.ts";

/** Every call, in the order of the log. */
export function toolCalls(events: readonly RunEvent[]): readonly ToolCallRecord[] {
  const table = openCallTable();
  for (const event of events) table.hear(event);
  return table.calls();
}

/** Calls that grow with the events of a run. */
export interface CallTable {
  /** Takes the next event. Returns the call that it is about, as it is now. */
  hear(event: RunEvent): ToolCallRecord | undefined;
  /** So far, in the order of the log; calls that did not change are the same objects. */
  calls(): readonly ToolCallRecord[];
}

/** Begins a table. */
export function openCallTable(): CallTable {
  const calls: ToolCallRecord[] = [];
  const indices = new Map<string, number>();
  const amend = (callId: string, more: Partial<ToolCallRecord>) => {
    const index = indices.get(callId);
    const call = index === undefined ? undefined : calls[index];
    if (!call || index === undefined) return undefined;
    return calls[index] = { ...call, ...more };
  };
  return {
    calls: () => calls,
    hear(event) {
      if (event.type === "file_changed") return amend(event.callId, { path: event.path });
      if (event.type === "tool_result") {
        return amend(event.callId, { ...ended(event), lastSeq: event.seq });
      }
      if (event.type !== "tool_call") return undefined;
      indices.set(event.callId, calls.length);
      const call = begun(event);
      calls.push(call);
      return call;
    },
  };
}

/** Whether a call is one of those that are asked for; empty fields restrict nothing. */
export function fitsCalls(
  call: ToolCallRecord,
  { tool, outcome }: { readonly tool: string; readonly outcome: string },
): boolean {
  return (tool === "" || call.tool === tool) && (outcome === "" || call.outcome === outcome);
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
