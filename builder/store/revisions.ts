// The changes of a package, one after another, each of which can be undone and redone. Not here: what
// a change means (`builder/edit/`).

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

/** A change to store. */
export interface NewRevision {
  /** The revision that the changes start from: the package's last. */
  readonly baseRevision: number;
  readonly scope: RevisionScope;
  readonly summary: string;
  readonly changes: FileChanges;
}

/** A change taken back or done again. */
export interface RevisionStep {
  readonly revision: Revision;
  readonly changes: FileChanges;
}

/** The history of each package; 1,000 edits of it can be undone. */
export interface Revisions {
  /**
   * Stores a change in one transaction. Changes that change nothing are stored as nothing and answer
   * `undefined`. Undone edits can no longer be redone afterwards.
   * @throws AppError `PKG_NOT_FOUND`, `EDIT_CONFLICT` if `baseRevision` is not the last,
   * `PKG_NAME_TAKEN` if the manifest's new name is another package's
   */
  append(userId: string, packageId: string, change: NewRevision): Promise<Revision | undefined>;
  /**
   * Takes the newest done edit back, within a scope if one is named.
   * @throws AppError `PKG_NOT_FOUND`; `EDIT_REFUSED` if there is none; `EDIT_CONFLICT` if a file is no
   * longer as that edit left it
   */
  undo(userId: string, packageId: string, scope?: RevisionScope): Promise<RevisionStep>;
  /** Does the edit that was undone last again, within a scope if one is named. @throws as `undo` */
  redo(userId: string, packageId: string, scope?: RevisionScope): Promise<RevisionStep>;
  /** Newest first. @throws AppError `PKG_NOT_FOUND` */
  list(
    userId: string,
    packageId: string,
    options?: { readonly limit?: number; readonly before?: number },
  ): Promise<readonly Revision[]>;
  /** What `undo` and `redo` would take: for menus. @throws AppError `PKG_NOT_FOUND` */
  steps(
    userId: string,
    packageId: string,
    scope?: RevisionScope,
  ): Promise<{ readonly undo: Revision | null; readonly redo: Revision | null }>;
}
