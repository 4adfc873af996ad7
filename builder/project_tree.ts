// The tree of a project's files as far as it is open on a page. Not here: how it looks
// (`views/projects/file_tree.tsx`).
import type { WindowEntry } from "../runtime/tools/folder_protocol.ts";
import type { TreeLevel, TreeNode } from "../views/projects/file_tree.tsx";
import { below, folderOf } from "../views/projects/paths.ts";
import type { ProjectFolder } from "./project_folder.ts";

/** Entries of a level that come at once. */
export const TREE_PAGE = 200;

/** One level, nothing in it open. @throws AppError as `ProjectFolder.window` */
export async function treeLevel(
  folder: ProjectFolder,
  path: string,
  from: number,
): Promise<TreeLevel> {
  const { entries, total } = await folder.window(path, { from, count: TREE_PAGE });
  return { path, from, total, nodes: entries.map((entry) => nodeOf(path, entry)) };
}

function nodeOf(folder: string, { name, kind, isUsable }: WindowEntry): TreeNode {
  return { path: below(folder, name), name, kind, isUsable };
}

/** The whole tree, open along the way to a folder. @throws as `treeLevel` */
export async function treeTo(folder: ProjectFolder, path: string): Promise<TreeLevel> {
  const open = path === "" ? [""] : [path, ""];
  for (let step = folderOf(path); step !== ""; step = folderOf(step)) open.splice(1, 0, step);
  let inner: TreeLevel | undefined;
  for (const step of open) {
    const level = await treeLevel(folder, step, 0);
    const below = inner;
    const nodes = level.nodes.map((node) =>
      node.path === below?.path ? { ...node, level: below } : node
    );
    inner = { ...level, nodes };
  }
  return inner ?? { path: "", from: 0, total: 0, nodes: [] };
}
