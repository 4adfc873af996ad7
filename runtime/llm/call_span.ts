// Where a call stands in a text: between markers, or up to the end of its JSON. Pure, and linear in
// time whatever the text. Not here: what is inside (`call_body.ts` and its neighbours).
import { endOfValue } from "./json_scan.ts";

/** A piece of a text that should be a call; `start` and `end` include its markers. */
export interface CallSpan {
  readonly start: number;
  readonly end: number;
  readonly body: string;
}

/** More calls than this in one answer are a model that runs in circles. */
export const MAX_CALLS = 100;

/**
 * What opens a call (its group 1 belongs to the body), and what ends it: a marker, the next call or
 * the end of the text. Without `ends` a call ends with its JSON and what `tail` matches there.
 */
export interface CallMarkers {
  readonly opens: RegExp;
  readonly ends?: RegExp;
  readonly tail?: RegExp;
}

/**
 * The bodies between markers. JSON is followed to its end first, so that a marker which is quoted
 * inside it ends nothing. Patterns are global, `tail` is sticky.
 * @returns at most `MAX_CALLS + 1` spans
 */
export function findSpans(text: string, { opens, ends, tail }: CallMarkers): CallSpan[] {
  const spans: CallSpan[] = [];
  let follow = true;
  for (let from = 0; spans.length <= MAX_CALLS;) {
    const opening = matchFrom(opens, text, from);
    if (!opening) break;
    const inside = opening.index + opening[0].length;
    const value = follow ? endOfJson(text, inside) : -1;
    // JSON that is open up to the end of the text is not followed a second time.
    if (value < 0) follow = false;
    const closing = ends ? matchFrom(ends, text, Math.max(value, inside)) : null;
    const stop = closing?.index ?? (ends || value < 0 ? text.length : value);
    from = stop + (closing?.[0] ?? (tail && matchFrom(tail, text, stop)?.[0]) ?? "").length;
    const body = (opening[1] ?? "") + text.slice(inside, stop);
    spans.push({ start: opening.index, end: from, body });
  }
  return spans;
}

/** The text without these pieces. */
export function withoutSpans(text: string, spans: readonly CallSpan[]): string {
  let from = 0;
  let rest = "";
  for (const { start, end } of spans) {
    rest += text.slice(from, start);
    from = end;
  }
  return rest + text.slice(from);
}

/** The match of a global or sticky pattern at or behind an index. */
export function matchFrom(pattern: RegExp, text: string, from: number): RegExpExecArray | null {
  pattern.lastIndex = from;
  return pattern.exec(text);
}

/** Behind the JSON that follows; `from` itself if there is none, -1 if it never ends. */
function endOfJson(text: string, from: number): number {
  const [space = "", bracket = ""] = matchFrom(/\s*([{[]?)/y, text, from) ?? [];
  return bracket === "" ? from : endOfValue(text, from + space.length - 1);
}
