// Named states of a package that stay: a label, notes, and all files as they were.
import { AppError } from "../../schemas/error.ts";
import { DROP_UNUSED_BLOBS, filesOf } from "./blobs.ts";
import { type Clock, isoTime } from "./clock.ts";
import type { Database } from "./database.ts";
import type { Guard, Query, Row } from "./database_protocol.ts";
import { integerOf, textOf, textOrNull } from "./database_row.ts";
import { ownPackage, packageNotFound } from "./package_rows.ts";
import { newRowId } from "./secret.ts";
import { isAllWhole, makeAllWhole } from "./stored_files.ts";
import type { PackageFiles } from "../../runtime/package/archive.ts";

/** A named state. */
export interface Version {
  readonly versionId: string;
  /** 1–64 characters, such as `1.2.0`; unique within the package. */
  readonly label: string;
  readonly notes: string;
  readonly createdAt: string;
  /** The revision that it shows. */
  readonly revision: number;
}

/** How a file differs between two states; hashes are SHA-256 in hex, `null` where there is no file. */
export interface FileDifference {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Versions of each package. All throw AppError `PKG_NOT_FOUND` for an unknown package or version. */
export interface Versions {
  /**
   * Keeps the package's files as they are now.
   * @throws AppError `REQUEST_INVALID` for a label that is empty or too long, `VERSION_EXISTS` for one
   * that is taken
   */
  create(
    userId: string,
    packageId: string,
    version: { readonly label: string; readonly notes: string },
  ): Promise<Version>;
  /** Newest first. */
  list(userId: string, packageId: string): Promise<readonly Version[]>;
  get(userId: string, packageId: string, versionId: string): Promise<Version>;
  files(userId: string, packageId: string, versionId: string): Promise<PackageFiles>;
  /** Which files differ from a version to another, or to the draft as it is now; by path. */
  compare(
    userId: string,
    packageId: string,
    states: { readonly from: string; readonly to: string | "draft" },
  ): Promise<readonly FileDifference[]>;
  delete(userId: string, packageId: string, versionId: string): Promise<void>;
}

const LABEL_MAX_LENGTH = 64;
const NOTES_MAX_LENGTH = 20_000;

/** The versions in a database. */
export function versionsIn(database: Database, now: Clock): Versions {
  return new StoredVersions(database, now);
}

class StoredVersions implements Versions {
  readonly #database: Database;
  readonly #now: Clock;

  constructor(database: Database, now: Clock) {
    this.#database = database;
    this.#now = now;
  }

  async create(
    userId: string,
    packageId: string,
    version: { readonly label: string; readonly notes: string },
  ): Promise<Version> {
    const { label, notes } = checkedVersion(version);
    const versionId = newRowId();
    const labelIsFree: Guard = {
      sql: "SELECT 1 FROM versions WHERE package_id = ? AND label = ?",
      args: [packageId, label],
      expects: "no row",
    };
    const { refusedBy } = await this.#writeWhole(packageId, [
      {
        sql: `INSERT INTO versions (version_id, package_id, label, notes, revision, created_at)
          SELECT ?, package_id, ?, ?, revision, ? FROM packages WHERE package_id = ?`,
        args: [versionId, label, notes, isoTime(this.#now()), packageId],
      },
      {
        sql: `INSERT INTO version_files (version_id, path, sha256)
          SELECT ?, path, sha256 FROM package_files WHERE package_id = ?`,
        args: [versionId, packageId],
      },
    ], [ownPackage({ userId, packageId }), labelIsFree]);
    if (refusedBy === 0) throw packageNotFound(packageId);
    if (refusedBy !== null) {
      throw new AppError("VERSION_EXISTS", `There is a version ${JSON.stringify(label)} already`, {
        details: { field: "label" },
      });
    }
    return this.get(userId, packageId, versionId);
  }

  /** Makes a change that needs all files of the package stored whole; edits may go on meanwhile. */
  async #writeWhole(packageId: string, statements: readonly Query[], guards: readonly Guard[]) {
    for (;;) {
      const outcome = await this.#database.write(statements, [...guards, isAllWhole(packageId)]);
      if (outcome.refusedBy !== guards.length) return outcome;
      await makeAllWhole(this.#database, packageId);
    }
  }

  async list(userId: string, packageId: string): Promise<readonly Version[]> {
    const { sql, args = [] } = ownPackage({ userId, packageId });
    const [owned = [], versions = []] = await this.#database.read([
      { sql, args },
      {
        sql: `SELECT * FROM versions WHERE package_id = ?
          ORDER BY created_at DESC, revision DESC, version_id`,
        args: [packageId],
      },
    ]);
    if (owned.length === 0) throw packageNotFound(packageId);
    return versions.map(versionOf);
  }

  async get(userId: string, packageId: string, versionId: string): Promise<Version> {
    const row = await this.#database.row(
      `SELECT versions.* FROM versions JOIN packages USING (package_id)
        WHERE version_id = ? AND package_id = ? AND owner_id = ? AND deleted_at IS NULL`,
      [versionId, packageId, userId],
    );
    if (!row) throw versionNotFound(versionId);
    return versionOf(row);
  }

  async files(userId: string, packageId: string, versionId: string): Promise<PackageFiles> {
    await this.get(userId, packageId, versionId);
    return filesOf(
      await this.#database.rows(
        `SELECT path, content FROM version_files JOIN blobs USING (sha256)
          WHERE version_id = ? ORDER BY path`,
        [versionId],
      ),
    );
  }

  async compare(
    userId: string,
    packageId: string,
    { from, to }: { readonly from: string; readonly to: string | "draft" },
  ): Promise<readonly FileDifference[]> {
    await this.get(userId, packageId, from);
    if (to !== "draft") await this.get(userId, packageId, to);
    const after = to === "draft"
      ? "SELECT path, sha256 FROM package_files WHERE package_id = ?2"
      : "SELECT path, sha256 FROM version_files WHERE version_id = ?2";
    const rows = await this.#database.rows(
      `WITH a AS (SELECT path, sha256 FROM version_files WHERE version_id = ?1), b AS (${after})
        SELECT path, a.sha256 AS before_sha256, b.sha256 AS after_sha256
        FROM a FULL JOIN b USING (path) WHERE a.sha256 IS NOT b.sha256 ORDER BY path`,
      [from, to === "draft" ? packageId : to],
    );
    return rows.map((row) => ({
      path: textOf(row, "path"),
      before: textOrNull(row, "before_sha256"),
      after: textOrNull(row, "after_sha256"),
    }));
  }

  async delete(userId: string, packageId: string, versionId: string): Promise<void> {
    await this.get(userId, packageId, versionId);
    await this.#database.write([
      { sql: "DELETE FROM versions WHERE version_id = ?", args: [versionId] },
      DROP_UNUSED_BLOBS,
    ]);
  }
}

function versionOf(row: Row): Version {
  return {
    versionId: textOf(row, "version_id"),
    label: textOf(row, "label"),
    notes: textOf(row, "notes"),
    createdAt: textOf(row, "created_at"),
    revision: integerOf(row, "revision"),
  };
}

function checkedVersion(version: { readonly label: string; readonly notes: string }) {
  const label = version.label.trim();
  const notes = version.notes.trim();
  if (label.length === 0 || label.length > LABEL_MAX_LENGTH) {
    throw invalidVersion(
      `The label has ${label.length} characters; it needs 1 to ${LABEL_MAX_LENGTH}, such as "1.2.0"`,
      "label",
    );
  }
  if (notes.length > NOTES_MAX_LENGTH) {
    throw invalidVersion(
      `The notes have ${notes.length} characters; at most ${NOTES_MAX_LENGTH} are kept`,
      "notes",
    );
  }
  return { label, notes };
}

function invalidVersion(message: string, field: string): AppError {
  return new AppError("REQUEST_INVALID", message, { details: { field } });
}

function versionNotFound(versionId: string): AppError {
  return new AppError("PKG_NOT_FOUND", `There is no version ${JSON.stringify(versionId)}`, {
    details: { versionId },
  });
}
