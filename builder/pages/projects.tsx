// The projects: which there are, opening one, sharing them, and looking for a folder. Not here: one
// project (`project.tsx`).
import { basename, sep } from "node:path";
import { AppError } from "../../schemas/error.ts";
import { FoldersPage } from "../../views/projects/folders_page.tsx";
import { projectHref } from "../../views/projects/paths.ts";
import { ProjectsPage } from "../../views/projects/projects_page.tsx";
import type { AppContext } from "../app_context.ts";
import { textField } from "../http/form_fields.ts";
import { readForm } from "../http/guards.ts";
import { htmlResponse, redirect } from "../http/respond.tsx";
import { projectIdOf, projectPathOf } from "../project_id.ts";

/** `GET /projects`. */
export async function showProjects(c: AppContext): Promise<Response> {
  return await projectsPage(c, {});
}

interface Refused {
  readonly typed?: string;
  readonly refusal?: AppError;
}

async function projectsPage(c: AppContext, { typed, refusal }: Refused): Promise<Response> {
  const { services: { projects, liveRuns }, user, frame } = c.var;
  const runs = await liveRuns.list(user);
  const lines = (await projects.known(user)).map((known) => ({
    ...known,
    projectId: projectIdOf(known.path),
    name: basename(known.path) || known.path,
    runs: runs.filter(({ record }) => record.projectDir === known.path).length,
  }));
  const page = (
    <ProjectsPage
      frame={frame}
      projects={lines}
      isForgotten={c.req.query("forgotten") === "yes"}
      {...(typed !== undefined && { typed })}
      {...(refusal && { fault: refusal.message })}
    />
  );
  return await htmlResponse(page, refusal ? { status: refusal.httpStatus } : {});
}

/** `POST /projects` (`path`): opens a folder as a project. */
export async function openProject(c: AppContext): Promise<Response> {
  const { services: { projects }, user } = c.var;
  const typed = textField(await readForm(c), "path").trim();
  try {
    const path = await projects.admit(user, typed);
    await projects.remember(user, path);
    return redirect(projectHref(projectIdOf(path)));
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    return await projectsPage(c, { typed, refusal: thrown });
  }
}

/** `POST /projects/:projectId/forget`: takes it out of the list. */
export async function forgetProject(c: AppContext): Promise<Response> {
  const { services: { projects }, user } = c.var;
  await projects.forget(user, projectPathOf(c.req.param("projectId") ?? ""));
  return redirect("/projects?forgotten=yes");
}

/** `GET /projects/folders?package=&way=&path=`: the owner's look into the folders of the machine. */
export async function showFolders(c: AppContext): Promise<Response> {
  const { services: { projects }, user, frame } = c.var;
  const { package: packageId = "", way = "", path } = c.req.query();
  const listing = await projects.browse(user, path);
  const shared = await projects.shared();
  const props = { frame, packageId, way, separator: sep, shared, ...listing };
  return await htmlResponse(<FoldersPage {...props} />);
}

/** `POST /projects/shared` (`share` or `unshare`, a folder): what other accounts may work on. */
export async function shareFolder(c: AppContext): Promise<Response> {
  const { services: { projects }, user } = c.var;
  const form = await readForm(c);
  const [share, unshare] = [textField(form, "share"), textField(form, "unshare")];
  const kept = (await projects.shared()).filter((path) => path !== unshare);
  await projects.share(user, share === "" ? kept : [...kept, share]);
  const query = new URLSearchParams({
    package: textField(form, "package"),
    way: textField(form, "way"),
    path: textField(form, "path"),
  });
  return redirect(`/projects/folders?${query}`);
}
