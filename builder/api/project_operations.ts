// Operations: the folders that runs work on, and the files in them.
import type { ErrorCode } from "../../schemas/error.ts";
import { count, flag, list, record, ref, text } from "./json_schema.ts";
import { lazyCall, type Operation, type Tag } from "./operation.ts";

const projects = () => import("./project_calls.ts");
const files = () => import("./project_file_calls.ts");

const shared = { tag: "projects" as Tag, access: "account" } as const;

/** What every operation on one project may answer. */
const OF_PROJECT: readonly ErrorCode[] = ["PROJECT_NOT_FOUND", "AUTH_FORBIDDEN"];
const OF_PATH: readonly ErrorCode[] = [...OF_PROJECT, "REQUEST_INVALID", "FILE_NOT_FOUND"];
const OF_CHANGE: readonly ErrorCode[] = [
  ...OF_PATH,
  "EDIT_CONFLICT",
  "EDIT_REFUSED",
  "FILE_EXISTS",
  "FILE_WRITE_FAILED",
];

const FILE_BYTES = 16 << 20;

/** Paths are below the project, with `/`. */
const path = text({ minLength: 1, maxLength: 1000 });

/** `/projects`, `/folders`. */
export const PROJECT_OPERATIONS: readonly Operation[] = [
  {
    ...shared,
    operationId: "listProjects",
    method: "GET",
    path: "/projects",
    summary: "Projects that were used, last used first, and those that are shared.",
    answers: { 200: { data: list(ref("Project")) } },
    handler: lazyCall(projects, "listProjects"),
  },
  {
    ...shared,
    operationId: "openProject",
    method: "POST",
    path: "/projects",
    summary: "Opens a folder of the machine as a project.",
    body: { json: record({ path: text({ minLength: 1, maxLength: 4096 }) }) },
    answers: { 201: { data: ref("Project"), headers: ["Location"] } },
    errors: OF_PROJECT,
    handler: lazyCall(projects, "openProject"),
  },
  {
    ...shared,
    operationId: "getProject",
    method: "GET",
    path: "/projects/{projectId}",
    summary: "A project.",
    answers: { 200: { data: ref("Project") } },
    errors: OF_PROJECT,
    handler: lazyCall(projects, "getProject"),
  },
  {
    ...shared,
    operationId: "changeProject",
    method: "PATCH",
    path: "/projects/{projectId}",
    access: "owner",
    summary: "Shares a project with every account, or no more.",
    body: { json: record({ isShared: flag }) },
    answers: { 200: { data: ref("Project") } },
    errors: OF_PROJECT,
    handler: lazyCall(projects, "changeProject"),
  },
  {
    ...shared,
    operationId: "forgetProject",
    method: "DELETE",
    path: "/projects/{projectId}",
    summary: "Takes a project out of the list. The folder and its runs stay.",
    answers: { 204: { nothing: true } },
    errors: ["PROJECT_NOT_FOUND"],
    handler: lazyCall(projects, "forgetProject"),
  },
  {
    ...shared,
    operationId: "listFolders",
    method: "GET",
    path: "/folders",
    access: "owner",
    summary: "The folders in a folder of the machine; in the home folder if none is named.",
    query: { path: text({ maxLength: 4096 }) },
    answers: { 200: { data: ref("FolderListing") } },
    errors: ["PROJECT_NOT_FOUND"],
    handler: lazyCall(projects, "listFolders"),
  },
  {
    ...shared,
    operationId: "listProjectEntries",
    method: "GET",
    path: "/projects/{projectId}/entries",
    summary: "A page of a folder of the project: folders first, then by name, without hidden ones.",
    query: {
      path: text({ maxLength: 1000 }),
      from: count,
      limit: { type: "integer", minimum: 1, maximum: 1000 },
    },
    answers: { 200: { data: ref("ProjectEntries") } },
    errors: OF_PATH,
    handler: lazyCall(files, "listEntries"),
  },
  {
    ...shared,
    operationId: "readProjectFile",
    method: "GET",
    path: "/projects/{projectId}/files/{path}",
    summary: "The content of a file. The ETag is its SHA-256.",
    answers: {
      200: { media: ["text/plain", "application/octet-stream"], headers: ["ETag"] },
    },
    errors: [...OF_PATH, "EDIT_CONFLICT", "EDIT_REFUSED"],
    handler: lazyCall(files, "readFile"),
  },
  {
    ...shared,
    operationId: "writeProjectFile",
    method: "PUT",
    path: "/projects/{projectId}/files/{path}",
    summary: "Writes a file of 16 MiB at most, with the folders that it needs.",
    body: { media: ["*/*"] },
    bodyBytes: FILE_BYTES,
    isConditional: true,
    answers: {
      200: { data: ref("ProjectFile"), headers: ["ETag"] },
      201: { data: ref("ProjectFile"), headers: ["ETag", "Location"] },
    },
    errors: OF_CHANGE,
    handler: lazyCall(files, "writeFile"),
  },
  {
    ...shared,
    operationId: "deleteProjectFile",
    method: "DELETE",
    path: "/projects/{projectId}/files/{path}",
    summary: "Puts a file, or a folder with all that it holds, into the bin.",
    isConditional: true,
    answers: { 200: { data: ref("DeletedEntry") } },
    errors: OF_CHANGE,
    handler: lazyCall(files, "deleteFile"),
  },
  {
    ...shared,
    operationId: "createProjectFolder",
    method: "POST",
    path: "/projects/{projectId}/folders",
    summary: "Makes a folder.",
    body: { json: record({ path }) },
    answers: { 201: { data: record({ path: text() }) } },
    errors: OF_CHANGE,
    handler: lazyCall(files, "createFolder"),
  },
  {
    ...shared,
    operationId: "moveProjectFile",
    method: "POST",
    path: "/projects/{projectId}/moves",
    summary: "Renames or moves a file or a folder. What is there already is never replaced.",
    body: { json: record({ path, to: path }) },
    answers: { 200: { data: record({ path: text() }) } },
    errors: OF_CHANGE,
    handler: lazyCall(files, "moveFile"),
  },
  {
    ...shared,
    operationId: "listDeletedEntries",
    method: "GET",
    path: "/projects/{projectId}/deleted",
    summary: "What was deleted in the last 30 days, the latest first.",
    answers: { 200: { data: list(ref("DeletedEntry")) } },
    errors: OF_PROJECT,
    handler: lazyCall(files, "listDeleted"),
  },
  {
    ...shared,
    operationId: "restoreDeletedEntry",
    method: "POST",
    path: "/projects/{projectId}/deleted/{deletedId}/restore",
    summary: "Puts a deleted file or folder back where it was.",
    answers: { 200: { data: ref("DeletedEntry") } },
    errors: OF_CHANGE,
    handler: lazyCall(files, "restoreDeleted"),
  },
];
