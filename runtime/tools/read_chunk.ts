// Files of any kind as bytes: what they are, a part of them, the hash of the whole. In the worker, so
// that size never becomes memory.
import { createHash } from "node:crypto";
import { type Confinement, kindOf } from "./confine.ts";
import { SNIFF_BYTES } from "./file_type.ts";
import { systemCode } from "./file_problem.ts";
import { nameOf, type Place } from "./mounts.ts";
import { readAll } from "./replace_file.ts";
import type { Chunk, ChunkRequest, Digest, Glimpse } from "./folder_protocol.ts";

const BUFFER_BYTES = 256 * 1024;

/** What is at a place; `null` if nothing. Devices, pipes and sockets are never opened. */
export function glimpsePlace(walls: Confinement, place: Place): Glimpse | null {
  try {
    const { path, exists } = walls.locate(place, "read");
    if (!exists) return null;
    const info = Deno.statSync(path);
    const kind = kindOf(info);
    const modifiedAt = info.mtime?.toISOString() ?? null;
    if (kind !== "file") return { kind, bytes: 0, modifiedAt, head: new Uint8Array() };
    using file = walls.openReal(path, nameOf(place));
    return { kind, bytes: info.size, modifiedAt, head: readAll(file, SNIFF_BYTES) };
  } catch (thrown) {
    if (["ENOENT", "ENOTDIR"].includes(systemCode(thrown))) return null;
    throw thrown;
  }
}

/** Bytes from an offset on; none behind the end. */
export function readChunk(walls: Confinement, { place, offset, bytes }: ChunkRequest): Chunk {
  using file = walls.open(place);
  file.seekSync(offset, Deno.SeekMode.Start);
  const read = readAll(file, bytes);
  return { bytes: read, stamp: stampOf(file) };
}

/** Size and hash of a file. */
export function digestFile(walls: Confinement, place: Place): Digest {
  using file = walls.open(place);
  const stamp = stampOf(file);
  const hash = createHash("sha256");
  const buffer = new Uint8Array(BUFFER_BYTES);
  let bytes = 0;
  for (let count = file.readSync(buffer); count !== null; count = file.readSync(buffer)) {
    hash.update(buffer.subarray(0, count));
    bytes += count;
  }
  return { bytes, sha256: hash.digest("hex"), stamp };
}

function stampOf(file: Deno.FsFile): string {
  const { dev, ino, size, mtime, ctime } = file.statSync();
  return [dev, ino, size, mtime?.getTime(), ctime?.getTime()].join(":");
}
