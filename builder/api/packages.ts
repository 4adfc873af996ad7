// `/packages` and `/templates`: packages as a whole. Not here: archives (`package_archives.ts`) and
// what is inside a package.
import { listTemplates } from "../../runtime/package/template.ts";
import type { EditOf } from "../../schemas/edit.ts";
import type { AppContext } from "../app_context.ts";
import type { Draft } from "../edit/draft.ts";
import { findingsOf } from "../edit/findings.ts";
import { dataResponse } from "../http/respond.tsx";
import { addNewPackage } from "../new_package.ts";
import type { PackageQuery } from "../store/packages.ts";
import { apiPath, createdResponse, emptyResponse, etagOf, requireMatch } from "./answers.ts";
import type { ApiRequest } from "./operation.ts";
import { editPackage, readPackage } from "./package_edit.ts";
import { shownFinding } from "./shown_finding.ts";

/** `GET /templates`. */
export async function showTemplates(): Promise<Response> {
  const templates = await listTemplates();
  return dataResponse(templates.map(({ name, description }) => ({ name, description })));
}

/** `GET /packages?search=&from=`. */
export async function listPackages(c: AppContext, { query }: ApiRequest): Promise<Response> {
  const { services: { store }, user } = c.var;
  return dataResponse(await store.packages.list(user.userId, query as PackageQuery));
}

/** `POST /packages`. */
export async function createPackage(c: AppContext, { body }: ApiRequest): Promise<Response> {
  const { name, template } = body as { name: string; template?: string | null };
  const { services: { store }, user } = c.var;
  const asked = { name, template: template ?? "" };
  const record = await addNewPackage(store.packages, user.userId, asked);
  return createdResponse(record, apiPath("packages", record.packageId));
}

/** `GET /packages/{packageId}`. */
export async function showPackage(c: AppContext, { params }: ApiRequest): Promise<Response> {
  const { packageId = "" } = params;
  const { draft } = await readPackage(c, packageId);
  return await packageResponse(c, packageId, draft);
}

async function packageResponse(c: AppContext, packageId: string, draft: Draft): Promise<Response> {
  const record = await c.var.services.store.packages.get(c.var.user.userId, packageId);
  const data = { ...record, ...detailsOf(draft) };
  return dataResponse(data, { headers: { etag: packageTag(draft) } });
}

function detailsOf({ manifest }: Draft) {
  const { schemaVersion, author = null, runtime } = manifest;
  const { minRuntimeVersion = null, requiresNetwork = false } = runtime ?? {};
  return { schemaVersion, author, minRuntimeVersion, requiresNetwork };
}

/** The tag of what `PATCH` can change. */
function packageTag(draft: Draft): string {
  const { name, version, description = null } = draft.manifest;
  return etagOf({ name, version, description, ...detailsOf(draft) });
}

/** `PATCH /packages/{packageId}`. */
export async function changePackage(
  c: AppContext,
  { params, body }: ApiRequest,
): Promise<Response> {
  const { packageId = "" } = params;
  const fields = body as EditOf<"manifest.change">["fields"];
  const { result } = await editPackage(c, packageId, {
    edit: { kind: "manifest.change", fields },
    require: (draft) => requireMatch(c, packageTag(draft)),
  });
  return await packageResponse(c, packageId, result.draft);
}

/** `DELETE /packages/{packageId}`. */
export async function deletePackage(c: AppContext, { params }: ApiRequest): Promise<Response> {
  const { services: { store }, user } = c.var;
  await store.packages.delete(user.userId, params.packageId ?? "");
  return emptyResponse();
}

/** `POST /packages/{packageId}/restore`. */
export async function restorePackage(c: AppContext, { params }: ApiRequest): Promise<Response> {
  const { services: { store }, user } = c.var;
  return dataResponse(await store.packages.restore(user.userId, params.packageId ?? ""));
}

/** `POST /packages/{packageId}/duplicate`. */
export async function duplicatePackage(c: AppContext, { params }: ApiRequest): Promise<Response> {
  const { services: { liveDrafts }, user } = c.var;
  const copy = await liveDrafts.duplicate(user.userId, params.packageId ?? "");
  return createdResponse(copy, apiPath("packages", copy.packageId));
}

/** `GET /packages/{packageId}/findings`. */
export async function listFindings(c: AppContext, { params }: ApiRequest): Promise<Response> {
  const { draft } = await readPackage(c, params.packageId ?? "");
  return dataResponse(findingsOf(draft).map(shownFinding));
}
