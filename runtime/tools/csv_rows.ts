// Takes CSV apart that arrives in pieces. The only importer of papaparse. Memory is bounded by the
// longest row. Line ends of all kinds become LF, also inside cells.
// @ts-types="./papaparse.d.ts"
import Papa, { type PieceParser } from "papaparse";

/** What is told of a CSV text. */
export interface CsvEvents {
  row(cells: readonly string[]): void;
  /** A quote inside a cell is not doubled, or is never closed; counted from 1, header included. */
  badQuotes(row: number): void;
}

/** A row that never ends: most likely a quote that is not closed. */
export class EndlessRow extends Error {
  /** Counted from 1, header included. */
  readonly row: number;

  constructor(row: number) {
    super(`Row ${row} does not end`);
    this.row = row;
  }
}

/** Of a row, in UTF-16 units. */
const MAX_ROW_CHARS = 1024 * 1024;

/** Of text that is looked at to find the delimiter. */
const SAMPLE_CHARS = 64 * 1024;

const DELIMITERS = [",", ";", "\t", "|"];

/** Parses pieces of a text; `end` comes last. */
export class CsvRows {
  readonly #events: CsvEvents;
  #parser: PieceParser | undefined;
  #delimiter: string | undefined;
  #rest = "";
  #rows = 0;
  #heldReturn = "";

  /** @param delimiter found out from the text if not given */
  constructor(delimiter: string | undefined, events: CsvEvents) {
    this.#delimiter = delimiter;
    this.#events = events;
  }

  /** Known once a row came out. */
  get delimiter(): string {
    return this.#delimiter ?? ",";
  }

  /** Takes the next piece. Throws `EndlessRow`. */
  push(piece: string): void {
    this.#append(piece);
    // Enough to tell the delimiter by, and a row at a time would cost too much.
    if (this.#rest.length >= SAMPLE_CHARS) this.#parse(false);
  }

  /** Ends the text. */
  end(): void {
    this.#append(this.#heldReturn === "" ? "" : "\n");
    // The last line end ends a row; it does not begin one.
    if (this.#rest.endsWith("\n")) this.#rest = this.#rest.slice(0, -1);
    if (this.#rest !== "") this.#parse(true);
  }

  #append(piece: string): void {
    const text = this.#heldReturn + piece;
    this.#heldReturn = piece !== "" && text.endsWith("\r") ? "\r" : "";
    const whole = this.#heldReturn === "" ? text : text.slice(0, -1);
    this.#rest += whole.replace(/\r\n?/g, "\n");
  }

  #parse(isLast: boolean): void {
    const parser = this.#parser ??= this.#open();
    const { data, errors, meta } = parser.parse(this.#rest, 0, !isLast);
    for (const row of new Set(errors.map((error) => (error.row ?? 0) + 1))) {
      if (row <= data.length) this.#events.badQuotes(this.#rows + row);
    }
    for (const cells of data) this.#events.row(cells);
    this.#rows += data.length;
    this.#rest = isLast ? "" : this.#rest.slice(meta.cursor);
    if (this.#rest.length > MAX_ROW_CHARS) throw new EndlessRow(this.#rows + 1);
  }

  #open(): PieceParser {
    const [line = "", given] = /^sep=(.)\n/i.exec(this.#rest) ?? [];
    this.#rest = this.#rest.slice(line.length);
    const sample = this.#rest.slice(0, SAMPLE_CHARS);
    const delimiter = this.#delimiter ?? given ?? guessDelimiter(sample);
    this.#delimiter = delimiter;
    return new Papa.Parser({ delimiter, newline: "\n" });
  }
}

function guessDelimiter(sample: string): string {
  const { meta } = Papa.parse(sample, {
    preview: 20,
    newline: "\n",
    delimitersToGuess: DELIMITERS,
  });
  return meta.delimiter;
}
