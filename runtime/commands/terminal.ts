// A terminal as the commands see it: colour only where it shows, and no control character from outside.

/** Paints text; every function returns its argument unchanged when colour is off. */
export interface Palette {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

/** Whether colour is wanted on a stream: it is a terminal and `NO_COLOR` is empty or unset. */
export function wantsColour(stream: { isTerminal(): boolean }): boolean {
  return stream.isTerminal() && !Deno.env.get("NO_COLOR");
}

/** The palette for a stream. */
export function palette(colour: boolean): Palette {
  const paint = (code: number) => (text: string) => colour ? `\x1b[${code}m${text}\x1b[0m` : text;
  return {
    bold: paint(1),
    dim: paint(2),
    red: paint(31),
    green: paint(32),
    yellow: paint(33),
    cyan: paint(36),
  };
}

/**
 * Text from a model, a package or a file made safe to print: control characters (escape sequences
 * among them) and bidirectional overrides become visible; line breaks and tabs stay.
 */
export function printable(text: string): string {
  return text.replace(
    // deno-lint-ignore no-control-regex -- finding control characters is the purpose
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    (char) => char === "\r" ? "" : `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}

/** Printable text on one line, cut to `width` characters with an ellipsis. */
export function oneLine(text: string, width: number): string {
  const flat = printable(text).replace(/\s+/g, " ").trim();
  const chars = Array.from(flat);
  return chars.length <= width ? flat : `${chars.slice(0, width - 1).join("")}…`;
}

/** `812 B`, `1.2 kB`, `3.4 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** `0.8 s`, `42 s`, `3 min 05 s`, `1 h 02 min`. */
export function formatDuration(durationMs: number): string {
  const seconds = durationMs / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const pad = (value: number) => String(Math.floor(value)).padStart(2, "0");
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${pad(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${pad((seconds % 3600) / 60)} min`;
}

/** A unified diff with its added and removed lines painted. */
export function paintDiff(diff: string, paint: Palette): string {
  return diff.split("\n").map((line) => {
    if (line.startsWith("+")) return paint.green(line);
    return line.startsWith("-") ? paint.red(line) : paint.dim(line);
  }).join("\n");
}

/** Arguments that an approval shows by itself: its path, and what its diff says better. */
const SHOWN_ELSEWHERE: ReadonlySet<string> = new Set([
  "path",
  "content",
  "oldText",
  "newText",
  "patch",
  "update",
]);
const MOST_LETTERS = 120;

/** The other arguments of a tool call, a line each, for the card of an approval. */
export function argumentLines(args: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(args).filter(([name]) => !SHOWN_ELSEWHERE.has(name)).map(([name, value]) =>
    `${name}: ${oneLine(typeof value === "string" ? value : JSON.stringify(value), MOST_LETTERS)}`
  );
}
