// What lies on disk, as values that can be compared. Links are named, not followed.
import { createHash } from "node:crypto";
import { join, relative } from "node:path";

/** Every file below a folder with its SHA-256, every link with its target; paths use `/`. */
export function snapshot(folder: string, skipped: readonly string[] = []): Map<string, string> {
  const entries = new Map<string, string>();
  const visit = (dir: string) => {
    for (const entry of Deno.readDirSync(dir)) {
      const path = join(dir, entry.name);
      if (skipped.includes(path)) continue;
      const name = relative(folder, path).replaceAll("\\", "/");
      if (entry.isSymlink) entries.set(name, `-> ${Deno.readLinkSync(path)}`);
      else if (entry.isDirectory) visit(path);
      else entries.set(name, sha256(Deno.readFileSync(path)));
    }
  };
  visit(folder);
  return entries;
}

/** Names whose entries differ between two snapshots. */
export function differences(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name)).sort();
}

/** SHA-256 as hex digits. */
export function sha256(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** The real path of a file or folder, or `null` if there is none. */
export function realPath(path: string): string | null {
  try {
    return Deno.realPathSync(path);
  } catch {
    return null;
  }
}
