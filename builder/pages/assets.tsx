// The page of assets: upload, new, rename, delete. Each is one edit, and undo takes it back. Limits are
// the edit's (`edit/file_edits.ts`); text and images are shown by `file_editor.tsx`.
import { Buffer } from "node:buffer";
import type { Edit } from "../../schemas/edit.ts";
import { AppError } from "../../schemas/error.ts";
import { AssetsPage, type AssetsPageProps } from "../../views/forms/assets_page.tsx";
import { filePath } from "../../views/forms/raw_form.tsx";
import { packagePath } from "../../views/package_frame.tsx";
import type { AppContext } from "../app_context.ts";
import { ASSET_LIMITS, assetsDir, fileHash } from "../edit/file_edits.ts";
import type { EditResult } from "../edit/apply_edit.ts";
import { readEdit } from "../edit/read_edit.ts";
import { textField } from "../http/form_fields.ts";
import { readForm } from "../http/guards.ts";
import { htmlResponse, redirect } from "../http/respond.tsx";
import { imageTypeOfName } from "../image_types.ts";
import { packageOfPath } from "./package.tsx";

const NOTHING = { newPath: "", renamed: "", renameTo: "" };

/** `GET …/assets`; `?done=` says what was done, `?undo=` what it was about. */
export async function showAssets(c: AppContext): Promise<Response> {
  const { done = "", undo = "" } = c.req.query();
  return await assetsPage(c, { done: done.slice(0, 200), undoScope: undo });
}

async function assetsPage(
  c: AppContext,
  said: Partial<Pick<AssetsPageProps, "done" | "undoScope" | "faults" | "typed">>,
): Promise<Response> {
  const { services: { liveDrafts }, user, frame } = c.var;
  const record = await packageOfPath(c);
  const { draft } = await liveDrafts.read(user.userId, record.packageId);
  const folder = assetsDir(draft);
  const assets = [...draft.files].filter(([path]) => path.startsWith(folder))
    .map(([path, { length }]) => ({
      path,
      bytes: length,
      isImage: imageTypeOfName(path) !== undefined,
    }))
    .sort((a, b) => a.path < b.path ? -1 : 1);
  const plain = { done: "", undoScope: "", faults: [], typed: NOTHING };
  const status = said.faults?.length ? 422 : 200;
  const props = { frame, record, assets, folder, ...plain, ...said };
  return await htmlResponse(<AssetsPage {...props} />, { status });
}

/** Applies an edit; a refusal comes back in words. */
async function attempt(c: AppContext, edit: Edit): Promise<EditResult | string> {
  const { services: { liveDrafts }, user } = c.var;
  const packageId = c.req.param("packageId") ?? "";
  const { revision } = await liveDrafts.read(user.userId, packageId);
  try {
    const request = { baseRevision: revision, edit: readEdit(edit) };
    return (await liveDrafts.edit(user.userId, packageId, request)).result;
  } catch (thrown) {
    const isInWords = thrown instanceof AppError &&
      ["EDIT_REFUSED", "EDIT_CONFLICT", "REQUEST_INVALID"].includes(thrown.code);
    if (isInWords) return thrown.message;
    throw thrown;
  }
}

function backTo(c: AppContext, { summary, scope }: EditResult): Response {
  const query = new URLSearchParams({ done: summary, undo: scope });
  return redirect(`${packagePath(c.req.param("packageId") ?? "")}/assets?${query}`);
}

/** `POST …/assets`: one or more `file`, `folder`, perhaps `replace`. */
export async function uploadAssets(c: AppContext): Promise<Response> {
  const { texts: { asset: texts } } = c.var;
  await packageOfPath(c);
  const form = await readForm(c);
  const files = form.getAll("file").filter((file) => file instanceof File)
    .filter(({ size, name }) => size > 0 || name !== "");
  const faults: string[] = [];
  const stored: EditResult[] = [];
  for (const file of files) {
    const outcome = await storeUpload(c, file);
    if (typeof outcome === "string") faults.push(outcome);
    else stored.push(outcome);
  }
  const [first] = stored;
  if (faults.length > 0) {
    return await assetsPage(c, {
      faults,
      done: stored.length > 0 ? texts.uploaded(stored.length) : "",
    });
  }
  if (first && stored.length === 1) return backTo(c, first);
  const query = new URLSearchParams({ done: texts.uploaded(stored.length) });
  return redirect(`${packagePath(c.req.param("packageId") ?? "")}/assets?${query}`);
}

async function storeUpload(c: AppContext, file: File): Promise<EditResult | string> {
  const { services: { liveDrafts }, user, texts: { asset: texts } } = c.var;
  const form = await readForm(c);
  const { draft } = await liveDrafts.read(user.userId, c.req.param("packageId") ?? "");
  const folder = textField(form, "folder").trim().replace(/\/*$/, "/");
  const name = file.name.normalize("NFC").replace(/^.*[/\\]/s, "");
  if (name === "" || /^\.|[\p{Cc}:*?"<>|]/u.test(name)) return texts.nameUnsafe(name.slice(0, 100));
  const path = `${folder === "/" ? assetsDir(draft) : folder}${name}`;
  const old = draft.files.get(path);
  if (old && !form.has("replace")) return texts.exists(path);
  // Before the bytes are turned into a text a third longer.
  if (file.size > ASSET_LIMITS.fileBytes) return texts.tooLarge(path, file.size);
  const base64 = Buffer.from(await file.arrayBuffer()).toString("base64");
  return await attempt(c, {
    kind: "file.write",
    path,
    base64,
    baseSha256: old ? fileHash(old) : null,
  });
}

/** `POST …/assets/new`: an empty text at `path`, and its editor. */
export async function newAsset(c: AppContext): Promise<Response> {
  const path = textField(await readForm(c), "path").trim();
  const outcome = await attempt(c, { kind: "file.write", path, text: "", baseSha256: null });
  if (typeof outcome !== "string") {
    return redirect(filePath(c.req.param("packageId") ?? "", path));
  }
  return await assetsPage(c, { faults: [outcome], typed: { ...NOTHING, newPath: path } });
}

/** `POST …/assets/rename`: `path`, `newPath`. */
export async function renameAsset(c: AppContext): Promise<Response> {
  const form = await readForm(c);
  const [path, newPath] = [textField(form, "path"), textField(form, "newPath").trim()];
  const outcome = await attempt(c, { kind: "file.rename", path, newPath });
  if (typeof outcome !== "string") return backTo(c, outcome);
  const typed = { newPath: "", renamed: path, renameTo: newPath };
  return await assetsPage(c, { faults: [outcome], typed });
}

/** `POST …/assets/delete`: `path`. */
export async function deleteAsset(c: AppContext): Promise<Response> {
  const path = textField(await readForm(c), "path");
  const outcome = await attempt(c, { kind: "file.delete", path });
  if (typeof outcome !== "string") return backTo(c, outcome);
  return await assetsPage(c, { faults: [outcome] });
}
