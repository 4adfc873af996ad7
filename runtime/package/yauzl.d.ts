// What we use of yauzl 3.4, which comes without types. Not @types/yauzl: that brings @types/node, whose
// global types take the place of Deno's in the whole program.
import type { Buffer } from "node:buffer";

/** A header of the central directory; numbers as stored, sizes and offsets in bytes. */
export interface Entry {
  readonly generalPurposeBitFlag: number;
  readonly compressionMethod: number;
  readonly crc32: number;
  readonly compressedSize: number;
  readonly uncompressedSize: number;
  readonly fileNameLength: number;
  readonly extraFieldLength: number;
  readonly fileCommentLength: number;
  readonly externalFileAttributes: number;
  readonly relativeOffsetOfLocalHeader: number;
  readonly fileNameRaw: Buffer;
  readonly extraFields: readonly { readonly id: number; readonly data: Buffer }[];
}

/** The header in front of an entry's data. */
export interface LocalFileHeader {
  readonly fileDataStart: number;
  readonly generalPurposeBitFlag: number;
  readonly compressionMethod: number;
  readonly crc32: number;
  readonly compressedSize: number;
  readonly uncompressedSize: number;
  readonly fileName: Buffer;
}

/** An archive whose end record has been read. */
export interface ZipFile {
  readonly entryCount: number;
  /** Raw, since strings are not decoded. */
  readonly comment: Buffer;
  eachEntry(): AsyncIterableIterator<Entry>;
  readLocalFileHeaderPromise(entry: Entry): Promise<LocalFileHeader>;
}

/** Reads the end record; rejects with an `Error` where there is none. */
export function fromBufferPromise(
  buffer: Buffer,
  options: { readonly decodeStrings: false; readonly validateEntrySizes: boolean },
): Promise<ZipFile>;
