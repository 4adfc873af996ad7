// What differs between two versions of a package, file by file. Not here: the lines inside a file.
import type { PackageFiles } from "../../runtime/package/archive.ts";
import { comparePaths } from "../../runtime/package/entry_path.ts";
import { isSameBytes } from "./file_bytes.ts";

/** A file that differs. `before` is absent for a new one, `after` for one that is gone. */
export interface FileDifference {
  readonly path: string;
  readonly before?: Uint8Array;
  readonly after?: Uint8Array;
}

/** The files that differ, sorted by path. */
export function diffFiles(before: PackageFiles, after: PackageFiles): FileDifference[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  const differences = [...paths].flatMap((path): FileDifference[] => {
    const [old, now] = [before.get(path), after.get(path)];
    if (isSameBytes(old, now)) return [];
    return [{ path, ...(old && { before: old }), ...(now && { after: now }) }];
  });
  return differences.sort((a, b) => comparePaths(a.path, b.path));
}
