// Reads a CSV file as a table, as a stream: all rows are counted, a window of them is kept. Runs in the
// worker.
import { createHash } from "node:crypto";
import type { Confinement } from "./confine.ts";
import { CsvRows, EndlessRow } from "./csv_rows.ts";
import { FileProblem } from "./file_problem.ts";
import { binaryType } from "./file_type.ts";
import { nameOf } from "./mounts.ts";
import { binaryProblem } from "./read_text.ts";
import { TableWindow } from "./table_window.ts";
import type { ReadTable, TableRequest } from "./worker_protocol.ts";

const CHUNK_BYTES = 256 * 1024;

/**
 * The window, the columns, and size and hash of the whole file. What is no UTF-8 is read as
 * windows-1252, in which Excel saves CSV. A binary file and an unknown column are `E_TOOL_ARGS`.
 */
export function readTable(walls: Confinement, request: TableRequest): ReadTable {
  try {
    return readAs("utf-8", walls, request);
  } catch (thrown) {
    if (!(thrown instanceof WrongEncoding)) throw thrown;
    return readAs("windows-1252", walls, request);
  }
}

class WrongEncoding extends Error {}

type Encoding = ReadTable["encoding"];

function readAs(encoding: Encoding, walls: Confinement, request: TableRequest): ReadTable {
  const name = nameOf(request.place);
  using file = walls.open(request.place);
  const { size } = file.statSync();
  const table = new TableWindow(request);
  const rows = new CsvRows(request.delimiter, table);
  const hash = createHash("sha256");
  const decoder = new TextDecoder(encoding, { fatal: encoding === "utf-8" });
  const buffer = new Uint8Array(Math.min(CHUNK_BYTES, size + 1));
  let bytes = 0;
  try {
    for (let count = file.readSync(buffer); count !== null; count = file.readSync(buffer)) {
      const chunk = buffer.subarray(0, count);
      const type = bytes === 0 ? binaryType(chunk) : undefined;
      if (type) throw binaryProblem(name, type, size);
      bytes += count;
      hash.update(chunk);
      rows.push(decode(decoder, chunk));
    }
    rows.push(decode(decoder));
    rows.end();
  } catch (thrown) {
    throw thrown instanceof EndlessRow ? endlessProblem(name, thrown.row) : thrown;
  }
  const { delimiter } = rows;
  return { bytes, sha256: hash.digest("hex"), encoding, delimiter, ...table.finish(name) };
}

function decode(decoder: TextDecoder, chunk?: Uint8Array): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch {
    throw new WrongEncoding();
  }
}

function endlessProblem(name: string, row: number): FileProblem {
  return new FileProblem(
    "E_TOOL_ARGS",
    `Row ${row} of "${name}" does not end: most likely a quote (") in it is not closed. Look at it with fs_read`,
  );
}
