// Operations: named states of a package that stay.
import { count, list, record, ref, text } from "./json_schema.ts";
import { lazyCall, type Operation } from "./operation.ts";

const versions = () => import("./versions.ts");

/** `/packages/{packageId}/versions`. */
export const VERSION_OPERATIONS: readonly Operation[] = [
  {
    operationId: "listVersions",
    method: "GET",
    path: "/packages/{packageId}/versions",
    tag: "versions",
    access: "account",
    summary: "The versions of a package, newest first.",
    answers: { 200: { data: list(ref("Version")) } },
    handler: lazyCall(versions, "listVersions"),
  },
  {
    operationId: "createVersion",
    method: "POST",
    path: "/packages/{packageId}/versions",
    tag: "versions",
    access: "account",
    summary: "Keeps the package as it is now.",
    body: {
      json: record({
        label: text({ description: "1 to 64 characters, such as 1.2.0; unique in the package." }),
        notes: text({ maxLength: 20_000 }),
      }, ["notes"]),
    },
    answers: { 201: { data: ref("Version"), headers: ["Location"] } },
    errors: ["VERSION_EXISTS"],
    handler: lazyCall(versions, "createVersion"),
  },
  {
    operationId: "getVersion",
    method: "GET",
    path: "/packages/{packageId}/versions/{versionId}",
    tag: "versions",
    access: "account",
    summary: "A version.",
    answers: { 200: { data: ref("Version") } },
    handler: lazyCall(versions, "showVersion"),
  },
  {
    operationId: "deleteVersion",
    method: "DELETE",
    path: "/packages/{packageId}/versions/{versionId}",
    tag: "versions",
    access: "account",
    summary: "Forgets a version; the package stays as it is.",
    answers: { 204: { nothing: true } },
    handler: lazyCall(versions, "deleteVersion"),
  },
  {
    operationId: "diffVersion",
    method: "GET",
    path: "/packages/{packageId}/versions/{versionId}/diff",
    tag: "versions",
    access: "account",
    summary: "What changed from a version to another one, or to the package as it is now.",
    query: { to: text({ maxLength: 200, description: "Id of a version; draft unless said." }) },
    answers: { 200: { data: list(ref("FileDifference")) } },
    handler: lazyCall(versions, "diffVersion"),
  },
  {
    operationId: "restoreVersion",
    method: "POST",
    path: "/packages/{packageId}/versions/{versionId}/restore",
    tag: "versions",
    access: "account",
    summary: "Brings the files of a version back, as an edit that can be undone.",
    answers: { 200: { data: record({ revision: count }) } },
    errors: ["PKG_NAME_TAKEN", "EDIT_CONFLICT"],
    handler: lazyCall(versions, "restoreVersion"),
  },
];
