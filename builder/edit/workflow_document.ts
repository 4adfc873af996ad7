// `workflow.md` following its graph: the state a run begins with, and the links to step files.
import { isRecord } from "../../schemas/record.ts";
import { folderOf } from "../../runtime/package/written_path.ts";
import type { JsonObject } from "./json_document.ts";
import { type MarkdownFile, readMarkdown, withBody, withFrontMatter } from "./markdown_file.ts";
import { type LinkSpace, withIndexEntry, withLinks, withoutIndexEntries } from "./steps_index.ts";
import type { LinkChange } from "./steps_index.ts";
import type { OpenGraph } from "./open_graph.ts";
import type { WorkingCopy } from "./working_copy.ts";

/** Keys of the front matter in the order in which a careful author writes them. */
export const STATE_KEYS = [
  "schemaVersion",
  "workflowType",
  "currentNodeId",
  "stepsCompleted",
  "variables",
  "decisionLog",
  "artifacts",
  "inputDocuments",
];

/** Changes a Markdown file of the package; one that cannot be read is left alone. */
export function changeMarkdown(
  work: WorkingCopy,
  path: string,
  change: (file: MarkdownFile) => MarkdownFile,
): void {
  const file = readMarkdown(work.files.get(path));
  if (file) work.writeMarkdown(path, file, change(file));
}

function changeBody(
  { work, documentPath }: OpenGraph,
  change: (body: string, space: LinkSpace) => string,
): void {
  changeMarkdown(work, documentPath, (file) => {
    const space = { files: work.files, folder: folderOf(documentPath) };
    return withBody(file, change(file.frontMatter.body, space));
  });
}

/** Adds a node to the index of steps, behind those that the graph has before it. */
export function indexNode(graph: OpenGraph, nodeId: string): void {
  const at = graph.nodes.findIndex(({ id }) => id === nodeId);
  const node = graph.node(nodeId);
  const path = graph.pathOf(node);
  if (path === undefined) return;
  changeBody(graph, (body, space) => {
    // Only in a document with an index is it worth to look for every file before.
    if (!/^##\s+steps/im.test(body)) return body;
    const pathsBefore = graph.nodes.slice(0, at).flatMap(({ id }) =>
      graph.pathOf(graph.node(String(id))) ?? []
    );
    return withIndexEntry(body, { title: node.title ?? node.id, path, pathsBefore }, space);
  });
}

/** Removes files from the index; to be called while they are still there. */
export function unindexFiles(graph: OpenGraph, paths: ReadonlySet<string>): void {
  if (paths.size > 0) changeBody(graph, (body, space) => withoutIndexEntries(body, paths, space));
}

/** Has links follow a step file's title and path; to be called while the old file is there. */
export function relinkFile(graph: OpenGraph, change: LinkChange): void {
  changeBody(graph, (body, space) => withLinks(body, change, space));
}

/** Has the state name nodes by their new ids; a node that is gone (`undefined`) is not named. */
export function renameInState(
  { work, documentPath }: OpenGraph,
  newIdOf: (nodeId: string) => string | undefined,
): void {
  changeMarkdown(work, documentPath, (file) => {
    const { data } = file.frontMatter;
    const { currentNodeId, stepsCompleted, decisionLog } = data;
    const changes = new Map<string, unknown>();
    if (typeof currentNodeId === "string" && currentNodeId !== "") {
      changes.set("currentNodeId", newIdOf(currentNodeId) ?? "");
    }
    if (Array.isArray(stepsCompleted)) {
      changes.set("stepsCompleted", stepsCompleted.flatMap((id) => newIdOf(String(id)) ?? []));
    }
    if (Array.isArray(decisionLog)) {
      changes.set("decisionLog", decisionLog.flatMap((entry) => renamedEntry(entry, newIdOf)));
    }
    return withFrontMatter(file, Object.fromEntries(changes), STATE_KEYS);
  });
}

function renamedEntry(
  entry: unknown,
  newIdOf: (nodeId: string) => string | undefined,
): JsonObject[] {
  if (!isRecord(entry)) return [];
  const [from, to] = [newIdOf(String(entry.from)), newIdOf(String(entry.to))];
  return from === undefined || to === undefined ? [] : [{ ...entry, from, to }];
}
