// The structure of a ZIP file: its central directory, and where each entry's data lie. Strict, since
// a package is untrusted: everything is checked that two readers could understand differently.
// Source: PKWARE APPNOTE 6.3.10, sections 4.3 to 4.5. Not here: inflating (`archive.ts`).
import { AppError, type ErrorCode } from "../../schemas/error.ts";
import { PACKAGE_LIMITS, tooManyEntries } from "./limits.ts";

/** One entry, as the central directory describes it. Sizes in bytes, as declared. */
export interface ZipEntry {
  /** As stored; ends with `/` for a folder. */
  readonly name: string;
  readonly method: number;
  readonly crc32: number;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  /** Offset of the local header, and where entry and data end. */
  readonly start: number;
  readonly dataStart: number;
  readonly dataEnd: number;
}

/** Methods of compression that are read. */
export const METHOD = { store: 0, deflate: 8 } as const;

const SIGNATURE = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50 } as const;
const SIZE = { local: 30, central: 46, end: 22, maxComment: 0xffff } as const;
const FLAG = { encrypted: 0x1, hasDescriptor: 0x8, strong: 0x40, masked: 0x2000 } as const;
const UNIX_TYPE = { mask: 0o170000, file: 0o100000, folder: 0o040000, link: 0o120000 } as const;
const WINDOWS_REPARSE_POINT = 0x400;
const ZIP64_MARK = 0xffffffff;

/**
 * Reads the central directory and checks every entry against its local header.
 * @param what the archive as a person knows it, for messages
 * @throws AppError `PKG_ZIP_INVALID`, `PKG_ZIP_ENCRYPTED`, `PKG_ZIP_SYMLINK`, `PKG_ZIP_TOO_MANY_ENTRIES`
 */
export function readZipDirectory(bytes: Uint8Array, what: string): ZipEntry[] {
  return new DirectoryReader(bytes, what).read();
}

class DirectoryReader {
  readonly #view: DataView;

  constructor(readonly bytes: Uint8Array, readonly what: string) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  read(): ZipEntry[] {
    const end = this.#findEnd();
    const count = this.#u16(end + 10);
    const size = this.#u32(end + 12);
    const start = this.#u32(end + 16);
    if (this.#u16(end + 4) !== 0 || this.#u16(end + 6) !== 0 || this.#u16(end + 8) !== count) {
      throw this.#refuse("PKG_ZIP_INVALID", "is one part of a split archive; store it in one file");
    }
    if (count === 0xffff || start === ZIP64_MARK || size === ZIP64_MARK) throw this.#zip64();
    if (count > PACKAGE_LIMITS.entries) throw tooManyEntries(this.what);
    if (start + size !== end) {
      throw this.#refuse("PKG_ZIP_INVALID", "is damaged: its directory is not where it should be");
    }
    const entries: ZipEntry[] = [];
    let offset = start;
    for (let index = 0; index < count; index++) {
      const next = offset + this.#centralLength(offset, end);
      entries.push(this.#entry(offset, start));
      offset = next;
    }
    if (offset !== end) {
      throw this.#refuse("PKG_ZIP_INVALID", "is damaged: its directory is cut off");
    }
    this.#refuseOverlaps(entries, start);
    return entries;
  }

  /** Only an end record whose comment ends exactly with the file counts. */
  #findEnd(): number {
    const last = this.bytes.length - SIZE.end;
    for (let at = last; at >= 0 && at >= last - SIZE.maxComment; at--) {
      if (
        this.#u32(at) === SIGNATURE.end && at + SIZE.end + this.#u16(at + 20) === last + SIZE.end
      ) {
        return at;
      }
    }
    throw this.#refuse("PKG_ZIP_INVALID", "is no ZIP file, or it is cut off");
  }

  #centralLength(offset: number, end: number): number {
    const isHeader = offset + SIZE.central <= end && this.#u32(offset) === SIGNATURE.central;
    const length = isHeader
      ? SIZE.central + this.#u16(offset + 28) + this.#u16(offset + 30) + this.#u16(offset + 32)
      : Infinity;
    if (offset + length <= end) return length;
    throw this.#refuse("PKG_ZIP_INVALID", "is damaged: its directory is cut off");
  }

  #entry(offset: number, directoryStart: number): ZipEntry {
    const flags = this.#u16(offset + 8);
    const nameBytes = this.bytes.subarray(
      offset + SIZE.central,
      offset + SIZE.central + this.#u16(offset + 28),
    );
    const name = this.#decodeName(nameBytes);
    const header = {
      name,
      method: this.#u16(offset + 10),
      crc32: this.#u32(offset + 16),
      packedBytes: this.#u32(offset + 20),
      unpackedBytes: this.#u32(offset + 24),
      start: this.#u32(offset + 42),
    };
    this.#refuseEncrypted(flags, header);
    this.#refuseSpecial(name, this.#u32(offset + 38));
    if ([header.packedBytes, header.unpackedBytes, header.start].includes(ZIP64_MARK)) {
      throw this.#zip64();
    }
    const dataStart = this.#checkLocal(header, { flags, nameBytes, directoryStart });
    const dataEnd = dataStart + header.packedBytes;
    if (dataEnd > directoryStart) throw this.#invalid(name, "reaches into the directory");
    return { ...header, dataStart, dataEnd };
  }

  #decodeName(bytes: Uint8Array): string {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch (cause) {
      const shown = new TextDecoder("latin1").decode(bytes);
      const message = `${this.what} holds the name ${JSON.stringify(shown)}, which is not UTF-8; ` +
        "rename the file or pack again with a program that writes UTF-8 names";
      throw new AppError("PKG_ZIP_PATH_UNSAFE", message, { cause });
    }
  }

  #refuseEncrypted(flags: number, { name, method }: { name: string; method: number }): void {
    const isEncrypted = flags & (FLAG.encrypted | FLAG.strong | FLAG.masked) || method === 99;
    if (isEncrypted) {
      throw this.#refuse(
        "PKG_ZIP_ENCRYPTED",
        `is encrypted ("${name}"); pack it without a password`,
      );
    }
    if (method !== METHOD.store && method !== METHOD.deflate) {
      throw this.#invalid(name, `is packed with method ${method}; only store and deflate are read`);
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

  /** Readers that stream trust the local header, others the directory: both have to say the same. */
  #checkLocal(
    central: Omit<ZipEntry, "dataStart" | "dataEnd">,
    known: { flags: number; nameBytes: Uint8Array; directoryStart: number },
  ): number {
    const { name, start } = central;
    const isHeader = start + SIZE.local <= known.directoryStart &&
      this.#u32(start) === SIGNATURE.local;
    if (!isHeader) throw this.#invalid(name, "has no local header");
    const flags = this.#u16(start + 6);
    const nameEnd = start + SIZE.local + this.#u16(start + 26);
    const localName = this.bytes.subarray(start + SIZE.local, nameEnd);
    if (!isSame(localName, known.nameBytes)) {
      throw this.#invalid(name, "has another name in its local header");
    }
    if (this.#u16(start + 8) !== central.method || (flags ^ known.flags) & FLAG.encrypted) {
      throw this.#invalid(name, "is described differently in its local header");
    }
    const local = [this.#u32(start + 14), this.#u32(start + 18), this.#u32(start + 22)];
    const wanted = [central.crc32, central.packedBytes, central.unpackedBytes];
    const isLater = (value: number) => value === 0 && flags & FLAG.hasDescriptor;
    if (
      local.some((value, at) => value !== wanted[at] && value !== ZIP64_MARK && !isLater(value))
    ) {
      throw this.#invalid(name, "has another size or checksum in its local header");
    }
    return nameEnd + this.#u16(start + 28);
  }

  #refuseOverlaps(entries: readonly ZipEntry[], directoryStart: number): void {
    const sorted = entries.toSorted((a, b) => a.start - b.start);
    sorted.forEach((entry, index) => {
      const limit = sorted[index + 1]?.start ?? directoryStart;
      if (entry.dataEnd > limit) throw this.#invalid(entry.name, "overlaps another entry");
    });
  }

  #invalid(name: string, reason: string): AppError {
    const message = `${this.what} is damaged or forged: the entry "${name}" ${reason}`;
    return new AppError("PKG_ZIP_INVALID", message, { details: { entry: name } });
  }

  #refuse(code: ErrorCode, reason: string): AppError {
    return new AppError(code, `${this.what} ${reason}`);
  }

  #zip64(): AppError {
    return this.#refuse(
      "PKG_ZIP_INVALID",
      "uses ZIP64, which nothing of a package's size needs; pack it again",
    );
  }

  #u16(offset: number): number {
    return this.#view.getUint16(offset, true);
  }

  #u32(offset: number): number {
    return this.#view.getUint32(offset, true);
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
