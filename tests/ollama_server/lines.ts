// The lines of an answer, one object each, with the moods that concern their form.
import type { Reply } from "./script.ts";

/** The lines of a streamed answer. */
export function linesOf(
  parts: readonly Record<string, unknown>[],
  { mood, error }: Reply,
): string[] {
  const lines = parts.map((part) => `${JSON.stringify(part)}\n`);
  const [first = "", ...rest] = lines;
  switch (mood) {
    case "torn_line":
      return [first, `${first.slice(0, first.length / 2)}\n`, ...rest];
    case "error_in_stream":
      return [first, `${JSON.stringify({ error: error ?? "an error was encountered" })}\n`];
    case "no_last_newline":
      return lines.map((line, index) => index < rest.length ? line : line.trimEnd());
    default:
      return lines;
  }
}
