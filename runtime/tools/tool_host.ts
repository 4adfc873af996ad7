// The seam between the engine and its tools: what a tool host offers, and the ports it needs.
import type { ToolDefinition, ToolFailure, ToolResult } from "../../schemas/tool.ts";

export type { NodeCompletion, StateDocument, StateUpdate } from "../../schemas/state.ts";

/** The merged tool policy: system settings ∧ agent's `tools` (`policy.ts`). */
export interface ToolPolicy {
  readonly fsEnabled: boolean;
  readonly maxReadBytes: number;
  readonly maxWriteBytes: number;
  readonly mcpEnabled: boolean;
  /** `null` allows every configured server. */
  readonly mcpServers: readonly string[] | null;
  /** `csv.read`; needs `fsEnabled`, too. Absent: off. */
  readonly csvEnabled?: boolean;
  /** `js.run`. Absent: off. */
  readonly jsEnabled?: boolean;
  /** `terminal.run`. Absent: off. */
  readonly terminalEnabled?: boolean;
  /** Programs of `terminal.run`, with first arguments or without; `null` sets no bound, absent: none. */
  readonly terminalAllow?: readonly string[] | null;
  /** `skill.activate`; the agent has some skill. Absent: off. */
  readonly skillsEnabled?: boolean;
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
  /** `unknown`: a program of its own runs; what it changes is neither known nor recorded. */
  readonly effect: "none" | "project-write" | "state-write" | "unknown";
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
  /**
   * Awaited after all checks and before the effect: the place to store the pre-image. A failure that it
   * returns is the call's result, and nothing is changed.
   */
  beforeChange?(change: FileChange): Promise<ToolFailure | void>;
}

/** A program and its arguments. */
export interface ProgramCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * Puts the operating system's sandbox round a program of `terminal.run`. `cwd` lies inside the project;
 * `home` is an empty folder of this call, which is the program's `HOME` in `env`. All are real paths.
 */
export type WrapProgram = (
  program: ProgramCommand,
  place: {
    readonly cwd: string;
    readonly home: string;
    readonly env: Readonly<Record<string, string>>;
  },
) => ProgramCommand;

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
