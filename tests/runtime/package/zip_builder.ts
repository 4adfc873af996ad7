// Builds ZIP files byte by byte, honest or forged: every field of a header can be set to a lie.
import { crc32, deflateRawSync } from "node:zlib";

/** An entry; what is left out is what an honest program would write. */
export interface ForgedEntry {
  readonly name: string | Uint8Array;
  readonly content?: string | Uint8Array;
  /** 8 deflates the content; any other number stores it. */
  readonly method?: number;
  readonly flags?: number;
  /** Unix mode and type, as in the upper half of the external attributes. */
  readonly unixMode?: number;
  readonly attributes?: number;
  /** In the directory and the local header alike. */
  readonly unpackedBytes?: number;
  readonly packedBytes?: number;
  readonly crc32?: number;
  /** In the local header only. */
  readonly localName?: string;
  readonly localMethod?: number;
  readonly localUnpackedBytes?: number;
  /** In the directory only: lets two entries share data. */
  readonly localOffset?: number;
}

/** Fields of the end record; what is left out is the truth. */
export interface ForgedEnd {
  readonly disk?: number;
  readonly count?: number;
  readonly directoryStart?: number;
  readonly comment?: string;
}

/** The bytes of an archive with these entries. */
export function buildZip(entries: readonly ForgedEntry[], end: ForgedEnd = {}): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const entry of entries) {
    const { local, central } = buildEntry(entry, offset);
    parts.push(...local);
    directory.push(...central);
    offset += length(local);
  }
  const comment = utf8(end.comment ?? "");
  const count = end.count ?? entries.length;
  const tail = bytes([
    [4, 0x06054b50],
    [2, end.disk ?? 0],
    [2, end.disk ?? 0],
    [2, count],
    [2, count],
    [4, length(directory)],
    [4, end.directoryStart ?? offset],
    [2, comment.length],
  ]);
  return joined([...parts, ...directory, tail, comment]);
}

function buildEntry(entry: ForgedEntry, offset: number) {
  const content = typeof entry.content === "string"
    ? utf8(entry.content)
    : entry.content ?? utf8("");
  const method = entry.method ?? 0;
  const data = method === 8 ? new Uint8Array(deflateRawSync(content)) : content;
  const name = typeof entry.name === "string" ? utf8(entry.name) : entry.name;
  const localName = entry.localName === undefined ? name : utf8(entry.localName);
  const checksum = entry.crc32 ?? crc32(content);
  const packedBytes = entry.packedBytes ?? data.length;
  const unpackedBytes = entry.unpackedBytes ?? content.length;
  const flags = entry.flags ?? 0x800;
  const local = bytes([
    [4, 0x04034b50],
    [2, 20],
    [2, flags],
    [2, entry.localMethod ?? method],
    [4, 0],
    [4, checksum],
    [4, packedBytes],
    [4, entry.localUnpackedBytes ?? unpackedBytes],
    [2, localName.length],
    [2, 0],
  ]);
  const central = bytes([
    [4, 0x02014b50],
    [2, 0x0314],
    [2, 20],
    [2, flags],
    [2, method],
    [4, 0],
    [4, checksum],
    [4, packedBytes],
    [4, unpackedBytes],
    [2, name.length],
    [2, 0],
    [2, 0],
    [4, 0], // disk number and internal attributes
    [4, entry.attributes ?? ((entry.unixMode ?? 0o100644) << 16) >>> 0],
    [4, entry.localOffset ?? offset],
  ]);
  return { local: [local, localName, data], central: [central, name] };
}

function bytes(fields: readonly (readonly [size: 2 | 4, value: number])[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [size]) => sum + size, 0)));
  let offset = 0;
  for (const [size, value] of fields) {
    if (size === 2) view.setUint16(offset, value, true);
    else view.setUint32(offset, value, true);
    offset += size;
  }
  return new Uint8Array(view.buffer);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(length(parts));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function length(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
