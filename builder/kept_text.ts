// Text files as a form edits them, and back into bytes: what the form cannot carry (byte order mark, line
// ends of every kind) is taken over from the file as it was.

const BOM = "\uFEFF";
const LINE = /([^\r\n]*)(\r\n|\n|\r|$)/g;

/** The text with line ends `\n` and without byte order mark; `undefined` for what is no UTF-8 text. */
export function editableText(bytes: Uint8Array): string | undefined {
  const text = decoded(bytes);
  return text?.replace(BOM, "").replace(/\r\n?/g, "\n");
}

/**
 * The bytes of an edited text. Lines at the beginning and at the end that are as before keep their own
 * line ends; new ones get the one that the file uses most, `\n` in a new file.
 */
export function keptBytes(text: string, old: Uint8Array | null): Uint8Array<ArrayBuffer> {
  const before = (old && decoded(old)) ?? "";
  const mark = before.startsWith(BOM) ? BOM : "";
  const lines = linesOf(before.slice(mark.length));
  const usual = usualEnd(lines);
  const next = text.split("\n");
  const most = Math.min(lines.length, next.length);
  let head = 0;
  while (head < most && lines[head]?.text === next[head]) head++;
  let tail = 0;
  while (tail < most - head && lines.at(-1 - tail)?.text === next.at(-1 - tail)) tail++;
  const endOf = (at: number): string => {
    if (at === next.length - 1) return "";
    if (at < head) return lines[at]?.end || usual;
    return at < next.length - tail ? usual : lines[at - next.length + lines.length]?.end || usual;
  };
  return new TextEncoder().encode(mark + next.map((line, at) => line + endOf(at)).join(""));
}

interface Line {
  readonly text: string;
  /** Empty for the last one. */
  readonly end: string;
}

/** As many as `split("\n")` gives: a final line end leaves an empty last line. */
function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  for (const [, line = "", end = ""] of text.matchAll(LINE)) {
    lines.push({ text: line, end });
    if (end === "") break;
  }
  return lines;
}

function usualEnd(lines: readonly Line[]): string {
  const counts = new Map<string, number>();
  for (const { end } of lines) if (end !== "") counts.set(end, (counts.get(end) ?? 0) + 1);
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most?.[0] ?? "\n";
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}
