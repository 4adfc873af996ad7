// Packages as `.bmad` files: in and out.
import { writeArchive } from "../../runtime/package/archive.ts";
import { AppError } from "../../schemas/error.ts";
import { type Finding, hasErrors } from "../../schemas/finding.ts";
import type { AppContext } from "../app_context.ts";
import { findingsOf } from "../edit/findings.ts";
import { attachment } from "../http/attachment.ts";
import { fileField } from "../http/form_fields.ts";
import { readForm } from "../http/guards.ts";
import { importPackage } from "../new_package.ts";
import { apiPath, createdResponse } from "./answers.ts";
import type { ApiRequest } from "./operation.ts";
import { readPackage } from "./package_edit.ts";
import { shownFinding } from "./shown_finding.ts";

/** `POST /packages/import`: the archive as it is, or as the field `file` of a form. */
export async function importArchive(c: AppContext, { query }: ApiRequest): Promise<Response> {
  const { services: { store }, user } = c.var;
  const { bytes, what } = await readArchive(c, query.fileName);
  const result = await importPackage(store.packages, user.userId, { bytes, what });
  const { findings, record, renamedFrom = null } = result;
  if (!record) {
    throw unsound(`The file "${what}" is no sound package, so it was not imported`, findings);
  }
  const data = { package: record, renamedFrom, findings: findings.map(shownFinding) };
  return createdResponse(data, apiPath("packages", record.packageId));
}

async function readArchive(c: AppContext, fileName: unknown) {
  const isForm = /^multipart\//i.test(c.req.header("content-type") ?? "");
  const given = isForm ? fileField(await readForm(c), "file") : undefined;
  const bytes = given ? await given.arrayBuffer() : await c.req.arrayBuffer();
  const name = typeof fileName === "string" ? fileName : given?.name ?? "package.bmad";
  return { bytes: new Uint8Array(bytes), what: name.slice(0, 200) };
}

/** `GET /packages/{packageId}/download`. */
export async function downloadArchive(c: AppContext, { params }: ApiRequest): Promise<Response> {
  const { draft } = await readPackage(c, params.packageId ?? "");
  const { name } = draft.manifest;
  const findings = findingsOf(draft);
  if (hasErrors(findings)) {
    throw unsound(`The package "${name}" has errors, so it cannot be exported`, findings);
  }
  return new Response(new Uint8Array(writeArchive(draft.files, `The package "${name}"`)), {
    headers: {
      "content-type": "application/zip",
      "content-disposition": attachment(`${name}.bmad`),
    },
  });
}

function unsound(message: string, findings: readonly Finding[]): AppError {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  return new AppError("PKG_INVALID", `${message}: ${errors} ${errors === 1 ? "error" : "errors"}`, {
    details: { findings: findings.map(shownFinding) },
  });
}
