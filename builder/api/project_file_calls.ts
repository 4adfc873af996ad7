// The files of a project over the API: bytes in, bytes out, with `If-Match` by their hash.
import { binaryType } from "../../runtime/tools/file_type.ts";
import { AppError } from "../../schemas/error.ts";
import { below, nameIn } from "../../views/projects/paths.ts";
import type { AppContext } from "../app_context.ts";
import { attachment } from "../http/attachment.ts";
import { dataResponse } from "../http/respond.tsx";
import { type DeletedEntry, openProjectBin, type ProjectBin } from "../project_bin.ts";
import { plainPath, type ProjectFolder } from "../project_folder.ts";
import { projectIdOf, projectPathOf } from "../project_id.ts";
import { apiPath, createdResponse, requireMatch, requireNone } from "./answers.ts";
import type { ApiRequest } from "./operation.ts";

const ENTRIES = 200;

async function folderOf(c: AppContext, { params }: ApiRequest): Promise<ProjectFolder> {
  const { services: { projects }, user } = c.var;
  return await projects.folder(user, projectPathOf(params.projectId ?? ""));
}

async function binOf(c: AppContext, request: ApiRequest): Promise<ProjectBin> {
  return openProjectBin(await folderOf(c, request), c.var.services.config.dataDir);
}

/** `GET …/entries`. */
export async function listEntries(c: AppContext, request: ApiRequest): Promise<Response> {
  const folder = await folderOf(c, request);
  const { path: asked, from, limit } = request.query;
  const path = plainPath(typeof asked === "string" ? asked : "");
  const { entries, total } = await folder.window(path, {
    from: typeof from === "number" ? from : 0,
    count: typeof limit === "number" ? limit : ENTRIES,
  });
  const shown = entries.map(({ name, bytes, ...entry }) => ({
    path: below(path, name),
    name,
    sizeBytes: bytes,
    ...entry,
  }));
  return dataResponse({ entries: shown, total });
}

/** `GET …/files/{path}`. Never under a type that a browser would run: these bytes are somebody's. */
export async function readFile(c: AppContext, request: ApiRequest): Promise<Response> {
  const folder = await folderOf(c, request);
  const path = plainPath(request.params.path ?? "");
  const { head } = await folder.glimpse(path);
  const { bytes, sha256, stamp } = await folder.digest(path);
  const isText = binaryType(head) === undefined;
  return new Response(await folder.stream(path, stamp), {
    headers: {
      "content-type": isText ? "text/plain; charset=utf-8" : "application/octet-stream",
      "content-length": String(bytes),
      "content-disposition": attachment(nameIn(path)),
      "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
      "cache-control": "no-store, no-transform",
      etag: `"${sha256}"`,
    },
  });
}

/** `undefined` if there is no such file. */
async function hashOf(folder: ProjectFolder, path: string): Promise<string | undefined> {
  try {
    return (await folder.digest(path)).sha256;
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === "FILE_NOT_FOUND") return undefined;
    throw thrown;
  }
}

/** `PUT …/files/{path}`. */
export async function writeFile(c: AppContext, request: ApiRequest): Promise<Response> {
  const folder = await folderOf(c, request);
  const path = plainPath(request.params.path ?? "");
  const bytes = new Uint8Array(await c.req.arrayBuffer());
  const before = await hashOf(folder, path);
  const tag = before && `"${before}"`;
  requireMatch(c, tag);
  requireNone(c, tag);
  const sha256 = await folder.write(path, bytes, before ?? null);
  const shown = { path, sizeBytes: bytes.length, sha256 };
  const etag = `"${sha256}"`;
  if (before !== undefined) return dataResponse(shown, { headers: { etag } });
  const location = apiPath("projects", projectIdOf(folder.path), "files", path);
  return createdResponse(shown, location, { etag });
}

/** `DELETE …/files/{path}`. */
export async function deleteFile(c: AppContext, request: ApiRequest): Promise<Response> {
  const folder = await folderOf(c, request);
  const path = plainPath(request.params.path ?? "");
  const { kind } = await folder.glimpse(path);
  const sha256 = kind === "file" ? await hashOf(folder, path) : undefined;
  if (kind === "file") requireMatch(c, sha256 && `"${sha256}"`);
  return dataResponse(shownEntry(await (await binOf(c, request)).remove(path, sha256)));
}

function shownEntry({ files, bytes, ...entry }: DeletedEntry) {
  return { ...entry, fileCount: files, sizeBytes: bytes };
}

/** `POST …/folders`. */
export async function createFolder(c: AppContext, request: ApiRequest): Promise<Response> {
  const folder = await folderOf(c, request);
  const path = plainPath((request.body as { path: string }).path);
  await folder.makeFolder(path);
  return dataResponse({ path }, { status: 201 });
}

/** `POST …/moves`. */
export async function moveFile(c: AppContext, request: ApiRequest): Promise<Response> {
  const folder = await folderOf(c, request);
  const { path, to } = request.body as { path: string; to: string };
  const target = plainPath(to);
  await folder.move(plainPath(path), target);
  return dataResponse({ path: target });
}

/** `GET …/deleted`. */
export async function listDeleted(c: AppContext, request: ApiRequest): Promise<Response> {
  return dataResponse((await binOf(c, request)).list().map(shownEntry));
}

/** `POST …/deleted/{deletedId}/restore`. */
export async function restoreDeleted(c: AppContext, request: ApiRequest): Promise<Response> {
  const bin = await binOf(c, request);
  return dataResponse(shownEntry(await bin.restore(request.params.deletedId ?? "")));
}
