// Who wrote which file, by a run's log: each change with the call, node, turn, package and model that
// made it. Pure. Not here: single lines (`line_writers.ts`).
import type { PackageIdentity, RunEvent } from "../../schemas/run_event.ts";
import { isRevertCall } from "./changes.ts";

/** What stands behind a change of a file; `null` for what the log does not tell. */
export interface Writer {
  readonly runId: string;
  /** Of the event that tells the change. */
  readonly seq: number;
  readonly at: string;
  readonly callId: string;
  /** `null` for a revert, which no model asked for. */
  readonly tool: string | null;
  /** Of the tool call's event. */
  readonly callSeq: number | null;
  readonly nodeId: string | null;
  readonly turn: number | null;
  /** As it was then: a run may be taken up with another. */
  readonly package: PackageIdentity | null;
  readonly workflowId: string | null;
  readonly model: string | null;
  readonly isRevert: boolean;
}

/** One change of one file. */
export interface FileWrite {
  /** Mount path. */
  readonly path: string;
  readonly sha256Before: string | null;
  readonly sha256After: string | null;
  readonly writer: Writer;
  /** What the tool was called with. */
  readonly arguments: Readonly<Record<string, unknown>>;
}

type ToolCalled = RunEvent & { readonly type: "tool_call" };

/** Every change of a project file, in the order of the log. */
export function fileWrites(events: readonly RunEvent[]): FileWrite[] {
  const calls = new Map<string, ToolCalled>();
  const writes: FileWrite[] = [];
  let identity: PackageIdentity | null = null;
  let model: string | null = null;
  let workflowId: string | null = null;
  for (const event of events) {
    if (event.type === "run_started") ({ package: identity, model, workflowId } = event);
    else if (event.type === "run_resumed") identity = event.package ?? identity;
    else if (event.type === "request_sent") model = event.model;
    else if (event.type === "node_entered") workflowId = event.workflowId;
    else if (event.type === "tool_call") calls.set(event.callId, event);
    else if (event.type === "file_changed") {
      const call = calls.get(event.callId);
      const isRevert = isRevertCall(event.callId);
      const made = isRevert ? NO_MODEL : { package: identity, model, workflowId };
      writes.push(writeOf(event, call, { ...made, isRevert }));
    }
  }
  return writes;
}

const NO_MODEL = { package: null, model: null, workflowId: null };

function writeOf(
  event: RunEvent & { readonly type: "file_changed" },
  call: ToolCalled | undefined,
  made: Pick<Writer, "package" | "model" | "workflowId" | "isRevert">,
): FileWrite {
  const { path, sha256Before, sha256After, runId, seq, at, callId } = event;
  const { nodeId = call?.nodeId ?? null, turn = call?.turn ?? null } = event;
  const writer = {
    runId,
    seq,
    at,
    callId,
    tool: call?.tool ?? null,
    callSeq: call?.seq ?? null,
    nodeId,
    turn,
    ...made,
  };
  return { path, sha256Before, sha256After, writer, arguments: call?.arguments ?? {} };
}
