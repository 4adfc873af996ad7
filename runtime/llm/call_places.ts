// Where calls without a marker of their own may stand: as the whole answer, or in fences that end it.
// Pure.
import { type CallBody, openIfCut, readJsonCalls } from "./call_body.ts";
import type { CallSpan } from "./call_span.ts";
import { withoutStrays } from "./call_strays.ts";
import { endOfValue } from "./json_scan.ts";

/** The whole answer, if it begins like this; leftover tags behind it do not count. */
export function findWhole(text: string, beginning: RegExp): CallSpan[] {
  if (!beginning.test(text)) return [];
  return [{ start: 0, end: text.length, body: withoutStrays(text) }];
}

/**
 * The first fence of such a language and those right behind it, if they end the answer. A model may
 * forget to close the last one.
 * @param language part of a pattern
 */
export function findFences(text: string, language: string): CallSpan[] {
  const opening = new RegExp(`(?:^|\\n)(?:Action:[ \\t]{0,3}\\n?)?\`\`\`${language}[ \\t]*\\n`)
    .exec(text);
  if (!opening) return [];
  const inside = text.slice(opening.index + opening[0].length).trimEnd();
  if (!inside.endsWith("```") && inside.includes("```")) return [];
  const closed = inside.endsWith("```") ? inside.slice(0, -3) : inside;
  const bodies = closed.split(new RegExp(`\`\`\`\\n{1,3}\`\`\`${language}[ \\t]*\\n`));
  return bodies.map((body, index) => ({
    start: index === 0 ? opening.index : text.length,
    end: text.length,
    body,
  }));
}

const BRACKETED = /(?:^|\n)\[([\w.-]{1,80})\]\s{0,9}\{/;

/** `[fs_read]` and its arguments at the end of the answer, as LM Studio shows calls. */
export function findBracketed(text: string): CallSpan[] {
  const opening = BRACKETED.exec(text);
  if (!opening) return [];
  const rest = text.slice(opening.index).trimEnd();
  const body = rest.endsWith(END_OF_REQUEST) ? rest.slice(0, -END_OF_REQUEST.length) : rest;
  return [{ start: opening.index, end: text.length, body }];
}

const END_OF_REQUEST = "[END_TOOL_REQUEST]";

/** `[fs_read] {…}` with nothing behind it. */
export function readBracketed(body: string): CallBody[] {
  const start = body.indexOf("{");
  const name = body.slice(0, start).replace(/[[\]\s]/g, "");
  return endOfValue(body, start) === body.length
    ? readJsonCalls(
      `{"name":${JSON.stringify(name)},"arguments":${openIfCut(body.slice(start))}}`,
    )
    : [];
}
