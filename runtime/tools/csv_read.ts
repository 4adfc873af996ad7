// `csv.read`: a CSV file as a table, or a window of its rows.
import { type ToolFailure, type ToolResult } from "../../schemas/tool.ts";
import { argumentFailure, show } from "./arguments.ts";
import { type CallContext, findTarget } from "./call_context.ts";
import type { FoundRows, ReadTable } from "./worker_protocol.ts";

/** Arguments of `csv.read`. Rows are counted from 1, the header not among them. */
export interface CsvArguments {
  readonly path: string;
  readonly startRow?: number;
  readonly endRow?: number;
  /** Names or numbers. */
  readonly columns?: readonly string[];
  readonly delimiter?: string;
  readonly header?: boolean;
}

const DEFAULT_ROWS = 100;

/**
 * Answers `bytes` and `sha256` of the whole file, `columns`, `totalRows` and `rows`: cells as texts, as
 * they stand in the file; `null` where a row is too short. Blank lines are no rows. Never more than
 * `maxReadBytes` of columns and rows; `truncated` says that the window was cut.
 */
export async function readCsv(args: CsvArguments, context: CallContext): Promise<ToolResult> {
  const { startRow = 1, endRow = startRow + DEFAULT_ROWS - 1, columns, header = true } = args;
  if (startRow > endRow) {
    return argumentFailure(`csv_read: "startRow" ${startRow} lies behind "endRow" ${endRow}`);
  }
  const delimiter = readDelimiter(args.delimiter);
  if (typeof delimiter === "object") return delimiter;
  const found = findTarget(args.path, "read", context);
  if (!found.ok) return found;
  const { kind, place, name } = found.target;
  if (kind !== "file") return argumentFailure(`"${name}" is no CSV file. Read it with fs_read`);
  const request = {
    place,
    startRow,
    endRow,
    header,
    maxBytes: context.options.policy.maxReadBytes,
    ...(columns && { columns }),
    ...(delimiter !== undefined && { delimiter }),
  };
  const read = await context.files.run("table", request, context.limits);
  return read.ok ? describe(name, request, read.value) : read;
}

const DELIMITER_NAMES: ReadonlyMap<string, string> = new Map([
  ["tab", "\t"],
  ["\\t", "\t"],
  ["comma", ","],
  ["semicolon", ";"],
  ["pipe", "|"],
  ["space", " "],
]);

function readDelimiter(written: string | undefined): string | undefined | ToolFailure {
  if (written === undefined || written === "") return undefined;
  const delimiter = DELIMITER_NAMES.get(written.toLowerCase()) ?? written;
  if (delimiter.length === 1 && !/["\r\n\uFEFF]/.test(delimiter)) return delimiter;
  return argumentFailure(
    `csv_read: "delimiter" is ${show(written)}, but has to be one character, such as ";" or "tab"`,
  );
}

function describe(
  path: string,
  { startRow, header }: { readonly startRow: number; readonly header: boolean },
  table: ReadTable,
): ToolResult {
  const { bytes, sha256, delimiter, encoding, columns, totalColumns, totalRows, rows } = table;
  if (startRow > totalRows && totalRows > 0) {
    return argumentFailure(`"${path}" has ${totalRows} rows; row ${startRow} lies behind its end`);
  }
  const endRow = startRow + rows.length - 1;
  const notes = [
    ...notesOf(table),
    ...(header ? [] : ["Columns have no names; use their numbers"]),
  ];
  return {
    ok: true,
    path,
    bytes,
    sha256,
    delimiter,
    ...(encoding !== "utf-8" && { encoding }),
    totalColumns,
    totalRows,
    ...(rows.length > 0 && { startRow, endRow }),
    columns,
    rows,
    ...(notes.length > 0 && { notes }),
    ...(table.truncated && {
      truncated: true,
      hint: rows.length > 0
        ? `The rows are over the read limit; go on from row ${endRow + 1}, or choose columns`
        : `Row ${startRow} is over the read limit. Choose columns`,
    }),
  };
}

function notesOf(table: ReadTable): string[] {
  const { blankLines, raggedRows, cutCells, badQuotes } = table;
  return [
    ...(blankLines > 0 ? [`${blankLines} blank lines are left out and not counted`] : []),
    ...(raggedRows.count > 0
      ? [`${amount(raggedRows)} have more or fewer cells than there are columns`]
      : []),
    ...(cutCells.count > 0
      ? [`${amount(cutCells)} have long cells, of which the beginning is shown`]
      : []),
    ...(badQuotes.count > 0
      ? [`${amount(badQuotes)} (header included) have quotes that are not closed or not doubled`]
      : []),
  ];
}

function amount({ count, first }: FoundRows): string {
  return `${count} rows (${first.join(", ")}${count > first.length ? ", …" : ""})`;
}
