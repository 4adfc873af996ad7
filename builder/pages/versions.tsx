// Versions of a package: keeping one, listing them, what changed since, bringing one back.
import { AppError } from "../../schemas/error.ts";
import { packagePath } from "../../views/package_frame.tsx";
import { type FileDiff, VersionPage, VersionsPage } from "../../views/version_pages.tsx";
import type { AppContext } from "../app_context.ts";
import { fileDiff } from "../file_diff.ts";
import { textField } from "../http/form_fields.ts";
import { readForm } from "../http/guards.ts";
import { htmlResponse, redirect } from "../http/respond.tsx";
import type { Version } from "../store/versions.ts";
import { packageOfPath } from "./package.tsx";

/** What stood in the form, and why it was refused. */
interface Refused {
  readonly typed: { readonly label: string; readonly notes: string };
  readonly refusal: AppError;
}

/** `GET …/versions`. */
export async function showVersions(c: AppContext): Promise<Response> {
  return await versionsPage(c);
}

async function versionsPage(c: AppContext, refused?: Refused): Promise<Response> {
  const { services: { store }, user, frame } = c.var;
  const record = await packageOfPath(c);
  const versions = await store.versions.list(user.userId, record.packageId);
  const page = (
    <VersionsPage
      frame={frame}
      record={record}
      versions={versions.map((version) => lineOf(version, record.revision))}
      {...(refused && { typed: refused.typed, fault: refused.refusal.message })}
    />
  );
  return await htmlResponse(page, refused ? { status: refused.refusal.httpStatus } : {});
}

function lineOf(version: Version, revision: number) {
  return { ...version, isCurrent: version.revision === revision };
}

/** `POST …/versions` (`label`, `notes`). */
export async function createVersion(c: AppContext): Promise<Response> {
  const { services: { store }, user } = c.var;
  const { packageId } = await packageOfPath(c);
  const form = await readForm(c);
  const typed = { label: textField(form, "label").trim(), notes: textField(form, "notes").trim() };
  try {
    await store.versions.create(user.userId, packageId, typed);
  } catch (thrown) {
    const isMendable = thrown instanceof AppError &&
      ["REQUEST_INVALID", "VERSION_EXISTS"].includes(thrown.code);
    if (!isMendable) throw thrown;
    return await versionsPage(c, { typed, refusal: thrown });
  }
  return redirect(`${packagePath(packageId)}/versions`);
}

/** `GET …/versions/:versionId`: its notes, and what changed since. */
export async function showVersion(c: AppContext): Promise<Response> {
  const { services: { store }, user, frame } = c.var;
  const record = await packageOfPath(c);
  const versionId = c.req.param("versionId") ?? "";
  const version = await store.versions.get(user.userId, record.packageId, versionId);
  return await htmlResponse(
    <VersionPage
      frame={frame}
      record={record}
      version={lineOf(version, record.revision)}
      diffs={await diffsSince(c, record.packageId, versionId)}
    />,
  );
}

async function diffsSince(
  c: AppContext,
  packageId: string,
  versionId: string,
): Promise<readonly FileDiff[]> {
  const { services: { store }, user: { userId } } = c.var;
  const [differences, before, { files: after }] = await Promise.all([
    store.versions.compare(userId, packageId, { from: versionId, to: "draft" }),
    store.versions.files(userId, packageId, versionId),
    store.packages.files(userId, packageId),
  ]);
  return differences.map(({ path }) => fileDiff(path, before.get(path), after.get(path)));
}

/** `POST …/versions/:versionId/restore`: as an edit, which undo takes back. */
export async function restoreVersion(c: AppContext): Promise<Response> {
  const { services: { liveDrafts }, user } = c.var;
  const { packageId } = await packageOfPath(c);
  await liveDrafts.restoreVersion(user.userId, packageId, c.req.param("versionId") ?? "");
  return redirect(`${packagePath(packageId)}?notice=restored-version`);
}
