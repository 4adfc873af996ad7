// The seam between the engine and its tools: what a tool host offers, and the ports it needs.
import type { ToolDefinition, ToolResult } from "../../schemas/tool.ts";

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

/** A state change a model may propose; keys as in `runtime.md`, section Tools. */
export interface StateUpdate {
  readonly "stepsCompleted.append"?: string | readonly string[];
  readonly "artifacts.append"?: string | readonly string[];
  readonly "variables.set"?: Readonly<Record<string, unknown>>;
  readonly "decisionLog.append"?: unknown;
  readonly "currentNodeId.set"?: string;
  readonly "updatedAt.set"?: string;
}

/** Arguments of `state.complete_node`. */
export interface NodeCompletion {
  readonly nodeId: string;
  readonly next?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly artifacts?: readonly string[];
  readonly decision?: { readonly label: string; readonly reason?: string };
}

/** Port to the guarded state document; the tool host never touches `@state` itself. */
export interface StateDocument {
  /** Mount path, `@state/workflow.md`. */
  readonly path: string;
  read(): Promise<string>;
  /** Whole new text; the guard decides. Answers `sha256Before`, `sha256After`, or why not. */
  propose(text: string, ifMatchSha256?: string): Promise<ToolResult>;
  update(update: StateUpdate, ifMatchSha256?: string): Promise<ToolResult>;
  complete(completion: NodeCompletion): Promise<ToolResult>;
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
