// The wanted rows of a table that arrives row by row, while all of them are counted and typed.
import type { CsvEvents } from "./csv_rows.ts";
import { FileProblem } from "./file_problem.ts";
import { ColumnKind, columnNames, findColumn } from "./table_columns.ts";
import type { FoundRows, TableRequest, TableRows } from "./worker_protocol.ts";

/** Longer cells are cut. */
const MAX_CELL_CHARS = 2000;

/** A model needs no more examples to understand. */
const MAX_EXAMPLES = 10;

/** Collects one window of rows. Memory is bounded by `maxBytes` and the number of columns. */
export class TableWindow implements CsvEvents {
  readonly #request: TableRequest;
  #names: readonly string[] | undefined;
  #chosen: readonly number[] | undefined;
  #unknown: string | undefined;
  #kinds: ColumnKind[] = [];
  #totalRows = 0;
  #blankLines = 0;
  readonly #kept: (readonly (string | null)[])[] = [];
  #keptBytes = 0;
  #isFull = false;
  readonly #ragged = new Examples();
  readonly #cut = new Examples();
  readonly #badQuotes = new Examples();

  constructor(request: TableRequest) {
    this.#request = request;
  }

  /** Takes the next row of the file, the header first where there is one. */
  row(cells: readonly string[]): void {
    if (cells.length === 1 && cells[0] === "") {
      this.#blankLines++;
      return;
    }
    if (this.#names === undefined) {
      const { header } = this.#request;
      this.#setNames(columnNames(header ? cells : cells.map(() => "")));
      if (header) return;
    }
    this.#totalRows++;
    this.#count(cells);
    const { startRow, endRow } = this.#request;
    if (this.#totalRows >= startRow && this.#totalRows <= endRow) this.#keep(cells);
  }

  /** Notes a row of the file whose quotes are wrong. */
  badQuotes(row: number): void {
    this.#badQuotes.add(row);
  }

  /** Ends the table. Throws `FileProblem` for a column that it does not have. */
  finish(name: string): TableRows {
    const names = this.#names ?? [];
    if (this.#unknown !== undefined) throw unknownColumn(this.#unknown, { name, names });
    const shown = this.#chosen ?? names.map((_, at) => at);
    return {
      columns: shown.map((at) => ({
        name: short(names[at] ?? ""),
        type: this.#kinds[at]?.type ?? "empty",
      })),
      totalColumns: names.length,
      totalRows: this.#totalRows,
      rows: this.#kept,
      truncated: this.#isFull,
      blankLines: this.#blankLines,
      raggedRows: this.#ragged.found,
      cutCells: this.#cut.found,
      badQuotes: this.#badQuotes.found,
    };
  }

  #setNames(names: readonly string[]): void {
    const { columns } = this.#request;
    this.#names = names;
    this.#kinds = names.map(() => new ColumnKind());
    const found = columns?.map((wanted) => findColumn(wanted, names));
    this.#unknown = columns?.find((_, at) => found?.[at] === undefined);
    this.#chosen = found?.map((at) => at ?? 0);
    const shown = this.#chosen?.map((at) => names[at] ?? "") ?? names;
    this.#keptBytes = shown.reduce((sum, name) => sum + jsonBytes(short(name)) + COLUMN_BYTES, 0);
    // No window would fit then; the names alone are too much.
    if (this.#keptBytes > this.#request.maxBytes) throw tooWide(names.length);
  }

  #count(cells: readonly string[]): void {
    cells.forEach((cell, at) => this.#kinds[at]?.add(cell));
    if (cells.length !== this.#names?.length) this.#ragged.add(this.#totalRows);
  }

  #keep(cells: readonly string[]): void {
    if (this.#isFull) return;
    const width = this.#names?.length ?? 0;
    const places = this.#chosen ??
      Array.from({ length: Math.max(width, cells.length) }, (_, at) => at);
    const row = places.map((at) => at < cells.length ? short(cells[at] ?? "") : null);
    const bytes = jsonBytes(row) + 1;
    this.#isFull = this.#keptBytes + bytes > this.#request.maxBytes;
    if (this.#isFull) return;
    this.#keptBytes += bytes;
    this.#kept.push(row);
    if (places.some((at) => (cells[at]?.length ?? 0) > MAX_CELL_CHARS)) {
      this.#cut.add(this.#totalRows);
    }
  }
}

/** Row numbers: the first few, and how many there are. */
class Examples {
  #rows: number[] = [];
  #count = 0;

  add(row: number): void {
    this.#count++;
    if (this.#rows.length < MAX_EXAMPLES) this.#rows.push(row);
  }

  get found(): FoundRows {
    return { count: this.#count, first: this.#rows };
  }
}

/** What JSON adds to a column's name. */
const COLUMN_BYTES = 32;

function short(cell: string): string {
  return cell.length > MAX_CELL_CHARS
    ? `${cell.slice(0, MAX_CELL_CHARS)}… (${cell.length} characters)`
    : cell;
}

function jsonBytes(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}

function unknownColumn(
  wanted: string,
  { name, names }: { name: string; names: readonly string[] },
): FileProblem {
  const known = names.slice(0, 50).map((column) => JSON.stringify(column.slice(0, 80))).join(", ");
  const more = names.length > 50 ? ` and ${names.length - 50} more` : "";
  return new FileProblem(
    "E_TOOL_ARGS",
    `"${name}" has no column ${
      JSON.stringify(wanted.slice(0, 80))
    }. Its columns are ${known}${more}`,
  );
}

function tooWide(count: number): FileProblem {
  return new FileProblem(
    "E_READ_LIMIT",
    `The table has ${count} columns, whose names alone are over the read limit. Choose some by number: columns ["1", "2"]`,
  );
}
