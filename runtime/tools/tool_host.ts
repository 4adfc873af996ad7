// The seam between the engine and its tools: what a tool host offers, and the ports it needs.
import type { ToolDefinition, ToolResult } from "../../schemas/tool.ts";

export type { NodeCompletion, StateDocument, StateUpdate } from "../../schemas/state.ts";

/** The merged tool policy: system settings ∧ agent's `tools` (`policy.ts`). */
export interface ToolPolicy {
  readonly fsEnabled: boolean;
  readonly maxReadBytes: number;
  readonly maxWriteBytes: number;
  readonly mcpEnabled: boolean;
  /** `null` allows every configured server. */
  readonly mcpServers: readonly string[] | null;
  readonly timeoutMs: number;
}

/** A change of one project file that is about to happen. */
export interface FileChange {
  /** Mount path. */
  readonly path: string;
  /** Content before, `null` if there is no file. */
  readonly before: Uint8Array | null;
  readonly after: Uint8Array;
}

/** What a call would do, known before it is run. */
export interface CallPlan {
  readonly effect: "none" | "project-write" | "state-write";
  /** Mount path after resolution, where the tool takes one. */
  readonly path?: string;
  /** Unified diff for an approval; only for `project-write`. */
  readonly diff?: string;
  /** The call is refused anyway; running it returns this. */
  readonly refusal?: ToolResult;
}

/** Evidence about a project path, for declared outputs. */
export interface PathEvidence {
  readonly exists: boolean;
  readonly bytes: number;
}

/** Options of one call. */
export interface CallOptions {
  readonly policy: ToolPolicy;
  readonly signal: AbortSignal;
  /** Awaited after all checks and before the effect: the place to store the pre-image. */
  beforeChange?(change: FileChange): Promise<void>;
}

/** Runs tools by dotted name with parsed arguments. Never throws for a model's mistake. */
export interface ToolHost {
  /** Tools visible under this policy, dotted names. */
  definitions(policy: ToolPolicy): ToolDefinition[];
  plan(
    tool: string,
    args: Readonly<Record<string, unknown>>,
    options: CallOptions,
  ): Promise<CallPlan>;
  call(
    tool: string,
    args: Readonly<Record<string, unknown>>,
    options: CallOptions,
  ): Promise<ToolResult>;
  /** Whether a project path exists; a mount path or a project-relative one. */
  inspect(path: string): Promise<PathEvidence>;
  /** Stops the worker. */
  close(): Promise<void>;
}
