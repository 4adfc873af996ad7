// Reads columns by type. A column of another type is a bug of ours, not bad input.
import type { Row } from "./database_protocol.ts";

/** A text column. */
export function textOf(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw wrongType(column, "text");
  return value;
}

/** A text column that may be empty. */
export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : textOf(row, column);
}

/** An integer column. */
export function integerOf(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== "number") throw wrongType(column, "an integer");
  return value;
}

/** An integer column that may be empty. */
export function integerOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : integerOf(row, column);
}

/** A column of bytes. */
export function bytesOf(row: Row, column: string): Uint8Array<ArrayBuffer> {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw wrongType(column, "bytes");
  return value as Uint8Array<ArrayBuffer>;
}

function wrongType(column: string, expected: string): Error {
  return new Error(`The column "${column}" does not hold ${expected}`);
}
