// `/packages/{packageId}/versions`.
import type { AppContext } from "../app_context.ts";
import { fileDiff } from "../file_diff.ts";
import { dataResponse } from "../http/respond.tsx";
import type { PackageFiles } from "../../runtime/package/archive.ts";
import { apiPath, createdResponse, emptyResponse } from "./answers.ts";
import type { ApiRequest } from "./operation.ts";

/** `GET …/versions`. */
export async function listVersions(c: AppContext, { params }: ApiRequest): Promise<Response> {
  const { services: { store }, user } = c.var;
  return dataResponse(await store.versions.list(user.userId, params.packageId ?? ""));
}

/** `POST …/versions` `{label, notes?}`. */
export async function createVersion(
  c: AppContext,
  { params, body }: ApiRequest,
): Promise<Response> {
  const { services: { store }, user } = c.var;
  const { packageId = "" } = params;
  const { label, notes = "" } = body as { label: string; notes?: string };
  const asked = { label: label.trim(), notes };
  const version = await store.versions.create(user.userId, packageId, asked);
  return createdResponse(version, apiPath("packages", packageId, "versions", version.versionId));
}

/** `GET …/versions/{versionId}`. */
export async function showVersion(c: AppContext, { params }: ApiRequest): Promise<Response> {
  const { services: { store }, user } = c.var;
  const { packageId = "", versionId = "" } = params;
  return dataResponse(await store.versions.get(user.userId, packageId, versionId));
}

/** `DELETE …/versions/{versionId}`. */
export async function deleteVersion(c: AppContext, { params }: ApiRequest): Promise<Response> {
  const { services: { store }, user } = c.var;
  const { packageId = "", versionId = "" } = params;
  await store.versions.delete(user.userId, packageId, versionId);
  return emptyResponse();
}

/** `GET …/versions/{versionId}/diff?to=`. */
export async function diffVersion(
  c: AppContext,
  { params, query }: ApiRequest,
): Promise<Response> {
  const { store } = c.var.services;
  const { userId } = c.var.user;
  const { packageId = "", versionId: from = "" } = params;
  const to = typeof query.to === "string" ? query.to : "draft";
  const before = await store.versions.files(userId, packageId, from);
  const after = await filesOf(c, packageId, to);
  const differences = await store.versions.compare(userId, packageId, { from, to });
  return dataResponse(differences.map(({ path, before: oldSha256, after: newSha256 }) => {
    const { kind, lines = null } = fileDiff(path, before.get(path), after.get(path));
    return { path, kind, before: oldSha256, after: newSha256, lines };
  }));
}

async function filesOf(c: AppContext, packageId: string, state: string): Promise<PackageFiles> {
  const { services: { store }, user: { userId } } = c.var;
  if (state === "draft") return (await store.packages.files(userId, packageId)).files;
  return await store.versions.files(userId, packageId, state);
}

/** `POST …/versions/{versionId}/restore`. */
export async function restoreVersion(c: AppContext, { params }: ApiRequest): Promise<Response> {
  const { services: { liveDrafts }, user } = c.var;
  const { packageId = "", versionId = "" } = params;
  const { revision } = await liveDrafts.restoreVersion(user.userId, packageId, versionId);
  return dataResponse({ revision });
}
