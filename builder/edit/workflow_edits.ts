// Edits of the list of workflows: add, duplicate, delete, order, default, rename.
import { MANIFEST_PATH } from "../../runtime/package/integrity.ts";
import { cleanPath, folderOf } from "../../runtime/package/written_path.ts";
import { blankWorkflow } from "../../runtime/package/template.ts";
import type { EditOf } from "../../schemas/edit.ts";
import { isRecord } from "../../schemas/record.ts";
import { writeIfChanged } from "./file_moves.ts";
import { readGraph } from "./graph_file.ts";
import { objectAt, readJsonObject, textAt, withKeys } from "./json_document.ts";
import { withBody, withFrontMatter } from "./markdown_file.ts";
import { checkedId, fileNameOf, freeId, slugOf } from "./new_ids.ts";
import { refuseNamedFiles } from "./node_delete.ts";
import { oneLine } from "./plain_text.ts";
import { headingText, withLinks } from "./steps_index.ts";
import { conflicting, refused } from "./refusal.ts";
import { changeMarkdown, STATE_KEYS } from "./workflow_document.ts";
import {
  changeListings,
  filesOf,
  freeFolder,
  listEntry,
  moveToFolder,
  rawManifest,
} from "./workflow_listing.ts";
import type { WorkingCopy } from "./working_copy.ts";

function newWorkflowId(work: WorkingCopy, given: string | undefined, wanted: string): string {
  const taken = new Set(work.draft.workflows.map(({ id }) => id));
  if (given === undefined) return freeId(wanted, (id) => taken.has(id));
  const id = checkedId(given, "workflow");
  if (taken.has(id)) throw refused(`The package has a workflow "${id}" already; take another id`);
  return id;
}

/** `workflow.add`. */
export function addWorkflow(work: WorkingCopy, edit: EditOf<"workflow.add">): string {
  const title = oneLine(edit.displayName);
  if (title === "") throw refused("A workflow needs a name");
  listEntry(work);
  const id = newWorkflowId(work, edit.workflowId, slugOf(title) || "workflow");
  const folder = freeFolder(work, id);
  const agentId = work.draft.agents[0]?.id;
  for (
    const [path, bytes] of blankWorkflow({
      folder,
      workflowType: id,
      title: headingText(title),
      agentId,
    })
  ) {
    work.write(path, bytes);
  }
  const listing = {
    id,
    workflow: `${folder}workflow.md`,
    graph: `${folder}workflow.graph.json`,
    displayName: title,
  };
  changeListings(work, (listings) => [...listings, listing]);
  return `Add workflow "${title}"`;
}

/** `workflow.duplicate`. */
export function duplicateWorkflow(work: WorkingCopy, edit: EditOf<"workflow.duplicate">): string {
  work.listing(edit.workflowId);
  listEntry(work);
  const { id: oldId, displayName } = work.listing(edit.workflowId);
  const id = newWorkflowId(work, edit.newWorkflowId, oldId);
  const title = displayName ?? oldId;
  const { document, graph } = copyWorkflow(work, oldId, freeFolder(work, id));
  changeListings(work, (listings) => {
    const raw = listings.find((listing) => listing.id === oldId) ?? {};
    const named = { id, workflow: document, graph, displayName: `${title} (copy)` };
    return [...listings, withKeys(raw, named)];
  });
  return `Duplicate workflow "${title}"`;
}

/** Copies all files of a workflow; nodes and links lead to the copies. */
function copyWorkflow(
  work: WorkingCopy,
  workflowId: string,
  folder: string,
): { document: string; graph: string } {
  const { documentPath = "", graphPath = "", nodes = [] } = work.draft.workflow(workflowId) ?? {};
  const oldFolder = folderOf(documentPath);
  const newPath = (path: string) => {
    if (oldFolder !== "" && path.startsWith(oldFolder)) return path.slice(oldFolder.length);
    const name = path.slice(path.lastIndexOf("/") + 1);
    return path === documentPath || path === graphPath ? name : `steps/${name}`;
  };
  const copies = new Map(filesOf(work, workflowId).map((path) => [path, folder + newPath(path)]));
  const pathOf = (path: string) => copies.get(path) ?? path;
  for (const [path, copy] of copies) work.write(copy, work.files.get(path) ?? new Uint8Array());
  changeMarkdown(work, pathOf(documentPath), (file) => {
    const space = { files: work.files, folder: oldFolder };
    const { body } = file.frontMatter;
    return withBody(file, withLinks(body, { pathOf, newFolder: folder }, space));
  });
  const graph = readGraph(work.files.get(graphPath));
  if (graph?.isEditable) {
    const fileOf = new Map(nodes.map(({ file, path }) => [file, path && pathOf(path)]));
    const copied = graph.rawNodes.map((raw) =>
      withKeys(raw, { file: fileOf.get(textAt(raw, "file")) ?? raw.file })
    );
    work.writeJson(pathOf(graphPath), withKeys(graph.raw, { nodes: copied }));
  }
  return { document: pathOf(documentPath), graph: pathOf(graphPath) };
}

/** `workflow.delete`. Menu items that start it go with it. */
export function deleteWorkflow(work: WorkingCopy, edit: EditOf<"workflow.delete">): string {
  const { id, isDefault, displayName } = work.listing(edit.workflowId);
  const others = work.draft.workflows.filter((listing) => listing.id !== id);
  const heir = others[0];
  if (!heir) {
    throw refused(
      "A package needs a workflow at least; add another one before you delete the last",
    );
  }
  for (const other of others) {
    const caller = work.draft.workflow(other.id)?.nodes.find(({ subworkflowRef }) =>
      subworkflowRef === id
    );
    if (!caller) continue;
    throw refused(
      `The node "${caller.id}" of "${other.id}" calls this workflow; change that node first`,
    );
  }
  const path = work.draft.workflow(id)?.documentPath ?? "";
  removeMenuItems(work, (target) => target === id || cleanPath(target) === path);
  const shared = new Set(others.flatMap((other) => filesOf(work, other.id)));
  const paths = new Set(filesOf(work, id).filter((path) => !shared.has(path)));
  refuseNamedFiles(work, paths);
  if (isDefault) nameEntry(work, heir.id);
  changeListings(work, (listings) => listings.filter((listing) => listing.id !== id));
  for (const path of paths) work.remove(path);
  return `Delete workflow "${displayName ?? id}"`;
}

function removeMenuItems(work: WorkingCopy, isGone: (target: string) => boolean): void {
  const path = work.draft.agentsPath;
  const document = readJsonObject(work.files.get(path));
  if (!document || !Array.isArray(document.agents)) return;
  const agents = document.agents.map((agent) => {
    if (!isRecord(agent) || !Array.isArray(agent.menu)) return agent;
    const menu = agent.menu.filter((item) => !isRecord(item) || !isGone(textAt(item, "workflow")));
    return menu.length === agent.menu.length ? agent : withKeys(agent, { menu });
  });
  writeIfChanged(work, path, withKeys(document, { agents }));
}

/** `workflows.order`. */
export function orderWorkflows(work: WorkingCopy, edit: EditOf<"workflows.order">): string {
  const known = work.draft.workflows.map(({ id }) => id);
  const wanted = new Set(edit.workflowIds);
  const isSame = wanted.size === edit.workflowIds.length && wanted.size === known.length &&
    known.every((id) => wanted.has(id));
  if (!isSame) throw conflicting("The list of workflows has changed; load the package anew");
  changeListings(
    work,
    (listings) => edit.workflowIds.flatMap((id) => listings.filter((listing) => listing.id === id)),
  );
  return "Order the workflows";
}

/** `workflow.default`. */
export function makeDefault(work: WorkingCopy, edit: EditOf<"workflow.default">): string {
  const { id, isDefault, displayName } = work.listing(edit.workflowId);
  if (!isDefault) {
    listEntry(work);
    nameEntry(work, id);
  }
  return `Make "${displayName ?? id}" the default`;
}

function nameEntry(work: WorkingCopy, workflowId: string): void {
  listEntry(work);
  const { workflow, graph } = work.listing(workflowId);
  const manifest = rawManifest(work);
  const entry = withKeys(objectAt(manifest, "entry"), { workflow, graph });
  writeIfChanged(work, MANIFEST_PATH, withKeys(manifest, { entry }));
}

/** `workflow.rename`. */
export function renameWorkflow(work: WorkingCopy, edit: EditOf<"workflow.rename">): string {
  const oldId = work.listing(edit.workflowId).id;
  const newId = checkedId(edit.newWorkflowId, "workflow");
  const summary = `Rename workflow "${oldId}" to "${newId}"`;
  if (newId === oldId) return summary;
  newWorkflowId(work, newId, newId);
  changeListings(
    work,
    (listings) => listings.map((raw) => raw.id === oldId ? withKeys(raw, { id: newId }) : raw),
  );
  renameCalls(work, oldId, newId);
  const workflow = work.draft.workflow(newId);
  changeMarkdown(
    work,
    workflow?.documentPath ?? "",
    (file) =>
      file.frontMatter.data.workflowType === oldId
        ? withFrontMatter(file, { workflowType: newId }, STATE_KEYS)
        : file,
  );
  const folder = `workflows/${fileNameOf(oldId)}/`;
  if (folderOf(workflow?.documentPath ?? "") === folder) moveToFolder(work, newId, folder);
  return summary;
}

function renameCalls(work: WorkingCopy, oldId: string, newId: string): void {
  for (const { graph } of work.draft.workflows) {
    const path = cleanPath(graph);
    const read = readGraph(work.files.get(path));
    if (
      !read?.isEditable || !read.rawNodes.some(({ subworkflowRef }) => subworkflowRef === oldId)
    ) {
      continue;
    }
    const nodes = read.rawNodes.map((raw) =>
      raw.subworkflowRef === oldId ? withKeys(raw, { subworkflowRef: newId }) : raw
    );
    work.writeJson(path, withKeys(read.raw, { nodes }));
  }
  const document = readJsonObject(work.files.get(work.draft.agentsPath));
  if (!document) return;
  const renamed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(renamed);
    if (!isRecord(value)) return value;
    const entries = Object.entries(value).map(([key, item]): [string, unknown] =>
      key === "workflow" && item === oldId ? [key, newId] : [key, renamed(item)]
    );
    return Object.fromEntries(entries);
  };
  const agents = Array.isArray(document.agents)
    ? document.agents.map((agent) =>
      isRecord(agent) && agent.menu !== undefined
        ? withKeys(agent, { menu: renamed(agent.menu) })
        : agent
    )
    : document.agents;
  writeIfChanged(work, work.draft.agentsPath, withKeys(document, { agents }));
}
