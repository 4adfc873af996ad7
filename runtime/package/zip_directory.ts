// What a ZIP file says it holds, and where each entry's data lie. The only importer of yauzl, which
// parses the records; refused here is what it accepts and two readers could understand differently.
// Source: PKWARE APPNOTE 6.3.10, sections 4.3 to 4.5. Not here: inflating, paths (`archive.ts`).
import { Buffer } from "node:buffer";
// @ts-types="./yauzl.d.ts"
import { type Entry, fromBufferPromise, type LocalFileHeader, type ZipFile } from "yauzl";
import { AppError, type ErrorCode } from "../../schemas/error.ts";
import { PACKAGE_LIMITS, tooManyEntries } from "./limits.ts";

/** One entry, as the central directory describes it. Sizes in bytes, as declared. */
export interface ZipEntry {
  /** As stored; ends with `/` for a folder. */
  readonly name: string;
  /** Or deflated. */
  readonly isStored: boolean;
  readonly crc32: number;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  /** Offset of the local header, and where entry and data end. */
  readonly start: number;
  readonly dataStart: number;
  readonly dataEnd: number;
}

const METHOD = { store: 0, deflate: 8 } as const;

const FLAG = { encrypted: 0x1, hasDescriptor: 0x8, strong: 0x40, masked: 0x2000 } as const;
const UNIX_TYPE = { mask: 0o170000, file: 0o100000, folder: 0o040000, link: 0o120000 } as const;
const WINDOWS_REPARSE_POINT = 0x400;
const ZIP64 = { count: 0xffff, size: 0xffffffff, extraField: 1, locator: 0x07064b50 } as const;
const HEADER_BYTES = { local: 30, central: 46, end: 22, zip64Locator: 20 } as const;
const WITHOUT_PASSWORD = "pack it without a password";

/**
 * Reads the central directory and checks every entry against its local header.
 * @param what the archive as a person knows it, for messages
 * @throws AppError `PKG_ZIP_INVALID`, `PKG_ZIP_ENCRYPTED`, `PKG_ZIP_SYMLINK`, `PKG_ZIP_PATH_UNSAFE`
 * for a name that is not UTF-8, `PKG_ZIP_TOO_MANY_ENTRIES`
 */
export async function readZipDirectory(bytes: Uint8Array, what: string): Promise<ZipEntry[]> {
  const reader = new DirectoryReader(bytes, what);
  return await reader.read();
}

class DirectoryReader {
  readonly #buffer: Buffer;

  constructor(bytes: Uint8Array, readonly what: string) {
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  async read(): Promise<ZipEntry[]> {
    const zip = await this.#open();
    const found = await this.#listed(zip);
    const directoryStart = this.#checkEnd(zip, found);
    const described = found.map((entry) => this.#describe(entry));
    const entries = await Promise.all(
      described.map((entry) => this.#locate(zip, entry, directoryStart)),
    );
    this.#refuseOverlaps(entries, directoryStart);
    return entries;
  }

  async #open(): Promise<ZipFile> {
    try {
      // Decoded, names would be repaired (a backslash becomes a slash); we refuse instead.
      return await fromBufferPromise(this.#buffer, {
        decodeStrings: false,
        validateEntrySizes: false,
      });
    } catch (cause) {
      const reason = "is no ZIP file, or it is cut off or one part of a split archive";
      throw this.#refuse("PKG_ZIP_INVALID", reason, cause);
    }
  }

  async #listed(zip: ZipFile): Promise<Entry[]> {
    // yauzl would follow the locator to a directory that older readers do not see.
    const locatorAt = this.#endOffset(zip) - HEADER_BYTES.zip64Locator;
    const hasLocator = locatorAt >= 0 && this.#buffer.readUInt32LE(locatorAt) === ZIP64.locator;
    if (hasLocator || zip.entryCount >= ZIP64.count) throw this.#zip64();
    if (zip.entryCount > PACKAGE_LIMITS.entries) throw tooManyEntries(this.what);
    try {
      return await Array.fromAsync(zip.eachEntry());
    } catch (cause) {
      // "strong encryption is not supported"
      const isEncrypted = cause instanceof Error && cause.message.includes("encryption");
      if (!isEncrypted) throw this.#misplaced(cause);
      throw this.#refuse("PKG_ZIP_ENCRYPTED", `is encrypted; ${WITHOUT_PASSWORD}`, cause);
    }
  }

  /** yauzl takes start and count from the end record; others find the directory by its size. */
  #checkEnd(zip: ZipFile, entries: readonly Entry[]): number {
    const at = this.#endOffset(zip);
    const end = this.#buffer.subarray(at);
    const size = end.readUInt32LE(12);
    const start = end.readUInt32LE(16);
    const readBytes = entries.reduce((sum, entry) => sum + centralBytes(entry), 0);
    if (size === ZIP64.size || start === ZIP64.size) throw this.#zip64();
    const isOnePart = end.readUInt32LE(4) === 0 && end.readUInt16LE(8) === end.readUInt16LE(10);
    const isWhole = end.readUInt16LE(10) === entries.length && size === readBytes;
    if (isOnePart && isWhole && start + size === at) return start;
    throw this.#misplaced();
  }

  #endOffset(zip: ZipFile): number {
    return this.#buffer.length - zip.comment.length - HEADER_BYTES.end;
  }

  #describe(entry: Entry): DescribedEntry {
    const name = this.#decodeName(entry.fileNameRaw);
    const { generalPurposeBitFlag: flags, compressionMethod: method } = entry;
    if (flags & (FLAG.encrypted | FLAG.strong | FLAG.masked) || method === 99) {
      throw this.#refuse("PKG_ZIP_ENCRYPTED", `is encrypted ("${name}"); ${WITHOUT_PASSWORD}`);
    }
    if (method !== METHOD.store && method !== METHOD.deflate) {
      throw this.#invalid(name, `is packed with method ${method}; only store and deflate are read`);
    }
    this.#refuseSpecial(name, entry.externalFileAttributes);
    const sizes = [entry.compressedSize, entry.uncompressedSize, entry.relativeOffsetOfLocalHeader];
    const isZip64 = entry.extraFields.some(({ id }) => id === ZIP64.extraField) ||
      sizes.includes(ZIP64.size);
    if (isZip64) throw this.#zip64();
    return { name, entry };
  }

  #decodeName(bytes: Uint8Array): string {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch (cause) {
      const shown = new TextDecoder("latin1").decode(bytes);
      const reason = `holds the name ${JSON.stringify(shown)}, which is not UTF-8; ` +
        "rename the file or pack again with a program that writes UTF-8 names";
      throw this.#refuse("PKG_ZIP_PATH_UNSAFE", reason, cause);
    }
  }

  #refuseSpecial(name: string, attributes: number): void {
    const type = (attributes >>> 16) & UNIX_TYPE.mask;
    if (type === UNIX_TYPE.link || attributes & WINDOWS_REPARSE_POINT) {
      throw this.#refuse("PKG_ZIP_SYMLINK", `holds the link "${name}"; only files are allowed`);
    }
    const isFolder = type === UNIX_TYPE.folder;
    if (isFolder ? !name.endsWith("/") : type !== 0 && type !== UNIX_TYPE.file) {
      throw this.#invalid(name, "is neither a file nor a folder");
    }
  }

  async #locate(
    zip: ZipFile,
    { name, entry }: DescribedEntry,
    directoryStart: number,
  ): Promise<ZipEntry> {
    const { relativeOffsetOfLocalHeader: start, compressedSize: packedBytes } = entry;
    const bytesLeft = directoryStart - start - HEADER_BYTES.local;
    if (bytesLeft < 0) throw this.#invalid(name, "has no local header");
    if (packedBytes > bytesLeft) throw this.#invalid(name, "reaches into the directory");
    const local = await zip.readLocalFileHeaderPromise(entry).catch((cause) => {
      throw this.#invalid(name, "has no local header", cause);
    });
    const difference = differenceOf(local, entry);
    if (difference) throw this.#invalid(name, difference);
    const dataStart = local.fileDataStart;
    const dataEnd = dataStart + packedBytes;
    if (dataEnd > directoryStart) throw this.#invalid(name, "reaches into the directory");
    const isStored = entry.compressionMethod === METHOD.store;
    const { crc32, uncompressedSize: unpackedBytes } = entry;
    return { name, isStored, crc32, packedBytes, unpackedBytes, start, dataStart, dataEnd };
  }

  #refuseOverlaps(entries: readonly ZipEntry[], directoryStart: number): void {
    const sorted = entries.toSorted((a, b) => a.start - b.start);
    sorted.forEach((entry, index) => {
      const limit = sorted[index + 1]?.start ?? directoryStart;
      if (entry.dataEnd > limit) throw this.#invalid(entry.name, "overlaps another entry");
    });
  }

  #invalid(name: string, reason: string, cause?: unknown): AppError {
    const message = `${this.what} is damaged or forged: the entry "${name}" ${reason}`;
    return new AppError("PKG_ZIP_INVALID", message, { cause, details: { entry: name } });
  }

  #misplaced(cause?: unknown): AppError {
    const reason = "is damaged: its directory is cut off or not where it should be";
    return this.#refuse("PKG_ZIP_INVALID", reason, cause);
  }

  #zip64(): AppError {
    const reason = "uses ZIP64, which nothing of a package's size needs; pack it again";
    return this.#refuse("PKG_ZIP_INVALID", reason);
  }

  #refuse(code: ErrorCode, reason: string, cause?: unknown): AppError {
    return new AppError(code, `${this.what} ${reason}`, { cause });
  }
}

interface DescribedEntry {
  readonly name: string;
  readonly entry: Entry;
}

function centralBytes({ fileNameLength, extraFieldLength, fileCommentLength }: Entry): number {
  return HEADER_BYTES.central + fileNameLength + extraFieldLength + fileCommentLength;
}

/** Readers that stream trust the local header, others the directory: both have to say the same. */
function differenceOf(local: LocalFileHeader, entry: Entry): string | undefined {
  if (!local.fileName.equals(entry.fileNameRaw)) return "has another name in its local header";
  const flags = local.generalPurposeBitFlag;
  const isOtherKind = local.compressionMethod !== entry.compressionMethod ||
    (flags ^ entry.generalPurposeBitFlag) & FLAG.encrypted;
  if (isOtherKind) return "is described differently in its local header";
  const pairs = [
    [local.crc32, entry.crc32],
    [local.compressedSize, entry.compressedSize],
    [local.uncompressedSize, entry.uncompressedSize],
  ];
  const isLater = (value?: number) => value === 0 && flags & FLAG.hasDescriptor;
  const isSame = pairs.every(([value, wanted]) =>
    value === wanted || value === ZIP64.size || isLater(value)
  );
  return isSame ? undefined : "has another size or checksum in its local header";
}
