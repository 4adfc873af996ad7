// The list of workflows in the manifest, and the folders in which they lie.
import { MANIFEST_PATH } from "../../runtime/package/integrity.ts";
import { folderOf } from "../../runtime/package/written_path.ts";
import { isRecord } from "../../schemas/record.ts";
import { moveFiles, writeIfChanged } from "./file_moves.ts";
import { type JsonObject, objectAt, objectsAt, readJsonObject, withKeys } from "./json_document.ts";
import { fileNameOf, freeId } from "./new_ids.ts";
import { refused } from "./refusal.ts";
import type { WorkingCopy } from "./working_copy.ts";

/** Keys of the manifest in the order in which a careful author writes them. */
export const MANIFEST_KEYS = [
  "schemaVersion",
  "name",
  "version",
  "description",
  "author",
  "createdAt",
  "entry",
  "workflows",
  "runtime",
  "integrity",
];

/** The manifest as it stands in its file. @throws AppError `EDIT_REFUSED` if it is no object */
export function rawManifest(work: WorkingCopy): JsonObject {
  const manifest = readJsonObject(work.files.get(MANIFEST_PATH));
  const isSound = manifest && isRecord(manifest.entry) &&
    (manifest.workflows === undefined ||
      Array.isArray(manifest.workflows) && manifest.workflows.every(isRecord));
  if (isSound) return manifest;
  throw refused(`"${MANIFEST_PATH}" has faults; mend it as raw text first`, {
    path: MANIFEST_PATH,
  });
}

/** Changes `workflows[]`; a package that has none gets one first (`listEntry`). */
export function changeListings(
  work: WorkingCopy,
  change: (listings: JsonObject[]) => readonly JsonObject[],
): void {
  listEntry(work);
  const manifest = rawManifest(work);
  const workflows = change(objectsAt(manifest, "workflows"));
  writeIfChanged(work, MANIFEST_PATH, withKeys(manifest, { workflows }, MANIFEST_KEYS));
}

/**
 * Turns a package of form A, one workflow at its root, into form B: the workflow moves to
 * `workflows/<id>/` and is listed in `workflows[]`. A package that lists its entry stays as it is.
 */
export function listEntry(work: WorkingCopy): void {
  const entry = work.draft.workflows.find(({ isDefault }) => isDefault);
  const manifest = rawManifest(work);
  const listed = objectsAt(manifest, "workflows");
  if (!entry || listed.some(({ id }) => id === entry.id)) return;
  if (folderOf(entry.workflow) === "") moveToFolder(work, entry.id, "");
  const { workflow, graph } = objectAt(rawManifest(work), "entry");
  const listing = { id: entry.id, workflow, graph };
  work.writeJson(
    MANIFEST_PATH,
    withKeys(rawManifest(work), { workflows: [listing, ...listed] }, MANIFEST_KEYS),
  );
}

/** Moves the files of a workflow to a folder of its own below `workflows/`. */
export function moveToFolder(work: WorkingCopy, workflowId: string, oldFolder: string): void {
  const folder = freeFolder(work, workflowId);
  moveFiles(
    work,
    new Map(
      filesOf(work, workflowId).map((path) => [
        path,
        folder + path.slice(oldFolder.length),
      ]),
    ),
  );
}

/** A folder below `workflows/` that holds no file yet, with a slash at its end. */
export function freeFolder(work: WorkingCopy, workflowId: string): string {
  const taken = Array.from(work.files.keys(), (path) => path.toLowerCase());
  const name = freeId(fileNameOf(workflowId), (name) => {
    const folder = `workflows/${name.toLowerCase()}`;
    return taken.some((path) => path === folder || path.startsWith(`${folder}/`));
  });
  return `workflows/${name}/`;
}

/** The documents and step files of a workflow, and what else lies in a folder of its own. */
export function filesOf(work: WorkingCopy, workflowId: string): string[] {
  const workflow = work.draft.workflow(workflowId);
  if (!workflow) return [];
  const { documentPath, graphPath, nodes } = workflow;
  const paths = new Set([documentPath, graphPath, ...nodes.flatMap(({ path }) => path ?? [])]);
  const folder = folderOf(documentPath);
  const isOwn = folder !== "" &&
    !work.draft.workflows.some(({ id, workflow }) =>
      id !== workflowId && folderOf(workflow).startsWith(folder)
    );
  for (const path of isOwn ? work.files.keys() : []) if (path.startsWith(folder)) paths.add(path);
  return [...paths].filter((path) => work.files.has(path));
}
