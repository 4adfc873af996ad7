// Where a package comes from: a `.bmad` file or a folder with the same content.
import { AppError } from "../../schemas/error.ts";
import { archiveTooLarge, type PackageFiles, readArchive } from "./archive.ts";
import { isLeftOut } from "./entry_path.ts";
import { readFolder } from "./folder.ts";
import { PACKAGE_LIMITS } from "./limits.ts";

/** A package as it was found, nothing interpreted. */
export interface PackageSource {
  readonly files: PackageFiles;
  /** Files of an archive that are no part of the package, since their names start with a dot. */
  readonly leftOut: readonly string[];
}

/**
 * Reads all files of a package. A single top folder that everything in an archive shares is stripped.
 * @throws AppError `PKG_NOT_FOUND`, `PKG_ZIP_*`
 */
export async function readSource(source: string): Promise<PackageSource> {
  try {
    const { isDirectory, isFile, size } = await Deno.stat(source);
    if (isDirectory) return { files: readFolder(source, `The folder "${source}"`), leftOut: [] };
    // Reading a pipe or a device might never end.
    if (!isFile) throw new Deno.errors.NotFound();
    const what = `The package "${source}"`;
    if (size > PACKAGE_LIMITS.archiveBytes) throw archiveTooLarge(what);
    return await readArchiveSource(await Deno.readFile(source), what);
  } catch (cause) {
    throw cause instanceof AppError ? cause : unreadable(source, cause);
  }
}

/**
 * Reads all files of an archive in memory. A single top folder that everything shares is stripped.
 * @param what the archive as a person knows it, for messages
 * @throws AppError `PKG_ZIP_*`
 */
export async function readArchiveSource(bytes: Uint8Array, what: string): Promise<PackageSource> {
  return stripped(await readArchive(bytes, what));
}

function unreadable(source: string, cause: unknown): AppError {
  const message = cause instanceof Deno.errors.NotFound
    ? `There is no package at "${source}"; name a .bmad file or a package folder`
    : `The package "${source}" cannot be read; look at the permissions of its files`;
  return new AppError("PKG_NOT_FOUND", message, { cause });
}

function stripped(all: PackageFiles): PackageSource {
  const kept = [...all].filter(([path]) => !isLeftOut(path));
  const leftOut = [...all.keys()].filter((path) => isLeftOut(path) && !isSystemFile(path));
  const [first] = kept;
  const top = first?.[0].slice(0, first[0].indexOf("/") + 1) ?? "";
  const isShared = top !== "" && kept.every(([path]) => path.startsWith(top));
  const start = isShared ? top.length : 0;
  return { files: new Map(kept.map(([path, content]) => [path.slice(start), content])), leftOut };
}

/** What file managers add by themselves is not worth a word. */
function isSystemFile(path: string): boolean {
  return path.startsWith("__MACOSX") || path.endsWith(".DS_Store");
}
