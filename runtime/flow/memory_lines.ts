// The lines of a memory file (JSON Lines): a value, a deletion, or a mark of ours. No I/O.

/** One change of a scope. A deletion has no value. */
export type MemoryChange =
  | { readonly key: string; readonly value: unknown }
  | { readonly key: string; readonly deleted: true };

/**
 * What a line says. Nothing behind `seal` counts, since a compaction has begun and will replace the
 * file; `damaged` cannot be read.
 */
export type MemoryLine =
  | { readonly kind: "change"; readonly change: MemoryChange }
  | { readonly kind: "seal" | "blank" | "damaged" };

/** The line that ends a file which is about to be replaced. */
export const SEAL_LINE = '{"sealed":true}\n';

/** A change as a line with its end. */
export function changeLine(change: MemoryChange, at: string): string {
  return `${JSON.stringify({ ...change, at })}\n`;
}

/** Reads a line without its end. Never throws. */
export function readMemoryLine(line: string): MemoryLine {
  if (line.trim() === "") return { kind: "blank" };
  const parsed = parse(line);
  if (parsed === undefined) return { kind: "damaged" };
  if (typeof parsed.key === "string") {
    if (parsed.deleted === true) {
      return { kind: "change", change: { key: parsed.key, deleted: true } };
    }
    if (Object.hasOwn(parsed, "value")) {
      return { kind: "change", change: { key: parsed.key, value: parsed.value } };
    }
  }
  return { kind: parsed.sealed === true ? "seal" : "damaged" };
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? value as Record<string, unknown>
      : undefined;
  } catch {
    return undefined;
  }
}
