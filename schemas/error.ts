// The errors of the product: one class, one table of codes. Not here: tool failures that the model
// reads as data (`tool.ts`) and findings about a package (`finding.ts`).

/** Exit codes of every command, as promised by `--help`. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  invalidInput: 3,
  configuration: 4,
  provider: 5,
  waiting: 6,
  interrupted: 130,
} as const;

interface ErrorKind {
  readonly httpStatus: number;
  readonly exitCode: number;
}

const usage: ErrorKind = { httpStatus: 400, exitCode: EXIT.usage };
const invalid: ErrorKind = { httpStatus: 422, exitCode: EXIT.invalidInput };
const missing: ErrorKind = { httpStatus: 404, exitCode: EXIT.invalidInput };
const tooLarge: ErrorKind = { httpStatus: 413, exitCode: EXIT.invalidInput };
const conflict: ErrorKind = { httpStatus: 409, exitCode: EXIT.failed };
const failed: ErrorKind = { httpStatus: 500, exitCode: EXIT.failed };
const configuration: ErrorKind = { httpStatus: 422, exitCode: EXIT.configuration };
const unauthorized: ErrorKind = { httpStatus: 401, exitCode: EXIT.configuration };
const forbidden: ErrorKind = { httpStatus: 403, exitCode: EXIT.configuration };
const provider: ErrorKind = { httpStatus: 502, exitCode: EXIT.provider };

/** Every error code with its HTTP status and exit code. A code is public: it never changes meaning. */
export const ERROR_CODES = {
  USAGE: usage,
  INTERNAL: failed,
  FILE_NOT_FOUND: missing,
  FILE_EXISTS: conflict,
  FILE_WRITE_FAILED: failed,
  PKG_INVALID: invalid,
  PKG_NOT_FOUND: missing,
  PKG_TEMPLATE_UNKNOWN: usage,
  PKG_ZIP_INVALID: invalid,
  PKG_ZIP_TOO_LARGE: tooLarge,
  PKG_ZIP_TOO_MANY_ENTRIES: tooLarge,
  PKG_ZIP_RATIO: tooLarge,
  PKG_ZIP_PATH_UNSAFE: invalid,
  PKG_ZIP_SYMLINK: invalid,
  PKG_ZIP_DUPLICATE: invalid,
  PKG_ZIP_ENCRYPTED: invalid,
  PKG_INTEGRITY: invalid,
  PKG_INCOMPATIBLE: invalid,
  WORKFLOW_NOT_FOUND: missing,
  NODE_NOT_FOUND: missing,
  EDGE_NOT_FOUND: missing,
  AGENT_NOT_FOUND: missing,
  PROJECT_NOT_FOUND: missing,
  RUN_NOT_FOUND: missing,
  RUN_BUSY: conflict,
  RUN_PHASE: conflict,
  BREAKPOINT: { httpStatus: 409, exitCode: EXIT.failed },
  BREAKPOINT_INVALID: invalid,
  BREAKPOINT_NOT_FOUND: missing,
  STATE_INVALID: invalid,
  STATE_CHANGED: { httpStatus: 412, exitCode: EXIT.failed },
  RUN_FOLDER_DAMAGED: failed,
  ANSWERS_INVALID: invalid,
  POLICY_INVALID: invalid,
  POLICY_RULE_NOT_FOUND: missing,
  LIMITS_INVALID: invalid,
  MCP_CONFIG_INVALID: invalid,
  MCP_SERVER_NOT_FOUND: missing,
  MCP_SERVER_EXISTS: conflict,
  PROFILES_INVALID: invalid,
  PROFILE_NOT_FOUND: missing,
  PROFILE_EXISTS: conflict,
  TRIAL_BUSY: conflict,
  TRACE_INVALID: invalid,
  ENGINE_MAX_TURNS: failed,
  ENGINE_LOOP_DETECTED: failed,
  ENGINE_ABORTED: { httpStatus: 409, exitCode: EXIT.interrupted },
  ENGINE_PRECONDITION: invalid,
  MENU_UNCLEAR: invalid,
  MENU_BUILTIN: invalid,
  INPUTS_INVALID: invalid,
  CONTEXT_TOO_LARGE: invalid,
  BUDGET_EXCEEDED: failed,
  LLM_NOT_CONFIGURED: configuration,
  LLM_AUTH: { httpStatus: 502, exitCode: EXIT.configuration },
  LLM_TIMEOUT: { httpStatus: 504, exitCode: EXIT.provider },
  LLM_RATE_LIMITED: { httpStatus: 429, exitCode: EXIT.provider },
  LLM_HTTP: provider,
  LLM_BAD_RESPONSE: provider,
  LLM_PROMPT_TRUNCATED: provider,
  LLM_UNREACHABLE: provider,
  REQUEST_INVALID: { httpStatus: 400, exitCode: EXIT.invalidInput },
  ROUTE_NOT_FOUND: missing,
  METHOD_NOT_ALLOWED: { httpStatus: 405, exitCode: EXIT.invalidInput },
  MEDIA_TYPE_UNSUPPORTED: { httpStatus: 415, exitCode: EXIT.invalidInput },
  VALIDATION_FAILED: invalid,
  BODY_TOO_LARGE: tooLarge,
  HOST_FORBIDDEN: forbidden,
  ORIGIN_FORBIDDEN: forbidden,
  CSRF_INVALID: forbidden,
  AUTH_REQUIRED: unauthorized,
  AUTH_INVALID_CREDENTIALS: unauthorized,
  AUTH_TOKEN_INVALID: unauthorized,
  AUTH_FORBIDDEN: forbidden,
  AUTH_RATE_LIMITED: { httpStatus: 429, exitCode: EXIT.configuration },
  ACCOUNT_INVALID: invalid,
  ACCOUNT_NOT_FOUND: missing,
  API_TOKEN_NOT_FOUND: missing,
  ACCOUNT_EXISTS: conflict,
  DATA_FOLDER_BUSY: conflict,
  DATABASE_FAILED: failed,
  SERVE_ADDRESS: configuration,
  EDIT_REFUSED: invalid,
  EDIT_CONFLICT: conflict,
  PKG_NAME_TAKEN: conflict,
  VERSION_EXISTS: conflict,
  FLOW_INVALID: invalid,
  FLOW_NOT_FOUND: missing,
  FLOW_AGENT_NOT_FOUND: missing,
  FLOW_DOC_NOT_FOUND: missing,
  FLOW_KEY_NOT_FOUND: missing,
  FLOW_DOC_CONFLICT: { httpStatus: 412, exitCode: EXIT.failed },
  FLOW_DEPENDENCY_MISSING: invalid,
  FLOW_STORY_BUSY: conflict,
  FLOW_MEMORY_UNAVAILABLE: { httpStatus: 503, exitCode: EXIT.failed },
  FLOW_OUT_FOREIGN: conflict,
} as const satisfies Record<string, ErrorKind>;

/** A word of `ERROR_CODES`. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** What an error may carry besides its code and message. */
export interface AppErrorOptions {
  readonly cause?: unknown;
  /** Machine-readable facts for `--json` and the API; no secrets, no stack. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * A failure with a stable code. The message says what was being done, what was wrong with the actual
 * value and what would be right; it starts with a capital and quotes values.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.details = options.details;
  }

  /** The exit code of a command that ends with this error. */
  get exitCode(): number {
    return ERROR_CODES[this.code].exitCode;
  }

  /** The HTTP status of an answer that carries this error. */
  get httpStatus(): number {
    return ERROR_CODES[this.code].httpStatus;
  }
}

/** The text of anything thrown, for a `cause` or a log line. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
