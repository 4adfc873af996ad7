// An edit that a resource of the API maps to: the same corridor as every other edit. Not here: what the
// resources show.
import type { Edit } from "../../schemas/edit.ts";
import type { AppContext } from "../app_context.ts";
import type { Draft } from "../edit/draft.ts";
import { readEdit } from "../edit/read_edit.ts";
import type { DraftState, StoredEdit } from "../live_drafts.ts";

/** The draft of the caller's package. @throws AppError `PKG_NOT_FOUND` */
export function readPackage(c: AppContext, packageId: string): Promise<DraftState> {
  const { services: { liveDrafts }, user } = c.var;
  return liveDrafts.read(user.userId, packageId);
}

/** What a resource wants to be done. */
export interface ResourceEdit {
  readonly edit: Edit;
  /**
   * Judges the draft when the edit's turn has come: throws if the thing is gone or is not as the
   * author saw it.
   */
  readonly require: (draft: Draft) => void;
}

/**
 * Applies the edit to the package as it is when its turn comes.
 * @throws AppError `PKG_NOT_FOUND`, `EDIT_REFUSED`, `EDIT_CONFLICT`, and what `require` throws
 */
export async function editPackage(
  c: AppContext,
  packageId: string,
  { edit, require }: ResourceEdit,
): Promise<StoredEdit> {
  const { services: { liveDrafts }, user } = c.var;
  const { draft, revision } = await readPackage(c, packageId);
  // Told at once, before anything is judged that would make no sense about a thing that is not there.
  require(draft);
  return await liveDrafts.edit(user.userId, packageId, {
    baseRevision: revision,
    edit: readEdit(edit),
    require,
  });
}
