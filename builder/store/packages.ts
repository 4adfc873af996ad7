// Packages of a user as they are listed, and the files they hold now. Not here: how they came to be
// so (`revisions.ts`) and named states (`versions.ts`).
import { AppError } from "../../schemas/error.ts";
import { DROP_UNUSED_BLOBS } from "./blobs.ts";
import { type Clock, isoTime } from "./clock.ts";
import type { Database } from "./database.ts";
import { integerOf, textOf } from "./database_row.ts";
import { factColumns, packageFacts, searchKey } from "./package_facts.ts";
import { nameIsFree, nameTaken, ownPackage, packageNotFound, packageOf } from "./package_rows.ts";
import { newRowId } from "./secret.ts";
import { fileQueries, filesIn, storeWhole } from "./stored_files.ts";
import type { PackageFiles } from "../../runtime/package/archive.ts";

/** A workflow as a card names it. */
export interface WorkflowTitle {
  readonly workflowId: string;
  readonly title: string;
}

/** A package without its files. What it says about itself is read from its files at each save. */
export interface PackageRecord {
  readonly packageId: string;
  /** The manifest's name; among the packages of a user unique regardless of case. */
  readonly name: string;
  /** The manifest's version. */
  readonly version: string;
  readonly description: string;
  readonly workflows: readonly WorkflowTitle[];
  /** Number of the last change; 0 for a package that was never changed. */
  readonly revision: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** When it was put into the bin; `null` for one in use. */
  readonly deletedAt: string | null;
}

/** What to list. */
export interface PackageQuery {
  /** Words that name, description or a workflow's title have to contain, all of them, in any case. */
  readonly search?: string;
  /** `bin`: only deleted ones. Packages in use if not given. */
  readonly from?: "use" | "bin";
}

/** A package's files and the revision that left them so. */
export interface StoredFiles {
  readonly revision: number;
  readonly files: PackageFiles;
}

/** Packages of each user; the package of another user is not found. */
export interface Packages {
  /**
   * Stores a new package. Its name is the manifest's; the caller has checked the files.
   * @throws AppError `PKG_NAME_TAKEN` (details.name, details.free: a name that is free),
   * `PKG_INVALID` if `bmad.json` is missing or has no name
   */
  create(userId: string, files: PackageFiles): Promise<PackageRecord>;
  /** Last changed first. */
  list(userId: string, query?: PackageQuery): Promise<readonly PackageRecord[]>;
  /** @throws AppError `PKG_NOT_FOUND` also for a deleted one */
  get(userId: string, packageId: string): Promise<PackageRecord>;
  /** @throws AppError `PKG_NOT_FOUND` */
  files(userId: string, packageId: string): Promise<StoredFiles>;
  /** `name`, or `name 2`, `name 3` …: the first that no package in use of this user has. */
  freeName(userId: string, name: string): Promise<string>;
  /** Puts a package into the bin, where it stays 30 days. @throws AppError `PKG_NOT_FOUND` */
  delete(userId: string, packageId: string): Promise<void>;
  /**
   * Takes a package out of the bin, with its history.
   * @throws AppError `PKG_NOT_FOUND`, `PKG_NAME_TAKEN`
   */
  restore(userId: string, packageId: string): Promise<PackageRecord>;
  /** Removes what has been in the bin for 30 days. The store does it when it is opened. */
  purge(): Promise<number>;
}

const BIN_MS = 30 * 24 * 60 * 60 * 1000;

/** The packages in a database. */
export function packagesIn(database: Database, now: Clock): Packages {
  return new StoredPackages(database, now);
}

class StoredPackages implements Packages {
  readonly #database: Database;
  readonly #now: Clock;

  constructor(database: Database, now: Clock) {
    this.#database = database;
    this.#now = now;
  }

  async create(userId: string, files: PackageFiles): Promise<PackageRecord> {
    const facts = packageFacts(files);
    if (!facts) throw new AppError("PKG_INVALID", 'The package has no "bmad.json" with a "name"');
    const packageId = newRowId();
    const createdAt = isoTime(this.#now());
    const insert = {
      sql: `INSERT INTO packages (package_id, owner_id, created_at, updated_at,
          name, name_key, version, description, workflows, search_text)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      args: [packageId, userId, createdAt, createdAt, ...factColumns(facts)],
    };
    const contents = [...files].flatMap(([path, content]) => storeWhole(packageId, path, content));
    const guards = [nameIsFree({ userId, packageId }, facts.name)];
    const { refusedBy } = await this.#database.write([insert, ...contents], guards);
    if (refusedBy !== null) {
      throw nameTaken(facts.name, await this.freeName(userId, facts.name));
    }
    return this.get(userId, packageId);
  }

  async list(
    userId: string,
    { search = "", from = "use" }: PackageQuery = {},
  ): Promise<readonly PackageRecord[]> {
    const words = searchKey(search).split(/\s+/).filter(Boolean).slice(0, 16);
    const rows = await this.#database.rows(
      `SELECT * FROM packages WHERE owner_id = ?
        AND deleted_at IS ${from === "bin" ? "NOT NULL" : "NULL"}
        ${words.map(() => "AND instr(search_text, ?) > 0").join(" ")}
        ORDER BY ${from === "bin" ? "deleted_at" : "updated_at"} DESC, package_id`,
      [userId, ...words],
    );
    return rows.map(packageOf);
  }

  async get(userId: string, packageId: string): Promise<PackageRecord> {
    const row = await this.#database.row(
      "SELECT * FROM packages WHERE package_id = ? AND owner_id = ? AND deleted_at IS NULL",
      [packageId, userId],
    );
    if (!row) throw packageNotFound(packageId);
    return packageOf(row);
  }

  async files(userId: string, packageId: string): Promise<StoredFiles> {
    const { sql, args = [] } = ownPackage({ userId, packageId });
    const [packages = [], contents = [], splices = []] = await this.#database.read([
      { sql: sql.replace("SELECT 1", "SELECT revision"), args },
      ...fileQueries(packageId),
    ]);
    const [row] = packages;
    if (!row) throw packageNotFound(packageId);
    return { revision: integerOf(row, "revision"), files: filesIn(contents, splices) };
  }

  async freeName(userId: string, name: string): Promise<string> {
    const rows = await this.#database.rows(
      "SELECT name_key FROM packages WHERE owner_id = ? AND deleted_at IS NULL",
      [userId],
    );
    const taken = new Set(rows.map((row) => textOf(row, "name_key")));
    const stem = name.replace(/ \d+$/, "");
    let free = name;
    for (let number = 2; taken.has(searchKey(free)); number++) free = `${stem} ${number}`;
    return free;
  }

  async delete(userId: string, packageId: string): Promise<void> {
    const { refusedBy } = await this.#database.write([{
      sql: "UPDATE packages SET deleted_at = ? WHERE package_id = ?",
      args: [isoTime(this.#now()), packageId],
    }], [ownPackage({ userId, packageId })]);
    if (refusedBy !== null) throw packageNotFound(packageId);
  }

  async restore(userId: string, packageId: string): Promise<PackageRecord> {
    const row = await this.#database.row(
      "SELECT name FROM packages WHERE package_id = ? AND owner_id = ? AND deleted_at IS NOT NULL",
      [packageId, userId],
    );
    if (!row) throw packageNotFound(packageId);
    const name = textOf(row, "name");
    const { refusedBy } = await this.#database.write([{
      sql: "UPDATE packages SET deleted_at = NULL WHERE package_id = ? AND owner_id = ?",
      args: [packageId, userId],
    }], [nameIsFree({ userId, packageId }, name)]);
    if (refusedBy !== null) throw nameTaken(name, await this.freeName(userId, name));
    return this.get(userId, packageId);
  }

  async purge(): Promise<number> {
    const { changed } = await this.#database.write([
      {
        sql: "DELETE FROM packages WHERE deleted_at <= ?",
        args: [isoTime(this.#now() - BIN_MS)],
      },
      DROP_UNUSED_BLOBS,
    ]);
    return changed[0] ?? 0;
  }
}
