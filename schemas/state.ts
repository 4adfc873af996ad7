// Changes of a state document as tools propose them, and the port through which they reach the guard.
import type { ToolResult } from "./tool.ts";

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

/** Port to the guarded state document; nothing else writes `@state`. */
export interface StateDocument {
  /** Mount path, `@state/workflow.md`. */
  readonly path: string;
  read(): Promise<string>;
  /** Whole new text; the guard decides. Answers `sha256Before`, `sha256After`, or why not. */
  propose(text: string, ifMatchSha256?: string): Promise<ToolResult>;
  update(update: StateUpdate, ifMatchSha256?: string): Promise<ToolResult>;
  complete(completion: NodeCompletion): Promise<ToolResult>;
}
