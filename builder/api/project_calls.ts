// `/projects` and `/folders` of the API. Not here: the files of a project (`project_file_calls.ts`).
import { basename } from "node:path";
import type { AppContext } from "../app_context.ts";
import { dataResponse } from "../http/respond.tsx";
import { projectIdOf, projectPathOf } from "../project_id.ts";
import type { KnownProject } from "../projects.ts";
import { apiPath, createdResponse, emptyResponse } from "./answers.ts";
import type { ApiRequest } from "./operation.ts";

/** `GET /projects`. */
export async function listProjects(c: AppContext): Promise<Response> {
  const { services: { projects }, user } = c.var;
  return dataResponse(await shownProjects(c, await projects.known(user)));
}

async function shownProjects(c: AppContext, known: readonly KnownProject[]) {
  const { services: { liveRuns }, user } = c.var;
  const runs = await liveRuns.list(user);
  return known.map((project) => ({
    ...project,
    projectId: projectIdOf(project.path),
    name: basename(project.path) || project.path,
    runCount: runs.filter(({ record }) => record.projectDir === project.path).length,
  }));
}

/** `POST /projects`. */
export async function openProject(c: AppContext, { body }: ApiRequest): Promise<Response> {
  const { services: { projects }, user } = c.var;
  const path = await projects.admit(user, (body as { path: string }).path);
  await projects.remember(user, path);
  const shown = await shownProject(c, path);
  return createdResponse(shown, apiPath("projects", projectIdOf(path)));
}

/** Of a real path that the user may work on. */
async function shownProject(c: AppContext, path: string) {
  const { services: { projects }, user } = c.var;
  const known = (await projects.known(user)).find((project) => project.path === path);
  const isShared = (await projects.shared()).includes(path);
  const [shown] = await shownProjects(c, [
    known ?? { path, usedAt: null, isShared, isMissing: false },
  ]);
  return shown;
}

async function admitted(c: AppContext, { params }: ApiRequest): Promise<string> {
  const { services: { projects }, user } = c.var;
  return await projects.admit(user, projectPathOf(params.projectId ?? ""));
}

/** `GET /projects/{projectId}`. */
export async function getProject(c: AppContext, request: ApiRequest): Promise<Response> {
  return dataResponse(await shownProject(c, await admitted(c, request)));
}

/** `PATCH /projects/{projectId}`. */
export async function changeProject(c: AppContext, request: ApiRequest): Promise<Response> {
  const { services: { projects }, user } = c.var;
  const path = await admitted(c, request);
  const { isShared } = request.body as { isShared: boolean };
  const others = (await projects.shared()).filter((shared) => shared !== path);
  await projects.share(user, isShared ? [...others, path] : others);
  return dataResponse(await shownProject(c, path));
}

/** `DELETE /projects/{projectId}`. */
export async function forgetProject(c: AppContext, { params }: ApiRequest): Promise<Response> {
  const { services: { projects }, user } = c.var;
  await projects.forget(user, projectPathOf(params.projectId ?? ""));
  return emptyResponse();
}

/** `GET /folders`. */
export async function listFolders(c: AppContext, { query }: ApiRequest): Promise<Response> {
  const { services: { projects }, user } = c.var;
  const path = typeof query.path === "string" ? query.path : undefined;
  return dataResponse(await projects.browse(user, path));
}
