// Fields of a form as their handler wants them. Not here: how a form is read (`guards.ts`).
import { AppError } from "../../schemas/error.ts";

/** The text of a field; empty if it is missing or a file. Line breaks are `\n`. */
export function textField(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value.replaceAll("\r\n", "\n") : "";
}

/** All texts of a form by the names of their fields; of several values of a field the first. */
export function textFields(form: FormData): Record<string, string> {
  const names = [...form.keys()].filter((name) => name !== "csrf");
  return Object.fromEntries(names.map((name) => [name, textField(form, name)]));
}

/** The file of a field. @throws AppError `REQUEST_INVALID` if none was chosen */
export function fileField(form: FormData, name: string): File {
  const value = form.get(name);
  if (value instanceof File && (value.size > 0 || value.name !== "")) return value;
  throw new AppError("REQUEST_INVALID", "No file came with the form. Choose one and send it again");
}

/**
 * A path of this server that a browser is sent on to; `/packages` for anything else, so that a link
 * cannot use us to lead elsewhere.
 */
export function ownPath(path: string | undefined): string {
  const fallback = "/packages";
  if (path === undefined || !/^\/(?![/\\])[\x21-\x7e]*$/.test(path)) return fallback;
  const url = new URL(path, "http://own.invalid");
  return url.host === "own.invalid" ? url.pathname + url.search : fallback;
}
