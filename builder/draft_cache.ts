// The drafts that are open, with those they came from: an edit may build on one that is not the last.
// The drafts that were used longest ago are closed; they can be opened again from the store.
import type { Draft } from "./edit/draft.ts";

const MOST_PACKAGES = 32;
const MOST_REVISIONS = 8;

/** Drafts by package and revision. */
export class DraftCache {
  /** Package → revision → draft; both in the order of use, the last used last. */
  readonly #packages = new Map<string, Map<number, Draft>>();

  /** Undefined if it is not open. */
  get(packageId: string, revision: number): Draft | undefined {
    const drafts = this.#packages.get(packageId);
    if (!drafts) return undefined;
    this.#packages.delete(packageId);
    this.#packages.set(packageId, drafts);
    return drafts.get(revision);
  }

  /** Keeps a draft open; drafts of one package share what is the same in them. */
  set(packageId: string, revision: number, draft: Draft): void {
    const drafts = this.#packages.get(packageId) ?? new Map<number, Draft>();
    drafts.delete(revision);
    drafts.set(revision, draft);
    removeFirst(drafts, MOST_REVISIONS);
    this.#packages.delete(packageId);
    this.#packages.set(packageId, drafts);
    removeFirst(this.#packages, MOST_PACKAGES);
  }

  /** Closes the drafts of a package. */
  drop(packageId: string): void {
    this.#packages.delete(packageId);
  }
}

function removeFirst<K>(map: Map<K, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}
