// The records of a ZIP file that we write: always the same for the same entry, on every machine.
// Source: PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16. Not here: reading, compression.

/** An entry ready to be written. */
export interface PackedEntry {
  readonly name: Uint8Array;
  readonly method: number;
  readonly crc32: number;
  readonly unpackedBytes: number;
  readonly data: Uint8Array;
}

/** 1980-01-01 00:00, the first moment ZIP knows. */
const DOS_TIME = 0;
const DOS_DATE = 0x21;
const UTF8_NAMES = 0x800;
const MADE_BY_UNIX_20 = 0x0314;
const REGULAR_FILE_0644 = 0o100644;
const VERSION_NEEDED = 20;

type Field = readonly [bytes: 2 | 4, value: number];

/** The header in front of an entry's name and data. */
export function localHeader(entry: PackedEntry): Uint8Array {
  return record([[4, 0x04034b50], [2, VERSION_NEEDED], ...sharedFields(entry)]);
}

/** The entry of the central directory, in front of its name. */
export function centralHeader(entry: PackedEntry, offset: number): Uint8Array {
  return record([
    [4, 0x02014b50],
    [2, MADE_BY_UNIX_20],
    [2, VERSION_NEEDED],
    ...sharedFields(entry),
    [2, 0], // comment
    [2, 0], // disk
    [2, 0], // internal attributes
    [4, REGULAR_FILE_0644 * 0x10000],
    [4, offset],
  ]);
}

function sharedFields(entry: PackedEntry): Field[] {
  return [
    [2, UTF8_NAMES],
    [2, entry.method],
    [2, DOS_TIME],
    [2, DOS_DATE],
    [4, entry.crc32],
    [4, entry.data.length],
    [4, entry.unpackedBytes],
    [2, entry.name.length],
    [2, 0], // extra
  ];
}

/** The record that ends an archive. Sizes and offsets in bytes. */
export function endRecord(
  count: number,
  directoryBytes: number,
  directoryStart: number,
): Uint8Array {
  return record([
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, directoryBytes],
    [4, directoryStart],
    [2, 0],
  ]);
}

function record(fields: readonly Field[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [bytes]) => sum + bytes, 0)));
  let offset = 0;
  for (const [bytes, value] of fields) {
    if (bytes === 2) view.setUint16(offset, value, true);
    else view.setUint32(offset, value, true);
    offset += bytes;
  }
  return new Uint8Array(view.buffer);
}

/** The length of all parts together. */
export function byteCount(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

/** All parts as one. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(byteCount(parts));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
