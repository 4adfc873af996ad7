// Reads a text file as a stream, so that size never becomes memory. Runs in the worker.
import type { Confinement } from "./confine.ts";
import { FileProblem } from "./file_problem.ts";
import { binaryType } from "./file_type.ts";
import { nameOf } from "./mounts.ts";
import { TextWindow } from "./text_window.ts";
import type { ReadRequest, ReadText } from "./worker_protocol.ts";

const CHUNK_BYTES = 256 * 1024;

/** The wanted lines, and size and hash of the whole file. A binary file is `E_TOOL_ARGS`. */
export function readText(walls: Confinement, request: ReadRequest): ReadText {
  const name = nameOf(request.place);
  using file = walls.open(request.place);
  const { size } = file.statSync();
  const window = new TextWindow(request);
  const buffer = new Uint8Array(Math.min(CHUNK_BYTES, size + 1));
  let count = file.readSync(buffer);
  const type = binaryType(buffer.subarray(0, count ?? 0));
  if (type) throw binaryProblem(name, type, size);
  while (count !== null) {
    window.push(buffer.subarray(0, count));
    count = file.readSync(buffer);
  }
  return window.finish();
}

/** Why a binary file is not shown. */
export function binaryProblem(name: string, type: string, bytes: number): FileProblem {
  return new FileProblem(
    "E_TOOL_ARGS",
    `"${name}" is no text but ${type}, ${bytes} bytes. The file tools handle UTF-8 text only`,
    { type, bytes },
  );
}
