// Tells calls from talk about calls: what stands in inline code, or in a code block with more text
// behind it, is an example. Pure.
import type { CallSpan } from "./call_span.ts";

const FENCE = /^ {0,3}(?:```|~~~)[^\n]*/m;

/**
 * The calls without those that are only quoted. A code block at the end of the answer quotes nothing:
 * that is where models put calls they mean.
 */
export function dropQuoted(text: string, spans: readonly CallSpan[]): CallSpan[] {
  const meant: CallSpan[] = [];
  let lastBlock: CallSpan[] = [];
  let isOpen = false;
  const readBetween = (piece: string) => {
    for (const [index, part] of piece.split(FENCE).entries()) {
      if (index > 0) isOpen = !isOpen;
      if (!isOpen && part.trim() !== "") lastBlock = [];
    }
  };
  let from = 0;
  for (const span of spans) {
    readBetween(text.slice(from, span.start));
    from = span.end;
    if (isInlineCode(text, span.start)) continue;
    if (isOpen) lastBlock.push(span);
    else {
      meant.push(span);
      lastBlock = [];
    }
  }
  readBetween(text.slice(from));
  return [...meant, ...lastBlock];
}

function isInlineCode(text: string, start: number): boolean {
  return text[start - 1] === "`" && text[start - 2] !== "`";
}
