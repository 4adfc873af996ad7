// Operations: the files of a package as they are, and those of them that are assets.
import { list, ref } from "./json_schema.ts";
import { lazyCall, type Operation, type Tag } from "./operation.ts";

const files = () => import("./files.ts");

const TEXT_OR_BYTES = ["text/plain", "application/octet-stream"];

/** The limit of an asset is judged by the edit, with its own words; this only has to let it through. */
const FILE_BYTES = 2 << 20;

const shared = { tag: "files" as Tag, access: "account" } as const;

/** `/packages/{packageId}/files` and `/packages/{packageId}/assets`. */
export const FILE_OPERATIONS: readonly Operation[] = [
  {
    ...shared,
    operationId: "listFiles",
    method: "GET",
    path: "/packages/{packageId}/files",
    summary: "All files of a package, by path.",
    answers: { 200: { data: list(ref("File")) } },
    handler: lazyCall(files, "listFiles"),
  },
  {
    ...shared,
    operationId: "readFile",
    method: "GET",
    path: "/packages/{packageId}/files/{path}",
    summary: "The content of a file. The ETag is its SHA-256.",
    answers: { 200: { media: TEXT_OR_BYTES, headers: ["ETag"] } },
    errors: ["FILE_NOT_FOUND"],
    handler: lazyCall(files, "readFile"),
  },
  {
    ...shared,
    operationId: "writeFile",
    method: "PUT",
    path: "/packages/{packageId}/files/{path}",
    summary: "Writes a file. A document has to parse; the graph follows a step file, and step " +
      "files follow a graph.",
    body: { media: ["*/*"] },
    bodyBytes: FILE_BYTES,
    isConditional: true,
    answers: {
      200: { data: ref("File"), headers: ["ETag"] },
      201: { data: ref("File"), headers: ["ETag", "Location"] },
    },
    errors: ["EDIT_REFUSED", "EDIT_CONFLICT", "FILE_EXISTS", "PKG_NAME_TAKEN"],
    handler: lazyCall(files, "writeFile"),
  },
  {
    ...shared,
    operationId: "deleteFile",
    method: "DELETE",
    path: "/packages/{packageId}/files/{path}",
    summary: "Removes an asset, or a file that nothing refers to.",
    isConditional: true,
    answers: { 204: { nothing: true } },
    errors: ["FILE_NOT_FOUND", "EDIT_REFUSED", "EDIT_CONFLICT"],
    handler: lazyCall(files, "deleteFile"),
  },
  {
    ...shared,
    operationId: "listAssets",
    method: "GET",
    path: "/packages/{packageId}/assets",
    summary: "The assets of a package, by path.",
    answers: { 200: { data: list(ref("File")) } },
    handler: lazyCall(files, "listAssets"),
  },
  {
    ...shared,
    operationId: "readAsset",
    method: "GET",
    path: "/packages/{packageId}/assets/{path}",
    summary: "The content of an asset; the path is that inside the folder of assets.",
    answers: { 200: { media: TEXT_OR_BYTES, headers: ["ETag"] } },
    errors: ["FILE_NOT_FOUND"],
    handler: lazyCall(files, "readAsset"),
  },
  {
    ...shared,
    operationId: "writeAsset",
    method: "PUT",
    path: "/packages/{packageId}/assets/{path}",
    summary: "Writes an asset: a text or an image of 1 MiB at most.",
    body: { media: ["*/*"] },
    bodyBytes: FILE_BYTES,
    isConditional: true,
    answers: {
      200: { data: ref("File"), headers: ["ETag"] },
      201: { data: ref("File"), headers: ["ETag", "Location"] },
    },
    errors: ["EDIT_REFUSED", "EDIT_CONFLICT", "FILE_EXISTS"],
    handler: lazyCall(files, "writeAsset"),
  },
  {
    ...shared,
    operationId: "deleteAsset",
    method: "DELETE",
    path: "/packages/{packageId}/assets/{path}",
    summary: "Removes an asset that nothing refers to.",
    isConditional: true,
    answers: { 204: { nothing: true } },
    errors: ["FILE_NOT_FOUND", "EDIT_REFUSED", "EDIT_CONFLICT"],
    handler: lazyCall(files, "deleteAsset"),
  },
];
