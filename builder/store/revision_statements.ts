// The SQL that stores one revision, and what has to be so before. Not here: which revision to store.
import type { Alteration } from "./alteration.ts";
import type { Guard, Query, Row } from "./database_protocol.ts";
import { integerOf, integerOrNull, textOf } from "./database_row.ts";
import { factColumns, type PackageFacts } from "./package_facts.ts";
import type { Revision, RevisionScope } from "./revisions.ts";

/** Edits of a package that can be undone. */
export const UNDO_STEPS = 1000;

/** Bytes of changes that are kept of a package's history; the oldest go first. */
const HISTORY_BYTES = 256 * 1024 * 1024;

/** Rows of history that are kept: undo and redo in turn make rows, but no new step. */
const HISTORY_ROWS = 10_000;

/** Old history is looked for every so many revisions, and after a big one. */
const PRUNE_EVERY = 64;
const BIG_BYTES = 1024 * 1024;

/** Holds if the package's last revision is this one. */
export function isLastRevision(packageId: string, revision: number): Guard {
  return {
    sql: "SELECT 1 FROM packages WHERE package_id = ? AND revision = ?",
    args: [packageId, revision],
    expects: "row",
  };
}

/** Holds if the stored file is what an alteration starts from. */
export function isAsBefore(packageId: string, { path, before }: Alteration): Guard {
  const sql = "SELECT 1 FROM package_files WHERE package_id = ? AND path = ?";
  if (before === null) return { sql, args: [packageId, path], expects: "no row" };
  return { sql: `${sql} AND sha256 = ?`, args: [packageId, path, before], expects: "row" };
}

/** Notes a revision on its package; without facts, what the manifest said last stays. */
export function storePackage(
  packageId: string,
  { revision, createdAt }: Revision,
  facts: PackageFacts | undefined,
): Query {
  const said = facts
    ? ", name = ?, name_key = ?, version = ?, description = ?, workflows = ?, search_text = ?"
    : "";
  return {
    sql: `UPDATE packages SET revision = ?, updated_at = ?${said} WHERE package_id = ?`,
    args: [revision, createdAt, ...facts ? factColumns(facts) : [], packageId],
  };
}

/** Stores an edit with its alterations, and makes undone edits past recall. */
export function storeEdit(
  packageId: string,
  revision: Revision,
  alterations: readonly Alteration[],
): readonly Query[] {
  const drop: Query = {
    sql: `UPDATE revisions SET state = 'dropped'
      WHERE package_id = ? AND kind = 'edit' AND state = 'undone'`,
    args: [packageId],
  };
  const changes = alterations.map(({ path, before, after, splice }) => ({
    sql: `INSERT INTO revision_changes (package_id, revision, path, before_sha256, after_sha256,
      offset_bytes, removed, inserted) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    args: [
      packageId,
      revision.revision,
      path,
      before,
      after,
      splice.offsetBytes,
      splice.removed,
      splice.inserted,
    ],
  }));
  const bytes = sizeOf(alterations);
  return [drop, insertRevision(packageId, revision, bytes), ...changes];
}

/** Stores an undo or redo, and that its edit is now undone or done. */
export function storeStep(packageId: string, step: Revision): readonly Query[] {
  return [insertRevision(packageId, step, 0), {
    sql: `UPDATE revisions SET state = ?, state_revision = ?
      WHERE package_id = ? AND revision = ?`,
    args: [step.kind === "undo" ? "undone" : "done", step.revision, packageId, step.ofRevision],
  }];
}

/** Removes history that is too old, where it is time to look. */
export function prune(
  packageId: string,
  { revision }: Revision,
  alterations: readonly Alteration[],
): readonly Query[] {
  if (revision % PRUNE_EVERY !== 0 && sizeOf(alterations) < BIG_BYTES) return [];
  return [
    {
      sql: `DELETE FROM revisions WHERE package_id = ?1 AND revision <= (
        SELECT revision FROM revisions WHERE package_id = ?1 AND kind = 'edit' AND state = 'done'
        ORDER BY revision DESC LIMIT 1 OFFSET ${UNDO_STEPS})`,
      args: [packageId],
    },
    {
      sql: `DELETE FROM revisions WHERE package_id = ?1 AND revision < ?2 AND revision <= (
        SELECT max(revision) FROM (
          SELECT revision, sum(bytes) OVER (ORDER BY revision DESC) AS total
          FROM revisions WHERE package_id = ?1
        ) WHERE total > ${HISTORY_BYTES})`,
      args: [packageId, revision],
    },
    {
      sql: "DELETE FROM revisions WHERE package_id = ? AND revision <= ?",
      args: [packageId, revision - HISTORY_ROWS],
    },
  ];
}

/** A revision from a row of `revisions`. */
export function revisionOf(row: Row): Revision {
  return {
    revision: integerOf(row, "revision"),
    kind: textOf(row, "kind") as Revision["kind"],
    scope: textOf(row, "scope") as RevisionScope,
    summary: textOf(row, "summary"),
    userId: textOf(row, "user_id"),
    createdAt: textOf(row, "created_at"),
    state: textOf(row, "state") as Revision["state"],
    ofRevision: integerOrNull(row, "of_revision"),
  };
}

function insertRevision(packageId: string, revision: Revision, bytes: number): Query {
  return {
    sql: `INSERT INTO revisions (package_id, revision, kind, scope, summary, user_id, created_at,
      of_revision, state, state_revision, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    args: [
      packageId,
      revision.revision,
      revision.kind,
      revision.scope,
      revision.summary,
      revision.userId,
      revision.createdAt,
      revision.ofRevision,
      revision.state,
      revision.revision,
      bytes,
    ],
  };
}

function sizeOf(alterations: readonly Alteration[]): number {
  return alterations.reduce(
    (sum, { splice }) => sum + splice.removed.length + splice.inserted.length,
    0,
  );
}
