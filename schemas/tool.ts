// Tools as the model and the log see them: definitions, calls, results. Not here: what a tool does.

/** Codes of a failed tool call. They are data for the model, never thrown. */
export const TOOL_ERROR_CODES = [
  "ENOENT",
  "E_SANDBOX_VIOLATION",
  "E_READ_LIMIT",
  "E_WRITE_LIMIT",
  "E_INVALID_FRONTMATTER",
  "E_SCHEMA_VALIDATION",
  "E_INVALID_TRANSITION",
  "E_PRECONDITION_FAILED",
  "E_TOOL_TIMEOUT",
  "E_TOOL_ARGS",
  "E_TOOL_UNKNOWN",
  "E_TOOL_DENIED",
  "E_INTERRUPTED",
  "E_STEP_INCOMPLETE",
  "E_NODE_CHANGED",
  "E_INTERNAL",
] as const;

/** A word of `TOOL_ERROR_CODES`. */
export type ToolErrorCode = (typeof TOOL_ERROR_CODES)[number];

/** What every tool returns; it goes to the model as JSON. Holds no path of the machine. */
export type ToolResult =
  | ({ readonly ok: true } & Readonly<Record<string, unknown>>)
  | ToolFailure;

/** A failed tool call; the message says what to do next. */
export interface ToolFailure {
  readonly ok: false;
  readonly error: {
    readonly code: ToolErrorCode;
    readonly message: string;
    readonly details?: Readonly<Record<string, unknown>>;
  };
}

/** A tool as offered to a model. `parameters` is a JSON Schema of type object. */
export interface ToolDefinition {
  /** Dotted name (`fs.read`) inside; the wire name (`fs_read`) towards a model. */
  readonly name: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A call as a model made it: `name` as on the wire, `arguments` as JSON text, unchecked. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

/** A failed result. */
export function toolFailure(
  code: ToolErrorCode,
  message: string,
  details?: Readonly<Record<string, unknown>>,
): ToolFailure {
  return { ok: false, error: details ? { code, message, details } : { code, message } };
}
