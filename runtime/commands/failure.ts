// What the command line prints when a command throws, and its exit code: pure text, no output here.
// Decided in docs/decisions/003-errors-on-the-command-line.md.

import { AppError, type ErrorCode, EXIT, messageOf } from "../../schemas/error.ts";
import { printable } from "./terminal.ts";

/** How a failure is to be shown. */
export interface FailureStyle {
  /** One JSON object on one line, for a script that passed `--json`. */
  readonly json: boolean;
  /** ANSI colour round the code. */
  readonly colour: boolean;
  /** Stack and causes below the message. */
  readonly debug: boolean;
}

/** A failure ready to be printed on standard error. */
export interface Failure {
  /** Without a line break at its end; empty when nothing is to be said. */
  readonly text: string;
  readonly exitCode: number;
}

/** 128 + SIGPIPE: what a shell shows for any program whose reader went away. */
const EXIT_BROKEN_PIPE = 141;

/**
 * Turns anything thrown into text for standard error and an exit code.
 *
 * - `AppError`: `Error CODE: message`, and the exit code of its code. Control characters, which a
 *   message may quote from a package, are made visible.
 * - A broken pipe (`crewagent … | head`): no text, exit code 141.
 * - Anything else is our bug: code `INTERNAL`, exit code 1; its stack only with `debug`.
 */
export function failureOf(thrown: unknown, style: FailureStyle): Failure {
  if (thrown instanceof Deno.errors.BrokenPipe) return { text: "", exitCode: EXIT_BROKEN_PIPE };
  const { code, message, details, exitCode } = thrown instanceof AppError
    ? thrown
    : internal(thrown);
  const text = style.json
    ? JSON.stringify({ error: { code, message, details: details ?? null } })
    : `${heading(code, style.colour)} ${printable(message)}`;
  return { text: style.debug ? `${text}\n${traceOf(thrown, style.colour)}` : text, exitCode };
}

function internal(thrown: unknown) {
  const code: ErrorCode = "INTERNAL";
  const message = `CrewAgent met a failure it did not expect: ${messageOf(thrown)}\n` +
    "Run the command again with CREWAGENT_DEBUG=1 to see where, and please report it.";
  return { code, message, details: undefined, exitCode: EXIT.failed };
}

function heading(code: ErrorCode, colour: boolean): string {
  const text = `Error ${code}:`;
  return colour ? `\x1b[1;31m${text}\x1b[0m` : text;
}

/** Stack and causes, as `Deno.inspect` draws them. */
function traceOf(thrown: unknown, colors: boolean): string {
  return Deno.inspect(thrown, { colors });
}
