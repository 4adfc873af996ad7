// The files of a package as the database holds them. A large file that changes a little is not written
// anew: the stretches that differ stand behind its last whole content. Not here: what a change is.
import type { PackageFiles } from "../../runtime/package/archive.ts";
import { AppError } from "../../schemas/error.ts";
import type { Alteration } from "./alteration.ts";
import { storeBlob } from "./blobs.ts";
import { contentHash } from "./content_hash.ts";
import type { Database } from "./database.ts";
import type { Guard, Query, Row } from "./database_protocol.ts";
import { bytesOf, integerOf, textOf } from "./database_row.ts";
import type { FileChanges } from "./revisions.ts";
import { applySplice } from "./splice.ts";

/** A smaller content is stored whole. */
const LEAST_SPLICED_BYTES = 16 * 1024;

/** So many splices stand behind a whole content at most, and so large a share of it. */
const MOST_SPLICES = 64;
const MOST_SPLICED_SHARE = 1 / 8;

/** How a content is stored: the splices behind the whole content that it comes from. */
interface Stored {
  readonly splices: number;
  readonly bytes: number;
}

const WHOLE: Stored = { splices: 0, bytes: 0 };

/** What is not known here, since it was read or stored for another package, is stored whole once. */
const stored = new WeakMap<Uint8Array, Stored>();

/** The queries whose rows `filesIn` takes. */
export function fileQueries(packageId: string): readonly [Query, Query] {
  return [{
    sql: `SELECT path, content, package_files.sha256 AS sha256
      FROM package_files JOIN blobs ON blobs.sha256 = blob_sha256
      WHERE package_id = ? ORDER BY path`,
    args: [packageId],
  }, {
    sql: `SELECT path, offset_bytes, removed_bytes, inserted FROM file_splices
      WHERE package_id = ? ORDER BY path, revision`,
    args: [packageId],
  }];
}

/** The files that rows of `fileQueries` say. @throws AppError `DATABASE_FAILED` if one is not what was stored */
export function filesIn(contents: readonly Row[], splices: readonly Row[]): PackageFiles {
  const behind = Map.groupBy(splices, (row) => textOf(row, "path"));
  return new Map(contents.map((row) => {
    const path = textOf(row, "path");
    const whole = bytesOf(row, "content");
    const content = behind.get(path)?.reduce<Uint8Array>(spliced, whole) ?? whole;
    if (content !== whole && contentHash(content) !== textOf(row, "sha256")) {
      const message =
        `The database holds another content of "${path}" than was stored; restore a backup`;
      throw new AppError("DATABASE_FAILED", message, { details: { kind: "damaged" } });
    }
    return [path, content];
  }));
}

function spliced(content: Uint8Array, row: Row): Uint8Array {
  return applySplice(content, {
    offsetBytes: integerOf(row, "offset_bytes"),
    removedBytes: integerOf(row, "removed_bytes"),
    inserted: bytesOf(row, "inserted"),
  });
}

/** A file as it is about to be stored. */
interface Change {
  readonly packageId: string;
  readonly revision: number;
  readonly alteration: Alteration;
  readonly content: Uint8Array;
}

/** What stores the new contents of a revision, and what to call once they are stored. */
export interface FilesToStore {
  readonly statements: readonly Query[];
  readonly done: () => void;
}

/** Changes the files of a package; guards have to see to it that they are as `alterations` expect. */
export function filesToStore(
  { packageId, revision, before, alterations, changes }: {
    readonly packageId: string;
    readonly revision: number;
    readonly before: PackageFiles;
    readonly alterations: readonly Alteration[];
    readonly changes: FileChanges;
  },
): FilesToStore {
  const statements: Query[] = [];
  const ways = new Map<Uint8Array, Stored>();
  for (const alteration of alterations) {
    const { path } = alteration;
    const content = changes.get(path);
    if (!content) {
      statements.push(removeFile(packageId, path));
      continue;
    }
    const way = wayOf(before.get(path), content, alteration);
    ways.set(content, way);
    const change = { packageId, revision, alteration, content };
    statements.push(...way === WHOLE ? storeWhole(packageId, path, content) : storeSplice(change));
  }
  return {
    statements,
    done() {
      for (const [content, way] of ways) stored.set(content, way);
    },
  };
}

function wayOf(
  before: Uint8Array | undefined,
  content: Uint8Array,
  { splice: { inserted } }: Alteration,
): Stored {
  const known = before && stored.get(before);
  if (!known || content.length < LEAST_SPLICED_BYTES) return WHOLE;
  const way = { splices: known.splices + 1, bytes: known.bytes + inserted.length };
  const isTooLong = way.splices > MOST_SPLICES || way.bytes > content.length * MOST_SPLICED_SHARE;
  return isTooLong ? WHOLE : way;
}

function removeFile(packageId: string, path: string): Query {
  return {
    sql: "DELETE FROM package_files WHERE package_id = ? AND path = ?",
    args: [packageId, path],
  };
}

/** Stores a file by its content; what nothing names any more goes by a trigger. */
export function storeWhole(
  packageId: string,
  path: string,
  content: Uint8Array,
): readonly Query[] {
  return [
    storeBlob(content),
    {
      sql: "DELETE FROM file_splices WHERE package_id = ? AND path = ?",
      args: [packageId, path],
    },
    {
      sql:
        `INSERT INTO package_files (package_id, path, sha256, blob_sha256) VALUES (?1, ?2, ?3, ?3)
        ON CONFLICT DO UPDATE SET sha256 = ?3, blob_sha256 = ?3`,
      args: [packageId, path, contentHash(content)],
    },
  ];
}

function storeSplice({ packageId, revision, alteration, content }: Change): readonly Query[] {
  const { path, splice: { offsetBytes, removed, inserted } } = alteration;
  return [
    {
      sql: "UPDATE package_files SET sha256 = ? WHERE package_id = ? AND path = ?",
      args: [contentHash(content), packageId, path],
    },
    {
      sql:
        `INSERT INTO file_splices (package_id, path, revision, offset_bytes, removed_bytes, inserted)
        VALUES (?, ?, ?, ?, ?, ?)`,
      args: [packageId, path, revision, offsetBytes, removed.length, inserted],
    },
  ];
}

/** Holds if every file of a package is stored whole, as a version needs it. */
export function isAllWhole(packageId: string): Guard {
  return {
    sql: "SELECT 1 FROM package_files WHERE package_id = ? AND sha256 <> blob_sha256",
    args: [packageId],
    expects: "no row",
  };
}

/** Stores every file of a package whole, unless an edit comes in between: `isAllWhole` then tells. */
export async function makeAllWhole(database: Database, packageId: string): Promise<void> {
  const [contents = [], splices = []] = await database.read(fileQueries(packageId));
  const files = filesIn(contents, splices);
  const paths = new Set(splices.map((row) => textOf(row, "path")));
  const pending = [...files].filter(([path]) => paths.has(path));
  await database.write(
    pending.flatMap(([path, content]) => storeWhole(packageId, path, content)),
    pending.map(([path, content]) => ({
      sql: "SELECT 1 FROM package_files WHERE package_id = ? AND path = ? AND sha256 = ?",
      args: [packageId, path, contentHash(content)],
      expects: "row",
    })),
  );
}
