// The live drafts over a store; `live_drafts.ts` states the contract.
import type { Edit } from "../schemas/edit.ts";
import { AppError } from "../schemas/error.ts";
import { DraftCache } from "./draft_cache.ts";
import { applyEdit, type EditContext, withFiles } from "./edit/apply_edit.ts";
import { type Draft, openDraft } from "./edit/draft.ts";
import type {
  DraftEvent,
  DraftState,
  EditRequest,
  LiveDrafts,
  StoredEdit,
  StoredStep,
} from "./live_drafts.ts";
import { oneAfterAnother } from "./one_after_another.ts";
import type { PackageRecord } from "./store/packages.ts";
import type {
  FileChanges,
  HistoryRange,
  NewRevision,
  Revision,
  RevisionBase,
  RevisionScope,
} from "./store/revisions.ts";
import { newRowId } from "./store/secret.ts";
import type { Store } from "./store/store.ts";

type Listener = (event: DraftEvent) => void;

/** What of the store drafts need. */
export type DraftStore = Pick<Store, "packages" | "revisions" | "versions">;

/** Live drafts over an open store; make one per store, since it is the one that orders edits. */
export function openLiveDrafts(store: DraftStore): LiveDrafts {
  return new OpenDrafts(store);
}

class OpenDrafts implements LiveDrafts {
  readonly #store: DraftStore;
  readonly #queue = oneAfterAnother();
  readonly #drafts = new DraftCache();
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(store: DraftStore) {
    this.#store = store;
  }

  async read(userId: string, packageId: string): Promise<DraftState> {
    const { revision } = await this.#store.packages.get(userId, packageId);
    const draft = this.#drafts.get(packageId, revision);
    if (draft) return { draft, revision };
    const stored = await this.#store.packages.files(userId, packageId);
    const opened = openDraft(stored.files);
    this.#drafts.set(packageId, stored.revision, opened);
    return { draft: opened, revision: stored.revision };
  }

  edit(userId: string, packageId: string, request: EditRequest): Promise<StoredEdit> {
    return this.#queue(packageId, async () => {
      const state = await this.read(userId, packageId);
      request.require?.(state.draft);
      const base = await this.#baseOf(userId, packageId, { state, request });
      const result = applyEdit(state.draft, request.edit, this.#context(base));
      const revision = await this.#append(userId, packageId, {
        base: baseOf(state),
        scope: result.scope as RevisionScope,
        summary: result.summary,
        changes: result.changes,
      }, result.draft);
      return { revision: revision?.revision ?? state.revision, result };
    });
  }

  undo(userId: string, packageId: string, scope?: RevisionScope): Promise<StoredStep> {
    return this.#queue(packageId, () => this.#step("undo", { userId, packageId, scope }));
  }

  redo(userId: string, packageId: string, scope?: RevisionScope): Promise<StoredStep> {
    return this.#queue(packageId, () => this.#step("redo", { userId, packageId, scope }));
  }

  history(
    userId: string,
    packageId: string,
    range?: HistoryRange,
  ): Promise<readonly Revision[]> {
    return this.#store.revisions.list(userId, packageId, range);
  }

  restoreVersion(userId: string, packageId: string, versionId: string): Promise<DraftState> {
    return this.#queue(packageId, async () => {
      const { label } = await this.#store.versions.get(userId, packageId, versionId);
      const files = await this.#store.versions.files(userId, packageId, versionId);
      const state = await this.read(userId, packageId);
      const changes = new Map<string, Uint8Array | null>(files);
      for (const path of state.draft.files.keys()) {
        if (!files.has(path)) changes.set(path, null);
      }
      const draft = withFiles(state.draft, changes);
      const revision = await this.#append(userId, packageId, {
        base: baseOf(state),
        scope: "package",
        summary: `Go back to version ${label}`,
        changes,
      }, draft);
      return { draft, revision: revision?.revision ?? state.revision };
    });
  }

  async duplicate(userId: string, packageId: string): Promise<PackageRecord> {
    const { draft } = await this.read(userId, packageId);
    const { packages } = this.#store;
    const { name } = await packages.get(userId, packageId);
    const edit: Edit = {
      kind: "manifest.change",
      fields: { name: await packages.freeName(userId, name) },
    };
    return packages.create(userId, applyEdit(draft, edit, this.#context()).draft.files);
  }

  async subscribe(userId: string, packageId: string, listener: Listener): Promise<() => void> {
    await this.#store.packages.get(userId, packageId);
    const listeners = this.#listeners.get(packageId) ?? new Set();
    this.#listeners.set(packageId, listeners.add(listener));
    return () => this.#unsubscribe(packageId, listener);
  }

  /** The draft that the author of an edit saw; undefined if it is the one as it is now. */
  async #baseOf(
    userId: string,
    packageId: string,
    { state, request }: { readonly state: DraftState; readonly request: EditRequest },
  ): Promise<Draft | undefined> {
    const { baseRevision } = request;
    if (baseRevision === state.revision) return undefined;
    if (!Number.isSafeInteger(baseRevision) || baseRevision < 0 || baseRevision > state.revision) {
      throw new AppError(
        "EDIT_CONFLICT",
        `The edit builds on revision ${baseRevision}, and the package has reached ${state.revision}: load it again and repeat the change`,
        { details: { revision: state.revision } },
      );
    }
    const open = this.#drafts.get(packageId, baseRevision);
    if (open) return open;
    const changes = await this.#store.revisions.changesBackTo(userId, packageId, {
      base: baseOf(state),
      revision: baseRevision,
    });
    return withFiles(state.draft, changes);
  }

  #context(base?: Draft): EditContext {
    return base ? { newId: newRowId, base } : { newId: newRowId };
  }

  /** Stores an edit; the draft is the new one only once that is done. */
  async #append(
    userId: string,
    packageId: string,
    change: NewRevision,
    draft: Draft,
  ): Promise<Revision | undefined> {
    const { revisions } = this.#store;
    const revision = await this.#stored(
      packageId,
      () => revisions.append(userId, packageId, change),
    );
    if (revision) this.#publish(packageId, { revision, draft, changes: change.changes });
    return revision;
  }

  async #step(
    kind: "undo" | "redo",
    { userId, packageId, scope }: {
      readonly userId: string;
      readonly packageId: string;
      readonly scope: RevisionScope | undefined;
    },
  ): Promise<StoredStep> {
    const state = await this.read(userId, packageId);
    const request = { base: baseOf(state), ...scope === undefined ? {} : { scope } };
    const { revision, changes } = await this.#stored(
      packageId,
      () => this.#store.revisions[kind](userId, packageId, request),
    );
    const draft = withFiles(state.draft, changes);
    this.#publish(packageId, { revision, draft, changes });
    const changedPaths = [...changes.keys()];
    return { draft, revision: revision.revision, step: revision, changedPaths };
  }

  /** After a failure nobody knows what the database holds, so the draft is read anew next time. */
  async #stored<T>(packageId: string, store: () => Promise<T>): Promise<T> {
    try {
      return await store();
    } catch (thrown) {
      this.#drafts.drop(packageId);
      throw thrown;
    }
  }

  #publish(
    packageId: string,
    { revision, draft, changes }: {
      readonly revision: Revision;
      readonly draft: Draft;
      readonly changes: FileChanges;
    },
  ): void {
    this.#drafts.set(packageId, revision.revision, draft);
    const event = { packageId, revision, changedPaths: [...changes.keys()] };
    for (const listener of [...this.#listeners.get(packageId) ?? []]) {
      try {
        listener(event);
      } catch {
        // The edit is stored all the same; a listener that cannot take news has gone.
        this.#unsubscribe(packageId, listener);
      }
    }
  }

  #unsubscribe(packageId: string, listener: Listener): void {
    const listeners = this.#listeners.get(packageId);
    listeners?.delete(listener);
    if (listeners?.size === 0) this.#listeners.delete(packageId);
  }
}

function baseOf({ draft, revision }: DraftState): RevisionBase {
  return { revision, files: draft.files };
}
