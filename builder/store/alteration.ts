// What a change does to each file, in the form that is stored: hashes and the stretch that differs.
import type { PackageFiles } from "../../runtime/package/archive.ts";
import { contentHash } from "./content_hash.ts";
import type { Row } from "./database_protocol.ts";
import { bytesOf, integerOf, textOf, textOrNull } from "./database_row.ts";
import type { FileChanges } from "./revisions.ts";
import { applySplice, reversed, type Splice, spliceBetween } from "./splice.ts";

/** A file before and after; `null` where there is none. */
export interface Alteration {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly splice: Splice;
}

const NOTHING = new Uint8Array();

/** What changes alter in files; contents that stay the same are left out. */
export function alterationsOf(files: PackageFiles, changes: FileChanges): readonly Alteration[] {
  const alterations: Alteration[] = [];
  for (const [path, after] of changes) {
    const before = files.get(path);
    const hashes = { before: hashOrNull(before), after: hashOrNull(after) };
    if (hashes.before === hashes.after) continue;
    const splice = spliceBetween(before ?? NOTHING, after ?? NOTHING);
    alterations.push({ path, ...hashes, splice });
  }
  return alterations;
}

/** The alteration that leads back. */
export function inverse({ path, before, after, splice }: Alteration): Alteration {
  return { path, before: after, after: before, splice: reversed(splice) };
}

/** Whether a file is as the alteration expects it. */
export function fits({ before }: Alteration, content: Uint8Array | null | undefined): boolean {
  return hashOrNull(content) === before;
}

/** What a file that fits becomes. */
export function altered(
  { after, splice }: Alteration,
  content: Uint8Array | null | undefined,
): Uint8Array | null {
  if (after === null) return null;
  return applySplice(content ?? NOTHING, { ...splice, removedBytes: splice.removed.length });
}

/** An alteration from a row of `revision_changes`. */
export function alterationOf(row: Row): Alteration {
  return {
    path: textOf(row, "path"),
    before: textOrNull(row, "before_sha256"),
    after: textOrNull(row, "after_sha256"),
    splice: {
      offsetBytes: integerOf(row, "offset_bytes"),
      removed: bytesOf(row, "removed"),
      inserted: bytesOf(row, "inserted"),
    },
  };
}

function hashOrNull(content: Uint8Array | null | undefined): string | null {
  return content ? contentHash(content) : null;
}
