// The open drafts of packages: the one corridor by which a package changes. Not here: what an edit
// does (`edit/`), how it is stored (`store/`), and the code (`open_live_drafts.ts`).
import type { Edit } from "../schemas/edit.ts";
import type { EditResult } from "./edit/apply_edit.ts";
import type { Draft } from "./edit/draft.ts";
import type { PackageRecord } from "./store/packages.ts";
import type { HistoryRange, Revision, RevisionScope } from "./store/revisions.ts";

/** A draft, and the revision that left it so. */
export interface DraftState {
  readonly draft: Draft;
  readonly revision: number;
}

/** A request to change a draft. */
export interface EditRequest {
  /** The revision that the author saw. */
  readonly baseRevision: number;
  readonly edit: Edit;
  /**
   * Called with the draft as it is when the edit's turn has come; what it throws refuses the edit. For
   * authors who say exactly what they saw (`If-Match`).
   */
  readonly require?: (draft: Draft) => void;
}

/** A stored edit. */
export interface StoredEdit {
  /** The package's last revision now; unchanged if the edit changed nothing. */
  readonly revision: number;
  readonly result: EditResult;
}

/** A step of undo or redo. */
export interface StoredStep extends DraftState {
  /** The undo or redo itself; `ofRevision` is the edit, whose scope and summary it bears. */
  readonly step: Revision;
  readonly changedPaths: readonly string[];
}

/** What subscribers are told after each commit. */
export interface DraftEvent {
  readonly packageId: string;
  readonly revision: Revision;
  readonly changedPaths: readonly string[];
}

/**
 * Drafts of packages. Edits of one package are applied one after another; an answer comes after the
 * commit. All throw AppError `PKG_NOT_FOUND` for a package that is not this user's.
 */
export interface LiveDrafts {
  read(userId: string, packageId: string): Promise<DraftState>;
  /**
   * Applies an edit to the draft as it is now and stores it. An edit whose author saw an older
   * revision is applied all the same if it still fits; `applyEdit` decides.
   * @throws AppError `EDIT_REFUSED`, `EDIT_CONFLICT`, `PKG_NAME_TAKEN`; the draft is then as before
   */
  edit(userId: string, packageId: string, request: EditRequest): Promise<StoredEdit>;
  /**
   * Takes the newest edit back, within a scope if one is named.
   * @throws AppError `EDIT_REFUSED` if there is none, `EDIT_CONFLICT` if later edits touched its files
   */
  undo(userId: string, packageId: string, scope?: RevisionScope): Promise<StoredStep>;
  /** Does the last undone edit again. @throws as `undo` */
  redo(userId: string, packageId: string, scope?: RevisionScope): Promise<StoredStep>;
  /** Newest first, at most 100 unless told. */
  history(
    userId: string,
    packageId: string,
    range?: HistoryRange,
  ): Promise<readonly Revision[]>;
  /** Brings the files of a version back, as an edit that can be undone. */
  restoreVersion(userId: string, packageId: string, versionId: string): Promise<DraftState>;
  /** A copy under a free name, without history and versions. */
  duplicate(userId: string, packageId: string): Promise<PackageRecord>;
  /**
   * Calls back after each commit, from whatever tab or program; returns what ends it. A listener that
   * throws is not called again.
   */
  subscribe(
    userId: string,
    packageId: string,
    listener: (event: DraftEvent) => void,
  ): Promise<() => void>;
}
