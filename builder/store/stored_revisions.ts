// The history of packages in the database; `revisions.ts` states the contract.
import type { PackageFiles } from "../../runtime/package/archive.ts";
import { AppError } from "../../schemas/error.ts";
import {
  type Alteration,
  alterationOf,
  alterationsOf,
  altered,
  fits,
  inverse,
} from "./alteration.ts";
import { type Clock, isoTime } from "./clock.ts";
import type { Database } from "./database.ts";
import type { Guard, Query, Row } from "./database_protocol.ts";
import { integerOf, textOf } from "./database_row.ts";
import { type PackageFacts, packageFacts } from "./package_facts.ts";
import {
  nameIsFree,
  nameTaken,
  ownPackage,
  type PackageKey,
  packageNotFound,
} from "./package_rows.ts";
import type { Packages } from "./packages.ts";
import {
  isAsBefore,
  isLastRevision,
  prune,
  revisionOf,
  storeEdit,
  storePackage,
  storeStep,
} from "./revision_statements.ts";
import { filesToStore } from "./stored_files.ts";
import type {
  FileChanges,
  HistoryRange,
  NewRevision,
  Revision,
  RevisionBase,
  Revisions,
  RevisionScope,
  RevisionStep,
  StepRequest,
} from "./revisions.ts";

/** The history in a database. */
export function revisionsIn(
  { database, packages, now }: {
    readonly database: Database;
    readonly packages: Packages;
    readonly now: Clock;
  },
): Revisions {
  return new StoredRevisions(database, packages, now);
}

/** A revision that is about to be stored, and what it does to the files. */
interface Commit {
  readonly key: PackageKey;
  readonly base: RevisionBase;
  readonly revision: Revision;
  readonly alterations: readonly Alteration[];
  readonly changes: FileChanges;
}

class StoredRevisions implements Revisions {
  readonly #database: Database;
  readonly #packages: Packages;
  readonly #now: Clock;

  constructor(database: Database, packages: Packages, now: Clock) {
    this.#database = database;
    this.#packages = packages;
    this.#now = now;
  }

  async append(
    userId: string,
    packageId: string,
    { base, scope, summary, changes }: NewRevision,
  ): Promise<Revision | undefined> {
    const alterations = alterationsOf(base.files, changes);
    if (alterations.length === 0) return undefined;
    const revision: Revision = {
      revision: base.revision + 1,
      kind: "edit",
      scope,
      summary,
      userId,
      createdAt: isoTime(this.#now()),
      state: "done",
      ofRevision: null,
    };
    const key = { userId, packageId };
    await this.#commit(
      { key, base, revision, alterations, changes },
      storeEdit(packageId, revision, alterations),
    );
    return revision;
  }

  undo(userId: string, packageId: string, request: StepRequest): Promise<RevisionStep> {
    return this.#step({ userId, packageId }, "undo", request);
  }

  redo(userId: string, packageId: string, request: StepRequest): Promise<RevisionStep> {
    return this.#step({ userId, packageId }, "redo", request);
  }

  list(
    userId: string,
    packageId: string,
    { limit = 100, before = Number.MAX_SAFE_INTEGER }: HistoryRange = {},
  ): Promise<readonly Revision[]> {
    return this.#revisions({ userId, packageId }, {
      sql:
        "SELECT * FROM revisions WHERE package_id = ? AND revision < ? ORDER BY revision DESC LIMIT ?",
      args: [packageId, before, limit],
    });
  }

  async steps(userId: string, packageId: string, scope?: RevisionScope) {
    const key = { userId, packageId };
    const undo = await this.#revisions(key, nextStep(packageId, "undo", scope));
    const redo = await this.#revisions(key, nextStep(packageId, "redo", scope));
    return { undo: undo[0] ?? null, redo: redo[0] ?? null };
  }

  async changesBackTo(
    userId: string,
    packageId: string,
    { base, revision }: { readonly base: RevisionBase; readonly revision: number },
  ): Promise<FileChanges> {
    await this.#packages.get(userId, packageId);
    const rows = await this.#database.rows(
      `SELECT r.revision AS number, r.kind, c.* FROM revisions r JOIN revision_changes c
        ON c.package_id = r.package_id AND c.revision = coalesce(r.of_revision, r.revision)
        WHERE r.package_id = ? AND r.revision > ? AND r.revision <= ? ORDER BY r.revision DESC`,
      [packageId, revision, base.revision],
    );
    const found = new Set(rows.map((row) => integerOf(row, "number")));
    if (found.size !== base.revision - revision) throw tooOld(revision);
    const changes = new Map<string, Uint8Array | null>();
    for (const row of rows) {
      const alteration = alterationBack(row);
      const content = contentNow(alteration.path, base.files, changes);
      if (!fits(alteration, content)) throw tooOld(revision);
      changes.set(alteration.path, altered(alteration, content));
    }
    return changes;
  }

  async #step(
    key: PackageKey,
    kind: "undo" | "redo",
    { base, scope }: StepRequest,
  ): Promise<RevisionStep> {
    const [edit] = await this.#revisions(key, nextStep(key.packageId, kind, scope));
    if (!edit) throw new AppError("EDIT_REFUSED", `There is nothing to ${kind}`);
    const alterations = await this.#alterations(key.packageId, edit.revision, kind);
    const clash = alterations.find((each) => !fits(each, base.files.get(each.path)));
    if (clash) throw clashed(edit, kind, clash.path);
    const changes = new Map(
      alterations.map((each) => [each.path, altered(each, base.files.get(each.path))]),
    );
    const revision: Revision = {
      ...edit,
      revision: base.revision + 1,
      kind,
      userId: key.userId,
      createdAt: isoTime(this.#now()),
      state: "done",
      ofRevision: edit.revision,
    };
    await this.#commit(
      { key, base, revision, alterations, changes },
      storeStep(key.packageId, revision),
    );
    return { revision, changes };
  }

  async #alterations(packageId: string, revision: number, kind: "undo" | "redo") {
    const rows = await this.#database.rows(
      "SELECT * FROM revision_changes WHERE package_id = ? AND revision = ? ORDER BY path",
      [packageId, revision],
    );
    const alterations = rows.map(alterationOf);
    return kind === "undo" ? alterations.map(inverse) : alterations;
  }

  /** Stores a revision with all that belongs to it: everything, or nothing. */
  async #commit(
    { key, base, revision, alterations, changes }: Commit,
    history: readonly Query[],
  ): Promise<void> {
    const { packageId } = key;
    const facts = factsAfter(base.files, changes);
    const guards: Guard[] = [
      ownPackage(key),
      isLastRevision(packageId, base.revision),
      ...alterations.map((each) => isAsBefore(packageId, each)),
      ...facts ? [nameIsFree(key, facts.name)] : [],
    ];
    const files = filesToStore({
      packageId,
      revision: revision.revision,
      before: base.files,
      alterations,
      changes,
    });
    const { refusedBy } = await this.#database.write([
      storePackage(packageId, revision, facts),
      ...files.statements,
      ...history,
      ...prune(packageId, revision, alterations),
    ], guards);
    if (refusedBy === null) return files.done();
    if (refusedBy === 0) throw packageNotFound(packageId);
    if (facts && refusedBy === guards.length - 1) {
      throw nameTaken(facts.name, await this.#packages.freeName(key.userId, facts.name));
    }
    throw outOfDate(base.revision);
  }

  /** Revisions of a package that is this user's. */
  async #revisions(key: PackageKey, query: Query): Promise<readonly Revision[]> {
    const [owned = [], rows = []] = await this.#database.read([ownPackage(key), query]);
    if (owned.length === 0) throw packageNotFound(key.packageId);
    return rows.map(revisionOf);
  }
}

/** The edit whose state changed last is the next to be undone or redone. */
function nextStep(packageId: string, kind: "undo" | "redo", scope: string | undefined): Query {
  return {
    sql: `SELECT * FROM revisions WHERE package_id = ? AND kind = 'edit' AND state = ?
      ${scope === undefined ? "" : "AND scope = ?"} ORDER BY state_revision DESC LIMIT 1`,
    args: [
      packageId,
      kind === "undo" ? "done" : "undone",
      ...scope === undefined ? [] : [scope],
    ],
  };
}

/** What the manifest says after a change; undefined if the change leaves it, or breaks it. */
function factsAfter(files: PackageFiles, changes: FileChanges): PackageFacts | undefined {
  const manifest = changes.get("bmad.json");
  if (!manifest) return undefined;
  return packageFacts(new Map([...files, ["bmad.json", manifest]]));
}

/** What takes a revision back: an undo did the inverse of its edit. */
function alterationBack(row: Row): Alteration {
  const alteration = alterationOf(row);
  return textOf(row, "kind") === "undo" ? alteration : inverse(alteration);
}

function contentNow(path: string, files: PackageFiles, changes: FileChanges) {
  return changes.has(path) ? changes.get(path) : files.get(path);
}

function clashed(edit: Revision, kind: "undo" | "redo", path: string): AppError {
  return new AppError(
    "EDIT_CONFLICT",
    `Could not ${kind} "${edit.summary}": "${path}" was changed by another edit since. Undo that one first`,
    { details: { path, revision: edit.revision } },
  );
}

function outOfDate(revision: number): AppError {
  return new AppError(
    "EDIT_CONFLICT",
    `The package has changed since revision ${revision}: load it again and repeat the change`,
    { details: { revision } },
  );
}

function tooOld(revision: number): AppError {
  return new AppError(
    "EDIT_CONFLICT",
    `Revision ${revision} is too old to build on: load the package again and repeat the change`,
    { details: { revision } },
  );
}
