// An edit as it comes from outside, checked against its schema.
import type { Edit } from "../../schemas/edit.ts";
import { AppError } from "../../schemas/error.ts";
import { isTooDeep } from "../../schemas/depth.ts";
import { validate } from "../../schemas/validate.ts";

/**
 * The value as an edit.
 * @throws AppError `REQUEST_INVALID` with the first violation
 */
export function readEdit(value: unknown): Edit {
  if (isTooDeep(value)) throw new AppError("REQUEST_INVALID", "The edit is nested too deeply");
  const [first] = validate("edit", value);
  if (!first) return value as Edit;
  const place = first.pointer === "" ? "" : ` (at ${first.pointer})`;
  throw new AppError("REQUEST_INVALID", `The edit cannot be read: ${first.message}${place}`);
}
