// Which lines of a text came from the text before it, by the diff library. Not here: who wrote them
// (`runtime/run/line_writers.ts`).
import { diffArrays } from "diff";

/** A stretch of the new text, in order: lines that were there before, or lines that are new. */
export interface LineBlock {
  readonly count: number;
  /** Where the stretch begins in the old text, 0-based; `null` for new lines. */
  readonly oldStart: number | null;
}

/** Comparing costs the square of the lines that differ; this many are compared in a tenth of a second. */
const MOST_DIFFERENT_LINES = 2_000;

/** The lines of a text, without their ends; a last line end begins no further line. */
export function linesOf(text: string): readonly string[] {
  if (text === "") return [];
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/**
 * The new lines as blocks. Where texts differ in more than 2,000 lines, only what is the same at
 * their beginning and end counts as kept.
 */
export function lineBlocks(before: readonly string[], after: readonly string[]): LineBlock[] {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const middle = middleBlocks(
    before.slice(head, before.length - tail),
    after.slice(head, after.length - tail),
    head,
  );
  return [
    { count: head, oldStart: 0 },
    ...middle,
    { count: tail, oldStart: before.length - tail },
  ].filter(({ count }) => count > 0);
}

function middleBlocks(
  before: readonly string[],
  after: readonly string[],
  head: number,
): LineBlock[] {
  if (before.length === 0 || after.length === 0) return [{ count: after.length, oldStart: null }];
  const changes = diffArrays([...before], [...after], { maxEditLength: MOST_DIFFERENT_LINES });
  if (!changes) return [{ count: after.length, oldStart: null }];
  const blocks: LineBlock[] = [];
  let old = head;
  for (const { added, removed, count = 0 } of changes) {
    if (!removed) blocks.push({ count, oldStart: added ? null : old });
    if (!added) old += count;
  }
  return blocks;
}
