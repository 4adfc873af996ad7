// Operations: the one corridor by which a package changes, and its history.
import { count, list, orNull, record, ref, text } from "./json_schema.ts";
import { lazyCall, type Operation } from "./operation.ts";

const edits = () => import("./edits.ts");

const step = record({
  scope: {
    ...orNull(text({ pattern: "^(package|(workflow|agent|file):[^\\u0000-\\u001f]{1,500})$" })),
    description: "Only the newest edit of this scope: workflow:ID, agent:ID, file:PATH, package.",
  },
}, ["scope"]);

/** `/packages/{packageId}/edits` and what takes edits back. */
export const EDIT_OPERATIONS: readonly Operation[] = [
  {
    operationId: "applyEdit",
    method: "POST",
    path: "/packages/{packageId}/edits",
    tag: "edits",
    access: "account",
    summary:
      "Applies an edit and stores it as one revision. It is applied to the package as it is " +
      "now, unless somebody changed what it is about since baseRevision.",
    body: { json: record({ baseRevision: count, edit: ref("Edit") }) },
    bodyBytes: 4 << 20,
    answers: { 200: { data: ref("EditOutcome") } },
    errors: ["EDIT_REFUSED", "EDIT_CONFLICT", "PKG_NAME_TAKEN"],
    handler: lazyCall(edits, "applyEdit"),
  },
  {
    operationId: "undo",
    method: "POST",
    path: "/packages/{packageId}/undo",
    tag: "edits",
    access: "account",
    summary: "Takes the newest edit back.",
    body: { json: step, isOptional: true },
    answers: { 200: { data: ref("StepOutcome") } },
    errors: ["EDIT_REFUSED", "EDIT_CONFLICT", "PKG_NAME_TAKEN"],
    handler: lazyCall(edits, "undo"),
  },
  {
    operationId: "redo",
    method: "POST",
    path: "/packages/{packageId}/redo",
    tag: "edits",
    access: "account",
    summary: "Does the edit that was undone last again.",
    body: { json: step, isOptional: true },
    answers: { 200: { data: ref("StepOutcome") } },
    errors: ["EDIT_REFUSED", "EDIT_CONFLICT", "PKG_NAME_TAKEN"],
    handler: lazyCall(edits, "redo"),
  },
  {
    operationId: "listHistory",
    method: "GET",
    path: "/packages/{packageId}/history",
    tag: "edits",
    access: "account",
    summary: "Revisions, newest first.",
    query: {
      limit: {
        type: "integer",
        minimum: 1,
        maximum: 1000,
        description: "At most so many; 100 unless said.",
      },
      before: { ...count, description: "Only revisions older than this one." },
    },
    answers: { 200: { data: list(ref("Revision")) } },
    handler: lazyCall(edits, "listHistory"),
  },
];
