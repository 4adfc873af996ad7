// One edit → the next draft. The only way a package changes. Pure: no I/O, no clock, no randomness.
import type { Edit } from "../../schemas/edit.ts";
import type { Draft } from "./draft.ts";

/** What an edit needs from outside. */
export interface EditContext {
  /** ISO. */
  readonly now: string;
  /** A new random word of `[a-z0-9]`, 6 characters or more. */
  readonly newId: () => string;
  /** The draft that the author saw, where it is an older one: what others changed since is not lost. */
  readonly base?: Draft;
}

/** What has to be drawn anew. Ids and refs are those after the edit. */
export interface Touched {
  /** The workflow that was edited, under its new id; absent if the edit is about none. */
  readonly workflowId?: string;
  /** Nodes of that workflow that are new, changed or moved. */
  readonly nodeIds: readonly string[];
  readonly removedNodeIds: readonly string[];
  /** Edges that are new, changed, or have an end that moved. */
  readonly edgeRefs: readonly string[];
  readonly removedEdgeRefs: readonly string[];
  /** Nodes that the edit made: what the editor selects. */
  readonly newNodeIds: readonly string[];
  readonly agentIds: readonly string[];
  /** The list of workflows, the list of agents or the manifest changed. */
  readonly isPackageChanged: boolean;
}

/** What came of an edit. */
export interface EditResult {
  readonly draft: Draft;
  /** Path → new content, or `null` for a file that is gone. Empty if the edit changes nothing. */
  readonly changes: ReadonlyMap<string, Uint8Array | null>;
  readonly touched: Touched;
  /** A short phrase for the undo menu, such as `Move 3 nodes`. */
  readonly summary: string;
  /** What the revision belongs to: `workflow:<id>`, `agent:<id>`, `file:<path>`, `package`. */
  readonly scope: string;
}

/**
 * Applies an edit (valid against `edit.schema.json`). Files that it does not concern keep their bytes;
 * in the others comments, key order and unknown keys survive. The same draft, edit and context give
 * the same bytes.
 * @throws AppError `EDIT_REFUSED` if a rule forbids it; `EDIT_CONFLICT` if what it is about is gone, or
 * is not as the author saw it (`context.base`)
 */
export function applyEdit(_draft: Draft, _edit: Edit, _context: EditContext): EditResult {
  throw new Error("not written yet");
}

/** The draft with these contents in place, as an undo needs it; `null` removes a file. */
export function withFiles(
  _draft: Draft,
  _changes: ReadonlyMap<string, Uint8Array | null>,
): Draft {
  throw new Error("not written yet");
}
