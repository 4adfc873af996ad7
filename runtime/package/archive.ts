// `.bmad` bytes ⇄ files, in memory. The only importer of fflate, which writes: it is pure JavaScript,
// while zlib's output differs between processors, and our archives must not. Reading: `zip_directory.ts`.
import { crc32, inflateRawSync } from "node:zlib";
import { deflateSync, type ZipOptions, zipSync } from "fflate";
import { AppError } from "../../schemas/error.ts";
import { comparePaths, PathRegistry } from "./entry_path.ts";
import { Allowance, inMiB, PACKAGE_LIMITS } from "./limits.ts";
import type { ZipEntry } from "./zip_directory.ts";

/** Package-relative path with `/` → content. */
export type PackageFiles = ReadonlyMap<string, Uint8Array>;

/** ZIP holds local time, so this is stored alike everywhere; noon, since clocks are changed at night. */
const FIXED: ZipOptions = {
  mtime: new Date(1980, 0, 1, 12),
  os: 3, // Unix
  attrs: (0o100644 << 16) >>> 0, // a regular file, for all to read
};

/**
 * Unpacks an untrusted archive into memory. Sizes are judged as declared, before anything is inflated,
 * and no entry inflates beyond its declaration; a caller that writes has every file checked by then.
 * @param what the archive as a person knows it, for messages
 * @throws AppError `PKG_ZIP_*`
 */
export async function readArchive(bytes: Uint8Array, what: string): Promise<PackageFiles> {
  if (bytes.length > PACKAGE_LIMITS.archiveBytes) throw archiveTooLarge(what);
  const { readZipDirectory } = await import("./zip_directory.ts");
  const all = await readZipDirectory(bytes, what);
  const entries = all.filter(({ name }) => name !== "./");
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
  const content = entry.isStored ? packed.slice() : inflate(packed, entry, what);
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
 * Packs files into an archive. The same files give the same bytes on every machine: a fixed order,
 * time and mode, no folders.
 * @throws AppError `PKG_ZIP_*` for what `readArchive` would refuse
 */
export function writeArchive(files: PackageFiles, what: string): Uint8Array {
  const registry = new PathRegistry(what);
  const allowance = new Allowance(what);
  const entries: [string, [Uint8Array, ZipOptions]][] = [];
  for (const [path, content] of [...files].sort(([a], [b]) => comparePaths(a, b))) {
    registry.addFile(path);
    allowance.spend(path, content.length);
    entries.push([storedName(path), [content, { level: levelFor(content) }]]);
  }
  const archive = zipSync(Object.fromEntries(entries), FIXED);
  if (archive.length > PACKAGE_LIMITS.archiveBytes) throw archiveTooLarge(what);
  return archive;
}

/** fflate would take the bare name for the prototype of its list of files, and lose the file. */
function storedName(path: string): string {
  return path === "__proto__" ? "./__proto__" : path;
}

/** A file that would grow, or be refused as a bomb, is stored as it is. */
function levelFor(content: Uint8Array): 0 | 6 {
  const { length } = deflateSync(content, { level: 6 });
  const isWorth = length < content.length && content.length <= length * PACKAGE_LIMITS.overallRatio;
  return isWorth ? 6 : 0;
}
