// What a run left, as plain data for its tabs: made from its events and the project by the builder.
import type { PackageIdentity, RunEvent } from "../../schemas/run_event.ts";
import type { ToolResult } from "../../schemas/tool.ts";

/** A tool call and what came of it. */
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
  readonly outcome: CallOutcome;
  readonly errorCode: string | null;
  readonly result: ToolResult | null;
  readonly durationMs: number | null;
}

/** How calls end. */
export const CALL_OUTCOMES = ["open", "done", "failed"] as const;

/** A word of `CALL_OUTCOMES`. */
export type CallOutcome = (typeof CALL_OUTCOMES)[number];

/** A page of the calls, oldest first. */
export interface ShownCalls {
  readonly calls: readonly ToolCallRecord[];
  /** What there is to choose from. */
  readonly tools: readonly string[];
  /** The filter; empty fields restrict nothing. */
  readonly tool: string;
  readonly outcome: string;
  /** Number of the call that is unfolded. */
  readonly openSeq: number | null;
  /** Earlier ones end before this number; `null` if there are none. */
  readonly before: number | null;
}

/** Who made a change. `null` for what is not known. */
export interface ShownWriter {
  readonly runId: string;
  readonly seq: number;
  readonly at: string;
  readonly tool: string | null;
  readonly callSeq: number | null;
  readonly nodeId: string | null;
  readonly turn: number | null;
  readonly package: PackageIdentity | null;
  readonly model: string | null;
  readonly isRevert: boolean;
}

/** A file that the run left. */
export interface ShownArtifact {
  readonly path: string;
  /** `null`: it is gone. */
  readonly sizeBytes: number | null;
  readonly isForeign: boolean;
  readonly writes: number;
  readonly lastWriter: ShownWriter;
}

/** Lines that have one writer. */
export interface ShownLines {
  /** 1-based. */
  readonly firstLine: number;
  /** Inclusive. */
  readonly lastLine: number;
  readonly origin: "run" | "before" | "others" | "unknown";
  readonly writer: ShownWriter | null;
}

/** A change of the project. */
export interface ShownChange {
  readonly path: string;
  readonly kind: "made" | "changed" | "removed";
  readonly diff: string | null;
  readonly isForeign: boolean;
}

/** A page of the log. */
export interface ShownLog {
  readonly events: readonly RunEvent[];
  /** What there is to choose from. */
  readonly types: readonly string[];
  readonly nodes: readonly string[];
  /** The filter; empty fields restrict nothing. */
  readonly type: string;
  readonly node: string;
  readonly text: string;
  readonly order: "newest" | "oldest";
  /** The number behind which the next page begins; `null` on the last page. */
  readonly next: number | null;
  /** Whether new lines come in by themselves. */
  readonly isLive: boolean;
}
