// The two ways in which an edit fails.
import { AppError } from "../../schemas/error.ts";

/** A rule forbids the edit. The message says which, and what would be right. */
export function refused(message: string, details?: Readonly<Record<string, unknown>>): AppError {
  return new AppError("EDIT_REFUSED", message, details ? { details } : {});
}

/** What the edit is about is gone, or is not as its author saw it. */
export function conflicting(message: string): AppError {
  return new AppError("EDIT_CONFLICT", message);
}
