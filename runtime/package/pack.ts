// A package folder → one `.bmad` file. The same content gives the same bytes.
import { dirname, join, relative, resolve } from "node:path";
import { AppError } from "../../schemas/error.ts";
import { type Finding, hasErrors } from "../../schemas/finding.ts";
import { SHARED_FILE, writeFileAtomic } from "../disk/durable.ts";
import { type PackageFiles, writeArchive } from "./archive.ts";
import { checkPackage } from "./check.ts";
import { unsafePathReason } from "./entry_path.ts";
import type { FindingCode } from "./finding_codes.ts";
import { integrityHash, MANIFEST_PATH, packageHash } from "./integrity.ts";

/** How to pack. */
export interface PackOptions {
  /** Where to write; by default `<name>.bmad` in the working directory. An older file is replaced. */
  readonly output?: string | undefined;
  /** Whether to write the hash of the content into `bmad.json`, replacing an older one. */
  readonly stampsIntegrity?: boolean;
}

/** What came of packing: the findings, and the file unless one of them is an error. */
export interface PackResult {
  readonly findings: readonly Finding[];
  readonly packed?: PackedFile;
}

/** A file that was written. */
export interface PackedFile {
  readonly path: string;
  readonly bytes: number;
  readonly fileCount: number;
  readonly hash: string;
}

/**
 * Packs a folder (or packs a `.bmad` file anew). Writes nothing if a finding is an error.
 * @throws AppError `PKG_*` like `checkPackage`; `PKG_ZIP_TOO_LARGE`; `USAGE` if the output lies inside
 * the folder; `FILE_WRITE_FAILED`
 */
export async function packPackage(source: string, options: PackOptions = {}): Promise<PackResult> {
  const { package: loaded, findings: all } = await checkPackage(source);
  const mended: FindingCode = "INTEGRITY_MISMATCH";
  const findings = options.stampsIntegrity ? all.filter(({ code }) => code !== mended) : all;
  if (!loaded || hasErrors(findings)) return { findings };
  const path = options.output ?? `${fileName(loaded.manifest.name)}.bmad`;
  refuseInside(path, source);
  const files = options.stampsIntegrity ? stamped(loaded.files) : loaded.files;
  const archive = writeArchive(files, `The package "${loaded.manifest.name}"`);
  replaceFile(path, archive);
  const packed = { path, bytes: archive.length, fileCount: files.size, hash: packageHash(files) };
  return { findings, packed };
}

/** The package's name as a file name; what a file system would refuse becomes a hyphen. */
function fileName(packageName: string): string {
  // deno-lint-ignore no-control-regex -- control characters are what must not be there
  const name = packageName.replace(/[\u0000-\u001f\u007f<>:"/\\|?*]+/g, "-").replace(/^\.+/, "");
  return unsafePathReason(name) === undefined ? name : "package";
}

/** The next packing would take the file for an asset. */
function refuseInside(output: string, source: string): void {
  const inside = relative(resolve(source), resolve(output));
  if (inside === "" || inside.startsWith("..") || resolve(inside) === inside) return;
  throw new AppError(
    "USAGE",
    `The output "${output}" lies inside the folder that is packed. Name a file elsewhere, ` +
      `such as -o ${join("..", output.split(/[\\/]/).at(-1) ?? output)}`,
  );
}

function stamped(files: PackageFiles): PackageFiles {
  const text = new TextDecoder().decode(files.get(MANIFEST_PATH));
  const manifest = JSON.parse(text) as Record<string, unknown>;
  manifest.integrity = { sha256: integrityHash(files) };
  const content = new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`);
  return new Map([...files, [MANIFEST_PATH, content]]);
}

/** An older file stays whole until the new one is. */
function replaceFile(path: string, content: Uint8Array): void {
  try {
    // The folder must be there: a mistyped path is not to be made.
    Deno.statSync(dirname(path));
    writeFileAtomic(path, content, SHARED_FILE);
  } catch (cause) {
    throw new AppError("FILE_WRITE_FAILED", `The file "${path}" cannot be written`, { cause });
  }
}
