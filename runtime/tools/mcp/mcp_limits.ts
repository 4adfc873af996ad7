// The limits a server of others lives under, in one place. Not here: the limits of a tool policy.

/** Sizes and times; every one is a wall against a server, not a wish. */
export interface McpLimits {
  /** One line of output, so one message; a longer one is dropped. */
  readonly maxLineBytes: number;
  /** Output since we last sent something; more is a flood and ends the server. */
  readonly maxOutputBytes: number;
  /** What waits to be read by a server; more and nothing is sent. */
  readonly maxQueuedBytes: number;
  /** The end of standard error that is kept for people. */
  readonly maxStderrBytes: number;
  /** From the start to the answer to `initialize`; `npx` may have to download first. */
  readonly startMs: number;
  /** For the whole list of tools. */
  readonly listMs: number;
  /** After closing its input, a server has this long to end by itself. */
  readonly closeMs: number;
  /** After SIGTERM, before SIGKILL. */
  readonly terminateMs: number;
  /** Without a call for this long, a server is stopped; the next call starts it again. */
  readonly idleMs: number;
  /** Ends without a good call in between, after which a server is left alone for `restMs`. */
  readonly maxFailures: number;
  readonly restMs: number;
}

/** What holds unless a test says otherwise. */
export const MCP_LIMITS: McpLimits = {
  maxLineBytes: 16 * 1024 * 1024,
  maxOutputBytes: 64 * 1024 * 1024,
  maxQueuedBytes: 32 * 1024 * 1024,
  maxStderrBytes: 64 * 1024,
  startMs: 60_000,
  listMs: 30_000,
  closeMs: 2_000,
  terminateMs: 2_000,
  idleMs: 5 * 60_000,
  maxFailures: 3,
  restMs: 60_000,
};
