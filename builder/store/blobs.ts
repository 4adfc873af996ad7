// Contents of files, each stored once under its hash, for as long as a package or version names it.
import type { PackageFiles } from "../../runtime/package/archive.ts";
import { contentHash } from "./content_hash.ts";
import type { Query, Row } from "./database_protocol.ts";
import { bytesOf, textOf } from "./database_row.ts";

/** Stores a content if it is not there yet. */
export function storeBlob(content: Uint8Array): Query {
  return {
    sql: "INSERT INTO blobs (sha256, content) VALUES (?, ?) ON CONFLICT DO NOTHING",
    args: [contentHash(content), content],
  };
}

/** Removes every content that nothing names; takes a look at each. */
export const DROP_UNUSED_BLOBS: Query = {
  sql: `DELETE FROM blobs
    WHERE NOT EXISTS (SELECT 1 FROM package_files WHERE blob_sha256 = blobs.sha256)
    AND NOT EXISTS (SELECT 1 FROM version_files WHERE sha256 = blobs.sha256)`,
};

/** Files from rows of `path` and `content`. */
export function filesOf(rows: readonly Row[]): PackageFiles {
  return new Map(rows.map((row) => [textOf(row, "path"), bytesOf(row, "content")]));
}
