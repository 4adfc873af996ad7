// An edit from outside, checked against its schema. Not here: whether it fits the draft.
import type { Edit } from "../../schemas/edit.ts";

/** The edit that a request carries. */
export function validEdit(value: unknown): Edit {
  return value as Edit;
}
