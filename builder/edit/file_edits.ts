// Edits of files as files: raw text of documents, assets, moving and removing.
import { createHash } from "node:crypto";
import { isLeftOut } from "../../runtime/package/entry_path.ts";
import { MANIFEST_PATH } from "../../runtime/package/integrity.ts";
import { cleanPath } from "../../runtime/package/written_path.ts";
import type { EditOf } from "../../schemas/edit.ts";
import type { Draft } from "./draft.ts";
import { moveFiles } from "./file_moves.ts";
import { followGraph, followStep, refuseBrokenJson, refuseBrokenMarkdown } from "./follow_text.ts";
import { encoded, readMarkdown } from "./markdown_file.ts";
import { refuseNamedFiles } from "./node_delete.ts";
import { conflicting, refused } from "./refusal.ts";
import type { WorkingCopy } from "./working_copy.ts";

/** Limits of assets in the builder (`package-format.md`). */
export const ASSET_LIMITS = {
  fileBytes: 1024 * 1024,
  totalBytes: 20 * 1024 * 1024,
  files: 500,
} as const;

/** What a file of a package is. */
export type FileRole =
  | { readonly kind: "manifest" | "agents" | "asset" }
  | { readonly kind: "graph" | "document"; readonly workflowId: string }
  | { readonly kind: "step"; readonly workflowId: string; readonly nodeId: string };

/** What a path is in a package; a file that no document names is an asset. */
export function roleOf(draft: Draft, path: string): FileRole {
  if (path === MANIFEST_PATH) return { kind: "manifest" };
  if (path === draft.agentsPath) return { kind: "agents" };
  for (const { id: workflowId } of draft.workflows) {
    const workflow = draft.workflow(workflowId);
    if (path === workflow?.graphPath) return { kind: "graph", workflowId };
    if (path === workflow?.documentPath) return { kind: "document", workflowId };
    const node = workflow?.nodes.find((node) =>
      node.path === path || (node.path === undefined && cleanPath(node.file) === path)
    );
    if (node) return { kind: "step", workflowId, nodeId: node.id };
  }
  return { kind: "asset" };
}

/** The hash of a file as `baseSha256` states it. */
export function fileHash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** `file.write`. */
export function writeFile(work: WorkingCopy, edit: EditOf<"file.write">): string {
  const { path } = edit;
  const old = work.files.get(path);
  refuseOldBase(edit, old);
  const bytes = contentOf(edit);
  const role = roleOf(work.draft, path);
  const before = readMarkdown(old);
  if (role.kind === "asset") refuseWrongAsset(work, path, bytes);
  else refuseBroken(role, path, bytes);
  work.write(path, bytes);
  if (role.kind === "step") followStep(work, { ...role, before });
  if (role.kind === "graph") followGraph(work, { workflowId: role.workflowId, before: old });
  return old === undefined ? `Add "${path}"` : `Edit "${path}"`;
}

function refuseOldBase(
  { path, baseSha256 }: EditOf<"file.write">,
  old: Uint8Array | undefined,
): void {
  if (baseSha256 === (old === undefined ? null : fileHash(old))) return;
  const found = old === undefined
    ? "is gone"
    : baseSha256 === null
    ? "is there already"
    : "was changed";
  throw conflicting(`The file "${path}" ${found} since you opened it; load it anew`);
}

function contentOf({ path, text, base64 }: EditOf<"file.write">): Uint8Array {
  if ((text === undefined) === (base64 === undefined)) {
    throw refused(`The content of "${path}" has to be given as text or as base64, not both`);
  }
  if (text !== undefined) return encoded(text);
  try {
    return Uint8Array.from(atob(base64 ?? ""), (char) => char.charCodeAt(0));
  } catch {
    throw refused(`The content of "${path}" is no base64`);
  }
}

function refuseBroken(role: FileRole, path: string, bytes: Uint8Array): void {
  const text = textOf(bytes);
  if (text === undefined) throw refused(`"${path}" has to be UTF-8 text`);
  const isJson = role.kind === "manifest" || role.kind === "agents" || role.kind === "graph";
  if (isJson) refuseBrokenJson(path, text);
  else refuseBrokenMarkdown(path, text);
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const IMAGES = /\.(png|jpe?g|gif|webp|avif|ico|bmp)$/i;

function refuseWrongAsset(work: WorkingCopy, path: string, bytes: Uint8Array): void {
  const dir = assetsDir(work.draft);
  const isNew = !work.files.has(path);
  if (isLeftOut(path)) throw refused(`The path "${path}" has a part that starts with a dot`);
  if (isNew && !path.startsWith(dir) && !path.startsWith("tests/")) {
    throw refused(`The file "${path}" has to be inside "${dir}"`);
  }
  if (bytes.length > ASSET_LIMITS.fileBytes) {
    throw refused(`"${path}" has ${bytes.length} bytes; an asset has 1 MiB at most`);
  }
  const text = textOf(bytes);
  if ((text === undefined || text.includes("\0")) && !IMAGES.test(path)) {
    throw refused(`"${path}" is neither text nor an image (PNG, JPEG, GIF, WebP, AVIF, ICO, BMP)`);
  }
  const assets = [...work.files].filter(([other]) => other !== path && other.startsWith(dir));
  const total = assets.reduce((sum, [, { length }]) => sum + length, bytes.length);
  if (isNew && assets.length >= ASSET_LIMITS.files) {
    throw refused("A package has 500 assets at most");
  }
  if (total > ASSET_LIMITS.totalBytes) throw refused("The assets of a package have 20 MiB at most");
}

/** The folder of assets, with a slash at its end. */
export function assetsDir(draft: Draft): string {
  return `${cleanPath(draft.manifest.entry.assetsDir ?? "assets").replace(/\/+$/, "")}/`;
}

/** `file.delete`. */
export function deleteFile(work: WorkingCopy, { path }: EditOf<"file.delete">): string {
  refuseGone(work, path);
  const role = roleOf(work.draft, path);
  if (role.kind !== "asset") {
    throw refused(
      role.kind === "step"
        ? `"${path}" is the step file of "${role.nodeId}"; delete the node instead`
        : `The package needs "${path}"`,
    );
  }
  refuseNamedFiles(work, new Set([path]));
  work.remove(path);
  return `Delete "${path}"`;
}

function refuseGone(work: WorkingCopy, path: string): void {
  if (work.files.has(path)) return;
  throw conflicting(`There is no file ${JSON.stringify(path.slice(0, 200))} any more`);
}

/** `file.rename`. */
export function renameFile(work: WorkingCopy, { path, newPath }: EditOf<"file.rename">): string {
  refuseGone(work, path);
  const summary = `Move "${path}" to "${newPath}"`;
  if (path === newPath) return summary;
  if (work.files.has(newPath)) {
    throw refused(`There is a file "${newPath}" already; take another name`);
  }
  if (isLeftOut(newPath)) throw refused(`The path "${newPath}" has a part that starts with a dot`);
  const role = roleOf(work.draft, path);
  if (role.kind !== "asset" && role.kind !== "step") {
    throw refused(`"${path}" keeps its name; rename the workflow to move its files`);
  }
  if (role.kind === "step") refuseOutsideSteps(work, role.workflowId, newPath);
  const dir = assetsDir(work.draft);
  if (role.kind === "asset" && !newPath.startsWith(dir)) {
    throw refused(`The file "${newPath}" has to be inside "${dir}"`);
  }
  moveFiles(work, new Map([[path, newPath]]));
  return summary;
}

function refuseOutsideSteps(work: WorkingCopy, workflowId: string, newPath: string): void {
  const document = work.draft.workflow(workflowId)?.documentPath ?? "";
  const folder = `${document.slice(0, document.lastIndexOf("/") + 1)}steps/`;
  if (newPath.startsWith(folder) && newPath.endsWith(".md")) return;
  throw refused(`Step files of this workflow lie in "${folder}" and end with ".md"`);
}
