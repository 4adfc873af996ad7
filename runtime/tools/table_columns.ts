// The columns of a table: their names as a model can use them, and what kind of values they hold.

/** What all values of a column are; empty cells count for nothing. */
export type ColumnType = "empty" | "boolean" | "integer" | "number" | "date" | "date-time" | "text";

/** Kinds from narrow to wide. An integer is a number, too. */
const KINDS: readonly (readonly [ColumnType, RegExp])[] = [
  ["boolean", /^(true|false|yes|no)$/i],
  // "007" is a code and no number.
  ["integer", /^[+-]?(0|[1-9]\d{0,17})$/],
  ["number", /^[+-]?((0|[1-9]\d*)(\.\d+)?|\.\d+)(e[+-]?\d+)?$/i],
  ["date", /^\d{4}-\d{2}-\d{2}$/],
  ["date-time", /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/],
];

/** A cell of another kind is longer than any value of these. */
const MAX_VALUE_CHARS = 64;

/** Narrows down the type of one column as its cells come by. */
export class ColumnKind {
  #possible = KINDS;
  #isEmpty = true;

  /** Takes the next cell. */
  add(cell: string): void {
    const value = cell.trim();
    if (value === "") return;
    this.#isEmpty = false;
    if (this.#possible.length === 0) return;
    this.#possible = value.length > MAX_VALUE_CHARS
      ? []
      : this.#possible.filter(([, fits]) => fits.test(value));
  }

  /** Of the cells so far. */
  get type(): ColumnType {
    return this.#isEmpty ? "empty" : this.#possible[0]?.[0] ?? "text";
  }
}

/** Names for all columns: unique, and never empty. */
export function columnNames(header: readonly string[]): string[] {
  const taken = new Set<string>();
  return header.map((cell, at) => {
    const written = cell.trim() || `column ${at + 1}`;
    let name = written;
    for (let copy = 2; taken.has(name); copy++) name = `${written} (${copy})`;
    taken.add(name);
    return name;
  });
}

/**
 * The column that a model means, as an index: by name, by name in another case if only one fits, or by
 * number from 1; `undefined` if there is none.
 */
export function findColumn(wanted: string, names: readonly string[]): number | undefined {
  const exact = names.indexOf(wanted);
  if (exact >= 0) return exact;
  const fold = (name: string) => name.trim().toLowerCase();
  const fitting = names.flatMap((name, at) => fold(name) === fold(wanted) ? [at] : []);
  if (fitting.length > 0) return fitting.length === 1 ? fitting[0] : undefined;
  const number = /^\d+$/.test(wanted) ? Number(wanted) : 0;
  return number >= 1 && number <= names.length ? number - 1 : undefined;
}
