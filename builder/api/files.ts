// `/packages/{packageId}/files` and `/assets`: bytes in, bytes out. An asset is a file below the folder
// of assets; its path is the one inside that folder.
import { binaryType } from "../../runtime/tools/file_type.ts";
import type { Edit } from "../../schemas/edit.ts";
import { AppError } from "../../schemas/error.ts";
import type { AppContext } from "../app_context.ts";
import type { Draft } from "../edit/draft.ts";
import { assetsDir, fileHash, roleOf } from "../edit/file_edits.ts";
import { attachment } from "../http/attachment.ts";
import { dataResponse } from "../http/respond.tsx";
import { apiPath, createdResponse, emptyResponse, requireMatch, requireNone } from "./answers.ts";
import type { ApiRequest } from "./operation.ts";
import { editPackage, readPackage } from "./package_edit.ts";

/** Which of the two addresses a file was named by. */
type Room = "files" | "assets";

/** `GET …/files`. */
export function listFiles(c: AppContext, request: ApiRequest): Promise<Response> {
  return listRoom(c, "files", request);
}

/** `GET …/assets`. */
export function listAssets(c: AppContext, request: ApiRequest): Promise<Response> {
  return listRoom(c, "assets", request);
}

async function listRoom(c: AppContext, room: Room, { params }: ApiRequest): Promise<Response> {
  const { draft } = await readPackage(c, params.packageId ?? "");
  const paths = [...draft.files.keys()].filter((path) => path.startsWith(folderOf(draft, room)));
  return dataResponse(paths.sort().map((path) => shownFile(draft, path)));
}

function folderOf(draft: Draft, room: Room): string {
  return room === "assets" ? assetsDir(draft) : "";
}

function shownFile(draft: Draft, path: string) {
  const bytes = contentOf(draft, path);
  const role = roleOf(draft, path);
  return {
    path,
    role: role.kind,
    workflowId: "workflowId" in role ? role.workflowId : null,
    nodeId: "nodeId" in role ? role.nodeId : null,
    sizeBytes: bytes.length,
    sha256: fileHash(bytes),
  };
}

function contentOf(draft: Draft, path: string): Uint8Array {
  const bytes = draft.files.get(path);
  if (bytes) return bytes;
  const shown = JSON.stringify(path.slice(0, 200));
  throw new AppError("FILE_NOT_FOUND", `The package has no file ${shown}`);
}

function tagOf(draft: Draft, path: string): string | undefined {
  const bytes = draft.files.get(path);
  return bytes && `"${fileHash(bytes)}"`;
}

/** `GET …/files/{path}`. */
export function readFile(c: AppContext, request: ApiRequest): Promise<Response> {
  return readRoom(c, "files", request);
}

/** `GET …/assets/{path}`. */
export function readAsset(c: AppContext, request: ApiRequest): Promise<Response> {
  return readRoom(c, "assets", request);
}

/** Never under a type that a browser would run: these bytes are somebody's. */
async function readRoom(c: AppContext, room: Room, { params }: ApiRequest): Promise<Response> {
  const { draft } = await readPackage(c, params.packageId ?? "");
  const path = folderOf(draft, room) + (params.path ?? "");
  const bytes = contentOf(draft, path);
  const isText = binaryType(bytes) === undefined;
  return new Response(new Uint8Array(bytes), {
    headers: {
      "content-type": isText ? "text/plain; charset=utf-8" : "application/octet-stream",
      "content-disposition": attachment(path.slice(path.lastIndexOf("/") + 1)),
      etag: tagOf(draft, path) ?? "",
    },
  });
}

/** `PUT …/files/{path}`. */
export function writeFile(c: AppContext, request: ApiRequest): Promise<Response> {
  return writeRoom(c, "files", request);
}

/** `PUT …/assets/{path}`. */
export function writeAsset(c: AppContext, request: ApiRequest): Promise<Response> {
  return writeRoom(c, "assets", request);
}

async function writeRoom(c: AppContext, room: Room, { params }: ApiRequest): Promise<Response> {
  const { packageId = "" } = params;
  const bytes = new Uint8Array(await c.req.arrayBuffer());
  const { draft: before } = await readPackage(c, packageId);
  const path = folderOf(before, room) + (params.path ?? "");
  const old = before.files.get(path);
  const { result: { draft } } = await editPackage(c, packageId, {
    edit: {
      kind: "file.write",
      path,
      base64: bytes.toBase64(),
      baseSha256: old === undefined ? null : fileHash(old),
    },
    require: (draft) => {
      requireMatch(c, tagOf(draft, path));
      requireNone(c, tagOf(draft, path));
    },
  });
  const etag = tagOf(draft, path) ?? "";
  const shown = shownFile(draft, path);
  if (old) return dataResponse(shown, { headers: { etag } });
  const inRoom = params.path ?? "";
  return createdResponse(shown, apiPath("packages", packageId, room, inRoom), { etag });
}

/** `DELETE …/files/{path}`. */
export function deleteFile(c: AppContext, request: ApiRequest): Promise<Response> {
  return deleteRoom(c, "files", request);
}

/** `DELETE …/assets/{path}`. */
export function deleteAsset(c: AppContext, request: ApiRequest): Promise<Response> {
  return deleteRoom(c, "assets", request);
}

async function deleteRoom(c: AppContext, room: Room, { params }: ApiRequest): Promise<Response> {
  const { packageId = "" } = params;
  const { draft } = await readPackage(c, packageId);
  const path = folderOf(draft, room) + (params.path ?? "");
  const edit: Edit = { kind: "file.delete", path };
  await editPackage(c, packageId, {
    edit,
    require: (draft) => {
      contentOf(draft, path);
      requireMatch(c, tagOf(draft, path));
    },
  });
  return emptyResponse();
}
