// A project with its artifacts and runs, its folders, and the tree beside them. Not here: its files
// (`project_file.tsx`), and what changes them (`project_edit.tsx`).
import { FolderPage, type FolderProps, ProjectPage } from "../../views/projects/folder_page.tsx";
import { TreeEntries, TreeItem } from "../../views/projects/file_tree.tsx";
import { nameIn, projectHref, projectPartHref } from "../../views/projects/paths.ts";
import type { AppContext } from "../app_context.ts";
import { htmlResponse, redirect } from "../http/respond.tsx";
import { projectPathOf } from "../project_id.ts";
import { treeLevel } from "../project_tree.ts";
import { workflowTitle } from "../workflow_title.ts";
import { numberOf, type OpenedProject, openedProject, placeOf } from "./project_place.tsx";

const FOLDER_PAGE = 200;
const ARTIFACTS = 20;
const RUNS = 8;

/** `GET /projects/:projectId?path=&from=`: the project, or a folder in it. */
export async function showProject(c: AppContext): Promise<Response> {
  const opened = await openedProject(c);
  const { folder, projectId, path } = opened;
  if (folder.path !== projectPathOf(c.req.param("projectId") ?? "")) {
    return redirect(projectHref(projectId, { path }));
  }
  if (path !== "" && (await folder.glimpse(path)).kind !== "folder") {
    return redirect(projectPartHref(projectId, "file", { path }));
  }
  const from = numberOf(c, "from", 0);
  const { entries, total } = await folder.window(path, { from, count: FOLDER_PAGE });
  const shown: FolderProps = { entries, total, from, count: FOLDER_PAGE };
  const place = await placeOf(c, opened, { path, open: path });
  if (path !== "") return await htmlResponse(<FolderPage {...place} folder={shown} />);
  const latest = await folder.latest("artifacts", ARTIFACTS);
  const artifacts = latest.map(({ parts, ...file }) => ({ ...file, path: parts.join("/") }));
  const page = (
    <ProjectPage {...place} folder={shown} artifacts={artifacts} {...await runsIn(c, opened)} />
  );
  return await htmlResponse(page);
}

async function runsIn(c: AppContext, { folder }: OpenedProject) {
  const { services: { liveRuns }, user } = c.var;
  const all = (await liveRuns.list(user)).filter(({ record }) => record.projectDir === folder.path);
  const runs = all.slice(0, RUNS).map(({ phase, record }) => ({
    runId: record.runId,
    packageName: record.package.name,
    workflowTitle: workflowTitle(record, c.var.texts),
    phase,
    startedAt: record.startedAt,
  }));
  return { runs, runCount: all.length };
}

/**
 * `GET /projects/:projectId/tree?path=&current=`: with `state`, the folder's entry, open or closed; with
 * `from`, further entries of the folder.
 */
export async function showTree(c: AppContext): Promise<Response> {
  const { folder, projectId, path } = await openedProject(c);
  const { frame } = c.var;
  const place = { frame, projectId, current: c.req.query("current") ?? "" };
  const state = c.req.query("state");
  if (state === undefined) {
    const level = await treeLevel(folder, path, numberOf(c, "from", 0));
    return await htmlResponse(<TreeEntries {...place} level={level} />);
  }
  const node = { path, name: nameIn(path), kind: "folder", isUsable: true } as const;
  const level = state === "open" ? await treeLevel(folder, path, 0) : undefined;
  return await htmlResponse(<TreeItem {...place} node={{ ...node, level }} />);
}
