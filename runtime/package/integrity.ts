// Hashes of a package: what names it, and what its manifest may promise.
import { createHash } from "node:crypto";
import type { PackageFiles } from "./archive.ts";
import { comparePaths } from "./entry_path.ts";

/** The manifest's path; it cannot promise its own hash. */
export const MANIFEST_PATH = "bmad.json";

/**
 * The hash that names a package's whole content, manifest included, in lower-case hex: two packages
 * that differ in any byte of any file differ here. Archive and folder of the same files agree.
 */
export function packageHash(files: PackageFiles): string {
  return listHash([...files]);
}

/**
 * The hash for `integrity.sha256` (`package-format.md`), in lower-case hex: SHA-256 over the sorted
 * list of `path NUL sha256(content) LF` of every file but `bmad.json`.
 */
export function integrityHash(files: PackageFiles): string {
  return listHash([...files].filter(([path]) => path !== MANIFEST_PATH));
}

function listHash(files: [string, Uint8Array][]): string {
  const list = createHash("sha256");
  for (const [path, content] of files.sort(([a], [b]) => comparePaths(a, b))) {
    const hash = createHash("sha256").update(content).digest("hex");
    list.update(`${path}\0${hash}\n`);
  }
  return list.digest("hex");
}
