// A `.bmad` file → a folder, byte for byte.
import { resolve } from "node:path";
import { readSource } from "./source.ts";
import { writeNewFolder } from "./write_folder.ts";

/** What came of unpacking. */
export interface UnpackResult {
  readonly fileCount: number;
  /** Files of the archive that were left out, since their names start with a dot. */
  readonly leftOut: readonly string[];
}

/**
 * Unpacks an untrusted archive into a new or empty folder. Its documents are not checked, so that a
 * package with faults can be mended. A failure leaves nothing behind.
 * @throws AppError `PKG_NOT_FOUND`, `PKG_ZIP_*`, `FILE_EXISTS`, `FILE_WRITE_FAILED`
 */
export async function unpackPackage(source: string, dir: string): Promise<UnpackResult> {
  const { files, leftOut } = await readSource(source);
  await writeNewFolder(resolve(dir), files);
  return { fileCount: files.size, leftOut };
}
