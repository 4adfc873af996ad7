// Files that get another path, and everything that names them: manifest, nodes, menus, links, and
// paths in the texts for the agents.
import type { PackageFiles } from "../../runtime/package/archive.ts";
import { MANIFEST_PATH } from "../../runtime/package/integrity.ts";
import { nodeFile } from "../../runtime/package/package_parts.ts";
import { cleanPath, folderOf } from "../../runtime/package/written_path.ts";
import { isRecord } from "../../schemas/record.ts";
import type { DraftListing } from "./draft.ts";
import { readGraph } from "./graph_file.ts";
import {
  isSameJson,
  type JsonObject,
  objectAt,
  objectsAt,
  readJsonObject,
  textAt,
  withKeys,
} from "./json_document.ts";
import { readMarkdown, withBody } from "./markdown_file.ts";
import { withLinks } from "./steps_index.ts";
import type { WorkingCopy } from "./working_copy.ts";

/** Old path → new path. */
export type Moves = ReadonlyMap<string, string>;

/** Moves files; references follow. */
export function moveFiles(work: WorkingCopy, moves: Moves): void {
  const files = new Map(work.files);
  const { workflows, agentsPath } = work.draft;
  moveGraphNodes(work, { moves, files, workflows });
  moveLinks(work, { moves, files, workflows });
  for (const path of stepPaths(files, workflows)) rewriteText(work, path, moves);
  const agents = readJsonObject(work.files.get(agentsPath));
  if (agents) writeIfChanged(work, agentsPath, withPaths(agents, moves) as JsonObject);
  moveManifest(work, moves);
  const contents = [...moves].map(([from, to]) => ({ from, to, bytes: work.files.get(from) }));
  for (const { from } of contents) work.remove(from);
  for (const { to, bytes } of contents) if (bytes) work.write(to, bytes);
}

interface MoveInput {
  readonly moves: Moves;
  /** As they were before the move. */
  readonly files: PackageFiles;
  readonly workflows: readonly DraftListing[];
}

function moveGraphNodes(work: WorkingCopy, { moves, files, workflows }: MoveInput): void {
  for (const { workflow, graph } of workflows) {
    const path = cleanPath(graph);
    const read = readGraph(files.get(path));
    if (!read?.isEditable) continue;
    const nodes = read.rawNodes.map((raw) => {
      const old = nodeFile(files, textAt(raw, "file"), folderOf(workflow));
      const file = old === undefined ? undefined : moves.get(old);
      return file === undefined ? raw : withKeys(raw, { file });
    });
    const isChanged = nodes.some((raw, index) => raw !== read.rawNodes[index]);
    if (isChanged) work.writeJson(path, withKeys(read.raw, { nodes }));
  }
}

function moveLinks(work: WorkingCopy, { moves, files, workflows }: MoveInput): void {
  for (const { workflow } of workflows) {
    const path = cleanPath(workflow);
    const file = readMarkdown(work.files.get(path));
    if (!file) continue;
    const folder = folderOf(path);
    const newFolder = folderOf(moves.get(path) ?? path);
    const pathOf = (old: string) => moves.get(old) ?? old;
    const body = withLinks(file.frontMatter.body, { pathOf, newFolder }, { files, folder });
    work.writeMarkdown(path, file, withBody(file, withPathsInText(body, moves)));
  }
}

function stepPaths(files: PackageFiles, workflows: readonly DraftListing[]): string[] {
  return workflows.flatMap(({ workflow, graph }) =>
    (readGraph(files.get(cleanPath(graph)))?.rawNodes ?? []).flatMap((raw) =>
      nodeFile(files, textAt(raw, "file"), folderOf(workflow)) ?? []
    )
  );
}

function rewriteText(work: WorkingCopy, path: string, moves: Moves): void {
  const file = readMarkdown(work.files.get(path));
  if (!file) return;
  work.writeMarkdown(path, file, withBody(file, withPathsInText(file.frontMatter.body, moves)));
}

function moveManifest(work: WorkingCopy, moves: Moves): void {
  const manifest = readJsonObject(work.files.get(MANIFEST_PATH));
  if (!manifest) return;
  const moved = (object: JsonObject) =>
    withKeys(
      object,
      Object.fromEntries(
        ["workflow", "graph", "agents"].flatMap((key) => {
          const path = moves.get(cleanPath(textAt(object, key)));
          return path === undefined ? [] : [[key, path]];
        }),
      ),
    );
  const workflows = Array.isArray(manifest.workflows)
    ? { workflows: manifest.workflows.map((item) => isRecord(item) ? moved(item) : item) }
    : {};
  const after = withKeys(manifest, { entry: moved(objectAt(manifest, "entry")), ...workflows });
  writeIfChanged(work, MANIFEST_PATH, after);
}

/** Writes a JSON document unless it is as it was. */
export function writeIfChanged(work: WorkingCopy, path: string, after: JsonObject): void {
  if (!isSameJson(readJsonObject(work.files.get(path)), after)) work.writeJson(path, after);
}

/** A JSON value with moved paths in its texts. */
function withPaths(value: unknown, moves: Moves): unknown {
  if (typeof value === "string") {
    return moves.get(cleanPath(value)) ?? withPathsInText(value, moves);
  }
  if (Array.isArray(value)) return value.map((item) => withPaths(item, moves));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withPaths(item, moves)]),
  );
}

/** A path stands between blanks, quotes or brackets, perhaps with `@pkg/` in front or a stop behind. */
const TOKEN = /[^\s"'`()<>[\]|,;*]+/g;
const PATH = /^(@pkg\/|\{package-root\}\/|\.\/)?(.*?)([.:!?]*)$/;

function withPathsInText(text: string, moves: Moves): string {
  return text.replace(TOKEN, (token) => {
    const [, head = "", path = "", tail = ""] = PATH.exec(token) ?? [];
    const to = moves.get(path);
    return to === undefined || !path.includes("/") ? token : `${head}${to}${tail}`;
  });
}

/** Menu items of all agents that lead to one of these files. */
export function menusNaming(agents: JsonObject | undefined, paths: ReadonlySet<string>): string[] {
  return objectsAt(agents, "agents").flatMap((agent) =>
    objectsAt(agent, "menu").filter((item) =>
      ["exec", "workflow", "data"].some((key) => paths.has(cleanPath(textAt(item, key))))
    ).map((item) => `"${textAt(item, "description")}" of "${textAt(agent, "id")}"`)
  );
}
