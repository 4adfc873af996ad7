// Regular expressions that run in linear time (RE2), so that no pattern can hang. The only importer of
// re2js.
import { RE2JS, RE2JSException } from "re2js";

/** A compiled pattern. Offsets are in UTF-16 units. */
export interface RegularExpression {
  /** Steps per character at worst: `size` times the length of a text bounds the time of a test. */
  readonly size: number;
  /** Whether it matches anywhere. Takes a fraction of the time of `find`. */
  test(text: string): boolean;
  /** Where it first matches; -1 if nowhere. */
  find(text: string): number;
}

/** A pattern, or why RE2 does not take it. */
export type CompiledExpression =
  | { readonly ok: true; readonly expression: RegularExpression }
  | { readonly ok: false; readonly message: string };

/** How a pattern is read. */
export interface ExpressionOptions {
  /** `^` and `$` also match at the ends of each line. */
  readonly multiline?: boolean;
}

/**
 * Compiles a pattern of RE2 syntax; spellings of JavaScript that mean the same are understood.
 * Lookaround and backreferences do not exist. Never throws for a pattern.
 */
export function compileExpression(
  pattern: string,
  { multiline = false }: ExpressionOptions = {},
): CompiledExpression {
  try {
    const flags = multiline ? RE2JS.MULTILINE : 0;
    return { ok: true, expression: expressionOf(compile(pattern, flags)) };
  } catch (thrown) {
    if (!(thrown instanceof RE2JSException || thrown instanceof RangeError)) throw thrown;
    return { ok: false, message: thrown.message };
  }
}

function compile(pattern: string, flags: number): RE2JS {
  return RE2JS.compile(RE2JS.translateRegExp(pattern), flags);
}

function expressionOf(compiled: RE2JS): RegularExpression {
  return {
    size: compiled.programSize(),
    test: (text) => compiled.test(text),
    find(text) {
      if (!compiled.test(text)) return -1;
      const matcher = compiled.matcher(text);
      return matcher.find() ? matcher.start() : -1;
    },
  };
}

/** Text as a pattern that matches just this text. */
export function quoteExpression(text: string): string {
  return RE2JS.quote(text);
}
