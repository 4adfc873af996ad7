// Answers of the API that say more than their data: where a new thing is, and which state was shown.
import { AppError } from "../../schemas/error.ts";
import type { AppContext } from "../app_context.ts";
import { fileHash } from "../edit/file_edits.ts";
import { dataResponse } from "../http/respond.tsx";
import { API_ROOT } from "./api_route.ts";

const encoder = new TextEncoder();

/** An ETag of what an answer shows: the same data, the same tag. */
export function etagOf(shown: unknown): string {
  return `"${fileHash(encoder.encode(JSON.stringify(shown)))}"`;
}

/** A path of the API; each part is one segment, slashes inside it too. */
export function apiPath(...parts: readonly string[]): string {
  return [API_ROOT, ...parts.map(encodeURIComponent)].join("/");
}

/** `201 Created` with where the new thing is. */
export function createdResponse(
  data: unknown,
  location: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return dataResponse(data, { status: 201, headers: { location, ...headers } });
}

/** `204 No Content`. */
export function emptyResponse(): Response {
  return new Response(null, { status: 204 });
}

/**
 * Refuses a change whose author saw another state: `If-Match` names none of the tags that it has now.
 * @param etag what the thing has now; undefined if there is no such thing
 * @throws AppError `EDIT_CONFLICT`
 */
export function requireMatch(c: AppContext, etag: string | undefined): void {
  const wanted = c.req.header("if-match");
  if (wanted === undefined) return;
  const isMet = wanted.trim() === "*" ? etag !== undefined : tagsIn(wanted).includes(etag ?? "");
  if (isMet) return;
  throw new AppError(
    "EDIT_CONFLICT",
    etag === undefined
      ? "What the request is about is not there any more"
      : "What the request is about has changed since it was read: read it again and repeat the change",
    { details: { etag: etag ?? null } },
  );
}

/** Refuses to write what is there already, for a request with `If-None-Match: *`. @throws AppError `FILE_EXISTS` */
export function requireNone(c: AppContext, etag: string | undefined): void {
  const wanted = c.req.header("if-none-match");
  if (wanted === undefined || etag === undefined) return;
  if (wanted.trim() !== "*" && !tagsIn(wanted).includes(etag)) return;
  throw new AppError("FILE_EXISTS", "There is such a file already", { details: { etag } });
}

/** Strong tags; a weak one says nothing about bytes. */
function tagsIn(header: string): readonly string[] {
  return header.split(",").map((tag) => tag.trim()).filter((tag) => tag.startsWith('"'));
}
