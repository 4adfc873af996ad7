// Operations: packages as a whole.
import { PACKAGE_LIMITS } from "../../runtime/package/limits.ts";
import { list, orNull, record, ref, text } from "./json_schema.ts";
import { lazyCall, type Operation } from "./operation.ts";

const packages = () => import("./packages.ts");
const archives = () => import("./package_archives.ts");

/** The types under which an archive comes in; the first is what we send. */
const ARCHIVE_TYPES = ["application/zip", "application/octet-stream"] as const;

/** `/templates`, `/packages` and `/packages/{packageId}`. */
export const PACKAGE_OPERATIONS: readonly Operation[] = [
  {
    operationId: "listTemplates",
    method: "GET",
    path: "/templates",
    tag: "packages",
    access: "account",
    summary: "What a package can be made from, by name.",
    answers: { 200: { data: list(ref("Template")) } },
    handler: lazyCall(packages, "showTemplates"),
  },
  {
    operationId: "listPackages",
    method: "GET",
    path: "/packages",
    tag: "packages",
    access: "account",
    summary: "The caller's packages, last changed first.",
    query: {
      search: text({
        maxLength: 200,
        description: "Words that name, description or a workflow's title have to contain.",
      }),
      from: text({ enum: ["use", "bin"], description: "bin: those that were deleted." }),
    },
    answers: { 200: { data: list(ref("PackageCard")) } },
    handler: lazyCall(packages, "listPackages"),
  },
  {
    operationId: "createPackage",
    method: "POST",
    path: "/packages",
    tag: "packages",
    access: "account",
    summary: "Makes a package, blank or from a template.",
    body: {
      json: record({
        name: text({ description: "1 to 100 characters; unique among the caller's packages." }),
        template: { ...orNull(text()), description: "Null: blank." },
      }, ["template"]),
    },
    answers: { 201: { data: ref("PackageCard"), headers: ["Location"] } },
    errors: ["PKG_INVALID", "PKG_NAME_TAKEN", "PKG_TEMPLATE_UNKNOWN"],
    handler: lazyCall(packages, "createPackage"),
  },
  {
    operationId: "importPackage",
    method: "POST",
    path: "/packages/import",
    tag: "packages",
    access: "account",
    summary:
      "Makes a package of a .bmad file, under a free name if its own is taken. If a finding " +
      "is an error, nothing is made, and details.findings says what was found.",
    query: { fileName: text({ maxLength: 200, description: "For messages." }) },
    body: { media: [...ARCHIVE_TYPES, "multipart/form-data"] },
    bodyBytes: PACKAGE_LIMITS.archiveBytes + (64 << 10),
    answers: { 201: { data: ref("Import"), headers: ["Location"] } },
    errors: [
      "PKG_INVALID",
      "PKG_ZIP_INVALID",
      "PKG_ZIP_TOO_LARGE",
      "PKG_ZIP_TOO_MANY_ENTRIES",
      "PKG_ZIP_RATIO",
      "PKG_ZIP_PATH_UNSAFE",
      "PKG_ZIP_SYMLINK",
      "PKG_ZIP_DUPLICATE",
      "PKG_ZIP_ENCRYPTED",
    ],
    handler: lazyCall(archives, "importArchive"),
  },
  {
    operationId: "getPackage",
    method: "GET",
    path: "/packages/{packageId}",
    tag: "packages",
    access: "account",
    summary: "A package as its manifest describes it.",
    answers: { 200: { data: ref("Package"), headers: ["ETag"] } },
    handler: lazyCall(packages, "showPackage"),
  },
  {
    operationId: "changePackage",
    method: "PATCH",
    path: "/packages/{packageId}",
    tag: "packages",
    access: "account",
    summary: "Changes the manifest: its name and what else is given; null removes.",
    body: { json: ref("manifest.change/properties/fields") },
    isConditional: true,
    answers: { 200: { data: ref("Package"), headers: ["ETag"] } },
    errors: ["EDIT_REFUSED", "EDIT_CONFLICT", "PKG_NAME_TAKEN"],
    handler: lazyCall(packages, "changePackage"),
  },
  {
    operationId: "deletePackage",
    method: "DELETE",
    path: "/packages/{packageId}",
    tag: "packages",
    access: "account",
    summary: "Puts a package into the bin, where it stays for 30 days.",
    answers: { 204: { nothing: true } },
    handler: lazyCall(packages, "deletePackage"),
  },
  {
    operationId: "restorePackage",
    method: "POST",
    path: "/packages/{packageId}/restore",
    tag: "packages",
    access: "account",
    summary: "Takes a package out of the bin, with its history.",
    answers: { 200: { data: ref("PackageCard") } },
    errors: ["PKG_NAME_TAKEN"],
    handler: lazyCall(packages, "restorePackage"),
  },
  {
    operationId: "duplicatePackage",
    method: "POST",
    path: "/packages/{packageId}/duplicate",
    tag: "packages",
    access: "account",
    summary: "Makes a copy under a free name, without history and versions.",
    answers: { 201: { data: ref("PackageCard"), headers: ["Location"] } },
    handler: lazyCall(packages, "duplicatePackage"),
  },
  {
    operationId: "downloadPackage",
    method: "GET",
    path: "/packages/{packageId}/download",
    tag: "packages",
    access: "account",
    summary: "The package as a .bmad file. Refused if a finding is an error; details.findings " +
      "has them.",
    answers: { 200: { media: [ARCHIVE_TYPES[0]] } },
    errors: ["PKG_INVALID"],
    handler: lazyCall(archives, "downloadArchive"),
  },
  {
    operationId: "listFindings",
    method: "GET",
    path: "/packages/{packageId}/findings",
    tag: "packages",
    access: "account",
    summary: "What is wrong or doubtful: the findings of crewagent check, by file and line.",
    answers: { 200: { data: list(ref("Finding")) } },
    handler: lazyCall(packages, "listFindings"),
  },
];
