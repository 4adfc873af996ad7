// What every page of one project begins with: whose it is, its tree, what was just done.
import { basename } from "node:path";
import type { Child } from "hono/jsx";
import type { ProjectPlace } from "../../views/projects/folder_page.tsx";
import { DoneNotice } from "../../views/projects/project_frame.tsx";
import type { AppContext } from "../app_context.ts";
import { openProjectBin, type ProjectBin } from "../project_bin.ts";
import { plainPath, type ProjectFolder } from "../project_folder.ts";
import { projectIdOf, projectPathOf } from "../project_id.ts";
import { treeTo } from "../project_tree.ts";

/** A project as a request reached it. */
export interface OpenedProject {
  readonly folder: ProjectFolder;
  readonly projectId: string;
  readonly bin: ProjectBin;
  /** Of the query, without `.` and `..`; empty if there is none. */
  readonly path: string;
}

/**
 * The project of the path `:projectId`.
 * @throws AppError `PROJECT_NOT_FOUND`, `AUTH_FORBIDDEN`, `FILE_NOT_FOUND` for a path that is refused
 */
export async function openedProject(c: AppContext): Promise<OpenedProject> {
  const { services: { projects, config: { dataDir } }, user } = c.var;
  const asked = projectPathOf(c.req.param("projectId") ?? "");
  const folder = await projects.folder(user, asked);
  return {
    folder,
    projectId: projectIdOf(folder.path),
    bin: openProjectBin(folder, dataDir),
    path: plainPath(c.req.query("path") ?? ""),
  };
}

/** A number of the query; `least` for anything else. */
export function numberOf(c: AppContext, name: string, least: number): number {
  const number = Number(c.req.query(name));
  return Number.isSafeInteger(number) && number > least ? number : least;
}

/**
 * What the frame of its pages shows.
 * @param open the folder that the tree is open to
 */
export async function placeOf(
  c: AppContext,
  { folder, projectId, bin }: OpenedProject,
  { path, open }: { readonly path: string; readonly open: string },
): Promise<ProjectPlace> {
  const { frame } = c.var;
  return {
    frame,
    projectId,
    name: basename(folder.path) || folder.path,
    projectDir: folder.path,
    path,
    tree: await treeTo(folder, open),
    done: doneOf(c, { projectId, bin, path }),
  };
}

function doneOf(
  c: AppContext,
  { projectId, bin, path }: Pick<OpenedProject, "projectId" | "bin" | "path">,
): Child {
  const { frame, texts: { project } } = c.var;
  const { done, deleted } = c.req.query();
  const entry = deleted ? bin.list().find(({ deletedId }) => deletedId === deleted) : undefined;
  if (entry) {
    const text = project.deleted(entry.path);
    return (
      <DoneNotice frame={frame} projectId={projectId} text={text} deletedId={entry.deletedId} />
    );
  }
  const said: Readonly<Record<string, string>> = {
    saved: project.saved,
    made: project.made(path),
    renamed: project.renamed(path),
    restored: project.restored(path),
  };
  if (done === undefined || !Object.hasOwn(said, done)) return "";
  return <DoneNotice frame={frame} projectId={projectId} text={said[done] ?? ""} />;
}
