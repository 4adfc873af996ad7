// `.bmad` bytes ⇄ files, in memory. The only importer of the ZIP library, of which only the pure
// JavaScript compressor is used: zlib's output differs between processors, and our archives must not.
import { crc32, inflateRawSync } from "node:zlib";
import { deflateSync } from "fflate";
import { AppError } from "../../schemas/error.ts";
import { comparePaths, PathRegistry } from "./entry_path.ts";
import { Allowance, inMiB, PACKAGE_LIMITS } from "./limits.ts";
import { METHOD, readZipDirectory, type ZipEntry } from "./zip_directory.ts";
import {
  byteCount,
  centralHeader,
  endRecord,
  joined,
  localHeader,
  type PackedEntry,
} from "./zip_records.ts";

/** Package-relative path with `/` → content. */
export type PackageFiles = ReadonlyMap<string, Uint8Array>;

/**
 * Unpacks an untrusted archive into memory. Sizes are judged as declared, before anything is inflated,
 * and no entry inflates beyond its declaration; a caller that writes has every file checked by then.
 * @param what the archive as a person knows it, for messages
 * @throws AppError `PKG_ZIP_*`
 */
export function readArchive(bytes: Uint8Array, what: string): PackageFiles {
  if (bytes.length > PACKAGE_LIMITS.archiveBytes) throw archiveTooLarge(what);
  const entries = readZipDirectory(bytes, what).filter(({ name }) => name !== "./");
  const allowance = new Allowance(what);
  const registry = new PathRegistry(what);
  for (const entry of entries) {
    allowance.spend(entry.name, entry.unpackedBytes);
    refuseRatio(what, entry.unpackedBytes, entry.packedBytes, entry.name);
    const path = pathOf(entry);
    if (isFolder(entry)) registry.addFolder(path);
    else registry.addFile(path);
  }
  refuseRatio(what, allowance.bytes, bytes.length);
  const files = entries.filter((entry) => !isFolder(entry));
  return new Map(files.map((entry) => [pathOf(entry), contentOf(bytes, entry, what)]));
}

/** The failure of an archive beyond the limit. */
export function archiveTooLarge(what: string): AppError {
  const most = inMiB(PACKAGE_LIMITS.archiveBytes);
  return new AppError(
    "PKG_ZIP_TOO_LARGE",
    `${what} is larger than ${most}, the most a package may be`,
  );
}

function isFolder({ name }: ZipEntry): boolean {
  return name.endsWith("/");
}

/** Some programs store `./` in front; it is no part of the path. */
function pathOf({ name }: ZipEntry): string {
  return name.replace(/^\.\/(?=.)/, "").replace(/\/$/, "");
}

function refuseRatio(what: string, unpacked: number, packed: number, name?: string): void {
  const most = name === undefined ? PACKAGE_LIMITS.overallRatio : PACKAGE_LIMITS.entryRatio;
  if (unpacked <= PACKAGE_LIMITS.ratioFreeBytes || unpacked <= packed * most) return;
  const which = name === undefined ? what : `${what}, entry "${name}",`;
  throw new AppError(
    "PKG_ZIP_RATIO",
    `${which} unpacks to more than ${most} times its size, as archives do that are made to fill a disk`,
  );
}

function contentOf(bytes: Uint8Array, entry: ZipEntry, what: string): Uint8Array {
  const packed = bytes.subarray(entry.dataStart, entry.dataEnd);
  const content = entry.method === METHOD.store ? packed.slice() : inflate(packed, entry, what);
  const isWhole = content.length === entry.unpackedBytes && crc32(content) === entry.crc32;
  if (isWhole) return content;
  throw damaged(entry, what, "differs from the size or checksum that the archive declares");
}

function inflate(packed: Uint8Array, entry: ZipEntry, what: string): Uint8Array {
  try {
    // zlib takes no limit of 0; one byte too many shows in the length.
    const maxOutputLength = Math.max(entry.unpackedBytes, 1);
    return new Uint8Array(inflateRawSync(packed, { maxOutputLength }));
  } catch (cause) {
    throw damaged(entry, what, "cannot be inflated to the size that the archive declares", cause);
  }
}

function damaged({ name }: ZipEntry, what: string, reason: string, cause?: unknown): AppError {
  const message = `${what} is damaged or forged: the entry "${name}" ${reason}`;
  return new AppError("PKG_ZIP_INVALID", message, { cause, details: { entry: name } });
}

/**
 * Packs files into an archive. The same files give the same bytes on every machine: entries in byte
 * order of their paths, fixed time and mode, no folders.
 * @throws AppError `PKG_ZIP_*` for what `readArchive` would refuse
 */
export function writeArchive(files: PackageFiles, what: string): Uint8Array {
  const registry = new PathRegistry(what);
  const allowance = new Allowance(what);
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [path, content] of [...files].sort(([a], [b]) => comparePaths(a, b))) {
    registry.addFile(path);
    allowance.spend(path, content.length);
    const packed = packEntry(path, content);
    const local = [localHeader(packed), packed.name, packed.data];
    parts.push(...local);
    directory.push(centralHeader(packed, offset), packed.name);
    offset += byteCount(local);
  }
  const archive = joined([
    ...parts,
    ...directory,
    endRecord(files.size, byteCount(directory), offset),
  ]);
  if (archive.length > PACKAGE_LIMITS.archiveBytes) throw archiveTooLarge(what);
  return archive;
}

function packEntry(path: string, content: Uint8Array): PackedEntry {
  const deflated = deflateSync(content, { level: 6 });
  // A file that would be refused as a bomb is stored as it is.
  const isWorth = deflated.length < content.length &&
    content.length <= deflated.length * PACKAGE_LIMITS.overallRatio;
  return {
    name: new TextEncoder().encode(path),
    method: isWorth ? METHOD.deflate : METHOD.store,
    crc32: crc32(content),
    unpackedBytes: content.length,
    data: isWorth ? deflated : content,
  };
}
