// The id of a project in addresses: its path, written so that it is one segment. It says nothing about
// who may open it (`projects.ts`), and it needs no table, so a link to a project never dies.
import { AppError } from "../schemas/error.ts";

/** The id of the project at a path. */
export function projectIdOf(path: string): string {
  return new TextEncoder().encode(path).toBase64({ alphabet: "base64url", omitPadding: true });
}

/** The path of a project's id. @throws AppError `PROJECT_NOT_FOUND` for what is no id */
export function projectPathOf(projectId: string): string {
  try {
    const bytes = Uint8Array.fromBase64(projectId, { alphabet: "base64url" });
    const path = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    if (path !== "" && !path.includes("\0") && projectIdOf(path) === projectId) return path;
  } catch {
    // Not written by `projectIdOf`; told below like any other wrong id.
  }
  throw new AppError("PROJECT_NOT_FOUND", "There is no such project. Open it by its path");
}
