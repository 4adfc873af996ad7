// `workflow.change` and `manifest.change`: the fields of the workflow form and of the package form.
import { MANIFEST_PATH } from "../../runtime/package/integrity.ts";
import type { EditOf, WorkflowFields } from "../../schemas/edit.ts";
import { writeIfChanged } from "./file_moves.ts";
import { type JsonObject, objectAt, objectsAt, withKeys } from "./json_document.ts";
import { editableMarkdown, type MarkdownFile, withBody, withFrontMatter } from "./markdown_file.ts";
import { lines, oneLine, sectionText } from "./plain_text.ts";
import { refused } from "./refusal.ts";
import { refuseViolations } from "./rules_kept.ts";
import { withSection } from "./sections.ts";
import { withHeading } from "./step_file.ts";
import { listEntry, MANIFEST_KEYS, rawManifest } from "./workflow_listing.ts";
import { STATE_KEYS } from "./workflow_document.ts";
import type { WorkingCopy } from "./working_copy.ts";

const LISTING_KEYS = ["id", "workflow", "graph", "displayName", "description", "tags"];
const SECTIONS = ["Goal", "How to execute", "Steps"];

/** `workflow.change`. */
export function changeWorkflow(work: WorkingCopy, edit: EditOf<"workflow.change">): string {
  const { fields } = edit;
  const before = work.listing(edit.workflowId);
  const listing = listingChanges(fields);
  if (Object.keys(listing).length > 0) changeListing(work, before.id, listing);
  const after = work.listing(before.id);
  const title = { from: before.displayName ?? before.id, to: after.displayName ?? before.id };
  changeDocument(work, { workflowId: before.id, fields, title });
  return `Change workflow "${after.displayName ?? after.id}"`;
}

function listingChanges({ displayName, description, tags }: WorkflowFields): JsonObject {
  const changes = new Map<string, unknown>();
  if (displayName !== undefined) {
    changes.set("displayName", oneLine(displayName ?? "") || undefined);
  }
  if (description !== undefined) changes.set("description", description?.trim() || undefined);
  if (tags !== undefined) changes.set("tags", tags === null ? undefined : lines(tags));
  return Object.fromEntries(changes);
}

function changeListing(work: WorkingCopy, workflowId: string, changes: JsonObject): void {
  const known: JsonObject = { ...work.listing(workflowId) };
  const isSame = Object.entries(changes).every(([key, value]) =>
    JSON.stringify(known[key]) === JSON.stringify(value)
  );
  // A form that was only looked at does not turn a package of form A into one of form B.
  if (isSame) return;
  listEntry(work);
  const manifest = rawManifest(work);
  const workflows = objectsAt(manifest, "workflows").map((raw) =>
    raw.id === workflowId ? withKeys(raw, changes, LISTING_KEYS) : raw
  );
  const after = withKeys(manifest, { workflows });
  refuseViolations("bmad", { before: manifest, after });
  writeIfChanged(work, MANIFEST_PATH, after);
}

interface DocumentChange {
  readonly workflowId: string;
  readonly fields: WorkflowFields;
  readonly title: { readonly from: string; readonly to: string };
}

function changeDocument(work: WorkingCopy, { workflowId, fields, title }: DocumentChange): void {
  const { workflowType, variables, inputDocuments, goal, howToExecute } = fields;
  const isAsked = [workflowType, variables, inputDocuments, goal, howToExecute]
    .some((field) => field !== undefined);
  const path = work.draft.workflow(workflowId)?.documentPath ?? "";
  if (!isAsked && (title.from === title.to || !work.files.has(path))) return;
  const old = editableMarkdown(work.files.get(path), path);
  const changes = new Map<string, unknown>();
  if (workflowType !== undefined) {
    if (oneLine(workflowType) === "") throw refused("The type of a workflow cannot be empty");
    changes.set("workflowType", oneLine(workflowType));
  }
  if (variables !== undefined) changes.set("variables", variables ?? undefined);
  if (inputDocuments !== undefined) {
    changes.set("inputDocuments", inputDocuments === null ? undefined : lines(inputDocuments));
  }
  let file = withFrontMatter(old, Object.fromEntries(changes), STATE_KEYS);
  refuseViolations("workflow_state", {
    before: old.frontMatter.data,
    after: file.frontMatter.data,
  });
  file = withText(file, "Goal", goal);
  file = withText(file, "How to execute", howToExecute);
  work.writeMarkdown(path, old, title.from === title.to ? file : withHeading(file, title));
}

function withText(file: MarkdownFile, name: string, text: string | null | undefined): MarkdownFile {
  if (text === undefined) return file;
  const change = { name, text: sectionText(text ?? ""), isRequired: false, order: SECTIONS };
  return withBody(file, withSection(file.frontMatter.body, change));
}

/** `manifest.change`. */
export function changeManifest(work: WorkingCopy, { fields }: EditOf<"manifest.change">): string {
  const before = rawManifest(work);
  const { name, version, description, author, minRuntimeVersion, requiresNetwork } = fields;
  const changes = new Map<string, unknown>();
  if (name !== undefined) changes.set("name", oneLine(name));
  if (version !== undefined) changes.set("version", oneLine(version));
  if (description !== undefined) changes.set("description", description?.trim() || undefined);
  if (author !== undefined) changes.set("author", oneLine(author ?? "") || undefined);
  const runtime = new Map<string, unknown>();
  if (minRuntimeVersion !== undefined) {
    runtime.set("minRuntimeVersion", oneLine(minRuntimeVersion ?? "") || undefined);
  }
  if (requiresNetwork !== undefined) runtime.set("requiresNetwork", requiresNetwork ?? undefined);
  if (runtime.size > 0) {
    const all = withKeys(objectAt(before, "runtime"), Object.fromEntries(runtime));
    changes.set("runtime", Object.keys(all).length > 0 ? all : undefined);
  }
  const after = withKeys(before, Object.fromEntries(changes), MANIFEST_KEYS);
  if (after.name === "") throw refused("A package needs a name");
  refuseViolations("bmad", { before, after });
  writeIfChanged(work, MANIFEST_PATH, after);
  return name !== undefined && before.name !== after.name
    ? `Rename the package to "${oneLine(name)}"`
    : "Change the package";
}
