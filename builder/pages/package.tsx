// One package: its overview, and what is done with it as a whole. Not here: edits of its parts.
import { writeArchive } from "../../runtime/package/archive.ts";
import { checkFiles } from "../../runtime/package/check.ts";
import { AppError } from "../../schemas/error.ts";
import { hasErrors } from "../../schemas/finding.ts";
import { ExportRefusedPage } from "../../views/export_refused.tsx";
import { RenamePackagePage } from "../../views/package_forms.tsx";
import { PackagePage } from "../../views/package_page.tsx";
import { packagePath } from "../../views/package_frame.tsx";
import type { AppContext } from "../app_context.ts";
import { attachment } from "../http/attachment.ts";
import { textField } from "../http/form_fields.ts";
import { readForm } from "../http/guards.ts";
import { htmlResponse, redirect } from "../http/respond.tsx";
import { overviewOf } from "../package_overview.ts";
import type { PackageRecord } from "../store/packages.ts";

/** The package that the path names. @throws AppError `PKG_NOT_FOUND`, also for another user's */
export async function packageOfPath(c: AppContext): Promise<PackageRecord> {
  const { services: { store }, user } = c.var;
  return await store.packages.get(user.userId, c.req.param("packageId") ?? "");
}

/** `GET /packages/:packageId`. */
export async function showPackage(c: AppContext): Promise<Response> {
  const { services: { liveDrafts }, user, frame, texts } = c.var;
  const record = await packageOfPath(c);
  const state = await liveDrafts.read(user.userId, record.packageId);
  const notices = new Map([
    ["imported", texts.package.imported],
    ["imported-renamed", texts.package.importedRenamed(record.name)],
    ["restored-version", texts.package.restoredVersion],
  ]);
  const notice = notices.get(c.req.query("notice") ?? "");
  return await htmlResponse(
    <PackagePage
      frame={frame}
      overview={overviewOf(record, state)}
      {...(notice !== undefined && { notice })}
    />,
  );
}

/** `GET /packages/:packageId/download`: the `.bmad` file; refused only if a finding is an error. */
export async function downloadPackage(c: AppContext): Promise<Response> {
  const { services: { store }, user, frame } = c.var;
  const record = await packageOfPath(c);
  const { files } = await store.packages.files(user.userId, record.packageId);
  const findings = checkFiles(files);
  if (hasErrors(findings)) {
    const errors = findings.filter(({ severity }) => severity === "error");
    return await htmlResponse(
      <ExportRefusedPage frame={frame} record={record} findings={errors} />,
      { status: 422 },
    );
  }
  const archive = writeArchive(files, `The package "${record.name}"`);
  return new Response(new Uint8Array(archive), {
    headers: {
      "content-type": "application/zip",
      "content-disposition": attachment(`${record.name}.bmad`),
    },
  });
}

/** `POST …/duplicate`: a copy under a free name. */
export async function duplicatePackage(c: AppContext): Promise<Response> {
  const { services: { liveDrafts }, user } = c.var;
  const { packageId } = await packageOfPath(c);
  const copy = await liveDrafts.duplicate(user.userId, packageId);
  return redirect(packagePath(copy.packageId));
}

/** `GET …/rename`. */
export async function showRename(c: AppContext): Promise<Response> {
  const { packageId, name } = await packageOfPath(c);
  return await htmlResponse(
    <RenamePackagePage frame={c.var.frame} packageId={packageId} current={name} name={name} />,
  );
}

/** `POST …/rename` (`name`): an edit of the manifest like any other, which undo takes back. */
export async function renamePackage(c: AppContext): Promise<Response> {
  const { services: { liveDrafts }, user, frame } = c.var;
  const { packageId, name: current, revision } = await packageOfPath(c);
  const name = textField(await readForm(c), "name").trim();
  try {
    if (name === "") throw new AppError("PKG_INVALID", "The name of the package is empty");
    const edit = { kind: "manifest.change", fields: { name } } as const;
    await liveDrafts.edit(user.userId, packageId, { baseRevision: revision, edit });
    return redirect(packagePath(packageId));
  } catch (thrown) {
    const isMendable = thrown instanceof AppError &&
      ["PKG_INVALID", "PKG_NAME_TAKEN", "EDIT_REFUSED"].includes(thrown.code);
    if (!isMendable) throw thrown;
    const props = { frame, packageId, current, name, fault: thrown.message };
    return await htmlResponse(<RenamePackagePage {...props} />, { status: thrown.httpStatus });
  }
}

/** `POST …/delete`: into the bin; the list offers to undo it. */
export async function deletePackage(c: AppContext): Promise<Response> {
  const { services: { store }, user } = c.var;
  const { packageId } = await packageOfPath(c);
  await store.packages.delete(user.userId, packageId);
  return redirect(`/packages?deleted=${encodeURIComponent(packageId)}`);
}

/** `POST …/restore`: out of the bin. */
export async function restorePackage(c: AppContext): Promise<Response> {
  const { services: { store }, user } = c.var;
  const record = await store.packages.restore(user.userId, c.req.param("packageId") ?? "");
  return redirect(packagePath(record.packageId));
}
