// The changes of a package, one after another, each of which can be undone and redone. Not here: what
// a change means (`builder/edit/`), and how it is stored (`stored_revisions.ts`).
import type { PackageFiles } from "../../runtime/package/archive.ts";

/** `workflow:ID`, `agent:ID`, `file:PATH`, or `package`. */
export type RevisionScope = `workflow:${string}` | `agent:${string}` | `file:${string}` | "package";

/** What made a revision. */
export type RevisionKind = "edit" | "undo" | "redo";

/** A stored change, without its contents. */
export interface Revision {
  /** 1 for the first change of a package; no gaps. */
  readonly revision: number;
  readonly kind: RevisionKind;
  readonly scope: RevisionScope;
  /** A short phrase such as `Move 3 nodes`. */
  readonly summary: string;
  readonly userId: string;
  readonly createdAt: string;
  /** For `edit`: whether its effect is in the files. An edit that was undone can be redone until the next edit. */
  readonly state: "done" | "undone" | "dropped";
  /** For `undo` and `redo`: the edit that it took back or did again. */
  readonly ofRevision: number | null;
}

/** Path → new content, `null` for a file that is gone. */
export type FileChanges = ReadonlyMap<string, Uint8Array | null>;

/** The package as the caller holds it: its last revision and its files. */
export interface RevisionBase {
  readonly revision: number;
  readonly files: PackageFiles;
}

/** A change to store. */
export interface NewRevision {
  readonly base: RevisionBase;
  readonly scope: RevisionScope;
  readonly summary: string;
  readonly changes: FileChanges;
}

/** A change taken back or done again. */
export interface RevisionStep {
  readonly revision: Revision;
  readonly changes: FileChanges;
}

/** Which step to take: from which state, and within which scope, if any. */
export interface StepRequest {
  readonly base: RevisionBase;
  readonly scope?: RevisionScope;
}

/** A stretch of history. */
export interface HistoryRange {
  /** At most so many, newest first; 100 unless told. */
  readonly limit?: number;
  /** Only revisions older than this one. */
  readonly before?: number;
}

/**
 * The history of each package; 1,000 edits of it can be undone. All methods throw AppError
 * `PKG_NOT_FOUND` for a package that is not this user's.
 */
export interface Revisions {
  /**
   * Stores a change in one transaction. Changes that change nothing are stored as nothing and answer
   * `undefined`. Undone edits can no longer be redone afterwards.
   * @throws AppError `EDIT_CONFLICT` if the base is not the last revision, `PKG_NAME_TAKEN` if the
   * manifest's new name is another package's
   */
  append(userId: string, packageId: string, change: NewRevision): Promise<Revision | undefined>;
  /**
   * Takes the newest done edit back, within a scope if one is named.
   * @throws AppError `EDIT_REFUSED` if there is none; `EDIT_CONFLICT` if a file is no longer as that
   * edit left it, or the base is not the last revision; `PKG_NAME_TAKEN`
   */
  undo(userId: string, packageId: string, request: StepRequest): Promise<RevisionStep>;
  /** Does the edit that was undone last again, within a scope if one is named. Throws like `undo`. */
  redo(userId: string, packageId: string, request: StepRequest): Promise<RevisionStep>;
  /** Newest first. */
  list(userId: string, packageId: string, range?: HistoryRange): Promise<readonly Revision[]>;
  /** What `undo` and `redo` would take: for menus. */
  steps(
    userId: string,
    packageId: string,
    scope?: RevisionScope,
  ): Promise<{ readonly undo: Revision | null; readonly redo: Revision | null }>;
  /**
   * What leads from the base's files back to those of an earlier revision.
   * @throws AppError `EDIT_CONFLICT` if the history does not reach back so far
   */
  changesBackTo(
    userId: string,
    packageId: string,
    range: { readonly base: RevisionBase; readonly revision: number },
  ): Promise<FileChanges>;
}
