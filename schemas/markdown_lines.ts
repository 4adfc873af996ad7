// The lines of a Markdown body, numbered as in the file, code blocks marked.

/** A line of a Markdown body. */
export interface MarkdownLine {
  readonly text: string;
  /** 1-based, in the whole file. */
  readonly number: number;
  /** Whether it belongs to a fenced code block, the fences included. */
  readonly isCode: boolean;
  /** The fence that is still open behind this line. */
  readonly openFence: string | undefined;
}

/** The lines of a body. A fence closes with at least as many of the same character. */
export function* markdownLines(body: string, bodyLine: number): Generator<MarkdownLine> {
  let fence: string | undefined;
  for (const [index, text] of body.split(/\r?\n/).entries()) {
    const isMark = text.includes("```") || text.includes("~~~");
    const mark = isMark ? /^ {0,3}(`{3,}|~{3,})/.exec(text)?.[1] : undefined;
    const isCode = fence !== undefined || mark !== undefined;
    if (fence === undefined) fence = mark;
    else if (mark?.startsWith(fence) && text.trim() === mark) fence = undefined;
    yield { text, number: bodyLine + index, isCode, openFence: fence };
  }
}
