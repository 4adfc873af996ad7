// What a person changes in a project: texts, names, new files and folders, the bin. Each is a form that
// works without JavaScript; nothing is lost where two change the same file.
import { AppError } from "../../schemas/error.ts";
import { BinPage, type EditConflict, EditPage } from "../../views/projects/edit_page.tsx";
import { NewPage, RenamePage } from "../../views/projects/edit_page.tsx";
import { below, folderOf, projectHref, projectPartHref } from "../../views/projects/paths.ts";
import type { LoadedFile } from "../../runtime/tools/worker_protocol.ts";
import type { AppContext } from "../app_context.ts";
import { textField } from "../http/form_fields.ts";
import { readForm } from "../http/guards.ts";
import { htmlResponse, redirect } from "../http/respond.tsx";
import { editableText, keptBytes } from "../kept_text.ts";
import { plainPath, type ProjectFolder } from "../project_folder.ts";
import { MOST_EDITED_BYTES } from "../project_view.ts";
import { type OpenedProject, openedProject, placeOf } from "./project_place.tsx";

/** `GET /projects/:projectId/edit?path=`. */
export async function showEdit(c: AppContext): Promise<Response> {
  const opened = await openedProject(c);
  const file = await opened.folder.load(opened.path);
  const text = textOf(c, file);
  return await editPage(c, opened, { text, sha256: file.sha256 });
}

/** @throws AppError `EDIT_REFUSED` for what is no text, or too long for a form */
function textOf(c: AppContext, { bytes }: LoadedFile): string {
  const { project } = c.var.texts;
  if (bytes.length > MOST_EDITED_BYTES) throw new AppError("EDIT_REFUSED", project.tooLargeToEdit);
  const text = editableText(bytes);
  if (text !== undefined) return text;
  throw new AppError("EDIT_REFUSED", project.notEditable);
}

interface ShownEdit {
  readonly text: string;
  readonly sha256: string;
  readonly conflict?: EditConflict;
  readonly refusal?: AppError;
}

async function editPage(
  c: AppContext,
  opened: OpenedProject,
  { refusal, ...shown }: ShownEdit,
): Promise<Response> {
  const { path } = opened;
  const place = await placeOf(c, opened, { path, open: await nearestFolder(opened.folder, path) });
  const status = refusal?.httpStatus ?? (shown.conflict ? 409 : 200);
  const fault = refusal ? { fault: refusal.message } : {};
  return await htmlResponse(<EditPage {...place} {...shown} {...fault} />, { status });
}

/** The folder of a file that may be gone with it. */
async function nearestFolder(folder: ProjectFolder, path: string): Promise<string> {
  for (let step = folderOf(path); step !== ""; step = folderOf(step)) {
    const seen = await folder.glimpse(step).catch(nullIfMissing);
    if (seen?.kind === "folder") return step;
  }
  return "";
}

/** `POST /projects/:projectId/edit?path=` (`text`, `baseSha256`; `over`: the file that may be replaced). */
export async function saveEdit(c: AppContext): Promise<Response> {
  const opened = await openedProject(c);
  const { folder, path, projectId } = opened;
  const form = await readForm(c);
  const text = textField(form, "text");
  const base = textField(form, "baseSha256");
  const over = textField(form, "over");
  const seen = over === "" ? base : over === "none" ? "" : over;
  try {
    const now = await folder.load(path).catch(nullIfMissing);
    if (now) textOf(c, now);
    const bytes = keptBytes(text, now?.bytes ?? null);
    if ((now?.sha256 ?? "") !== seen) {
      return await conflictPage(c, opened, { text, base, now, bytes });
    }
    await folder.write(path, bytes, now?.sha256 ?? null);
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    if (thrown.code === "EDIT_CONFLICT" || thrown.code === "FILE_EXISTS") {
      // It changed between the look and the write.
      const now = await folder.load(path).catch(nullIfMissing);
      const bytes = keptBytes(text, now?.bytes ?? null);
      return await conflictPage(c, opened, { text, base, now, bytes });
    }
    return await editPage(c, opened, { text, sha256: base, refusal: thrown });
  }
  return redirect(projectPartHref(projectId, "file", { path, done: "saved" }));
}

interface Conflicting {
  readonly text: string;
  readonly base: string;
  /** `null` if it is gone. */
  readonly now: LoadedFile | null;
  readonly bytes: Uint8Array;
}

async function conflictPage(
  c: AppContext,
  opened: OpenedProject,
  { text, base, now, bytes }: Conflicting,
): Promise<Response> {
  const diff = now ? await opened.folder.diff(opened.path, now.bytes, bytes) : "";
  const conflict = { sha256: now?.sha256 ?? "", diff };
  return await editPage(c, opened, { text, sha256: base, conflict });
}

function nullIfMissing(thrown: unknown): null {
  if (thrown instanceof AppError && thrown.code === "FILE_NOT_FOUND") return null;
  throw thrown;
}

/** `GET /projects/:projectId/new?folder=&kind=`. */
export async function showNew(c: AppContext): Promise<Response> {
  return await newPage(c, await openedProject(c), { typed: "" });
}

interface TypedName {
  readonly typed: string;
  readonly refusal?: AppError;
}

async function newPage(
  c: AppContext,
  opened: OpenedProject,
  { typed, refusal }: TypedName,
): Promise<Response> {
  const path = plainPath(c.req.query("folder") ?? "");
  const place = await placeOf(c, opened, { path, open: path });
  const kind = kindOf(c);
  const fault = refusal ? { fault: refusal.message } : {};
  return await htmlResponse(
    <NewPage {...place} kind={kind} typed={typed} {...fault} />,
    refusal ? { status: refusal.httpStatus } : {},
  );
}

function kindOf(c: AppContext): "file" | "folder" {
  return c.req.query("kind") === "folder" ? "folder" : "file";
}

/** `POST /projects/:projectId/new?folder=&kind=` (`name`): an empty file, which is edited then; or a folder. */
export async function makeNew(c: AppContext): Promise<Response> {
  const opened = await openedProject(c);
  const { folder, projectId } = opened;
  const typed = textField(await readForm(c), "name").trim();
  try {
    const path = plainPath(below(c.req.query("folder") ?? "", typed));
    if (kindOf(c) === "folder") {
      await folder.makeFolder(path);
      return redirect(projectHref(projectId, { path, done: "made" }));
    }
    await folder.write(path, new Uint8Array(), null);
    return redirect(projectPartHref(projectId, "edit", { path, done: "made" }));
  } catch (thrown) {
    return await newPage(c, opened, { typed, refusal: mendable(thrown) });
  }
}

const MENDABLE = ["FILE_EXISTS", "FILE_NOT_FOUND", "REQUEST_INVALID", "EDIT_REFUSED"];

/** What a person can put right in the form. Anything else is thrown again. */
function mendable(thrown: unknown): AppError {
  if (thrown instanceof AppError && MENDABLE.includes(thrown.code)) return thrown;
  throw thrown;
}

/** `GET /projects/:projectId/rename?path=`. */
export async function showRename(c: AppContext): Promise<Response> {
  const opened = await openedProject(c);
  await opened.folder.glimpse(opened.path);
  return await renamePage(c, opened, { typed: opened.path });
}

async function renamePage(
  c: AppContext,
  opened: OpenedProject,
  { typed, refusal }: TypedName,
): Promise<Response> {
  const { path, folder } = opened;
  const place = await placeOf(c, opened, { path, open: await nearestFolder(folder, path) });
  const fault = refusal ? { fault: refusal.message } : {};
  return await htmlResponse(
    <RenamePage {...place} typed={typed} {...fault} />,
    refusal ? { status: refusal.httpStatus } : {},
  );
}

/** `POST /projects/:projectId/rename?path=` (`to`). */
export async function renamePath(c: AppContext): Promise<Response> {
  const opened = await openedProject(c);
  const { folder, projectId, path } = opened;
  const typed = textField(await readForm(c), "to").trim();
  try {
    const to = plainPath(typed);
    if (to !== path) await folder.move(path, to);
    return redirect(projectHref(projectId, { path: to, done: "renamed" }));
  } catch (thrown) {
    return await renamePage(c, opened, { typed, refusal: mendable(thrown) });
  }
}

/** `POST /projects/:projectId/delete` (`path`, `sha256` as it was shown): into the bin. */
export async function deletePath(c: AppContext): Promise<Response> {
  const { bin, projectId } = await openedProject(c);
  const form = await readForm(c);
  const path = plainPath(textField(form, "path"));
  const { deletedId } = await bin.remove(path, textField(form, "sha256") || undefined);
  return redirect(projectHref(projectId, { path: folderOf(path), deleted: deletedId }));
}

/** `GET /projects/:projectId/bin`. */
export async function showBin(c: AppContext): Promise<Response> {
  const opened = await openedProject(c);
  const place = await placeOf(c, opened, { path: "", open: "" });
  return await htmlResponse(<BinPage {...place} entries={opened.bin.list()} />);
}

/** `POST /projects/:projectId/restore` (`deletedId`): back to where it was. */
export async function restoreDeleted(c: AppContext): Promise<Response> {
  const { bin, projectId } = await openedProject(c);
  const { path, kind } = await bin.restore(textField(await readForm(c), "deletedId"));
  const query = { path, done: "restored" };
  return redirect(
    kind === "folder" ? projectHref(projectId, query) : projectPartHref(projectId, "file", query),
  );
}
