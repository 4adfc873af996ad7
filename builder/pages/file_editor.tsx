// Any file of a package as text, beside a form or on its own page; and as bytes, for downloads and
// images. Not here: what follows from a changed document (`edit/file_edits.ts`).
import { AppError } from "../../schemas/error.ts";
import { FilePage, type FilePageProps } from "../../views/forms/file_page.tsx";
import { filePath, type RawFault, RawNote } from "../../views/forms/raw_form.tsx";
import type { PackagePart } from "../../views/package_frame.tsx";
import type { AppContext } from "../app_context.ts";
import type { Draft } from "../edit/draft.ts";
import { assetsDir, fileHash, roleOf } from "../edit/file_edits.ts";
import { ownPath, textField } from "../http/form_fields.ts";
import { readForm } from "../http/guards.ts";
import { htmlResponse, isFragmentRequest, redirect } from "../http/respond.tsx";
import { imageTypeOfName } from "../image_types.ts";
import type { StoredEdit } from "../live_drafts.ts";
import { canvasAnswer } from "./draft_edits.tsx";
import { readableText } from "./form_answer.tsx";
import { attachment } from "../http/attachment.ts";
import { packageOfPath } from "./package.tsx";

/** The path behind `/files/` or `/raw/`, decoded. */
function pathOf(c: AppContext, folder: "files" | "raw"): string {
  const { pathname } = new URL(c.req.url);
  const start = `/packages/${c.req.param("packageId")}/${folder}/`;
  const coded = pathname.slice(encodedLength(pathname, start));
  try {
    return decodeURIComponent(coded);
  } catch (cause) {
    throw new AppError("FILE_NOT_FOUND", `"${coded.slice(0, 200)}" is no path`, { cause });
  }
}

/** Ids in the URL may be written with escapes, so slashes are counted instead of characters. */
function encodedLength(pathname: string, start: string): number {
  const parts = start.split("/").length - 1;
  return pathname.split("/").slice(0, parts).join("/").length + 1;
}

function bytesOf(draft: Draft, path: string): Uint8Array {
  const bytes = draft.files.get(path);
  if (bytes) return bytes;
  throw new AppError("FILE_NOT_FOUND", `There is no file "${path.slice(0, 200)}" in this package`);
}

/** `GET …/files/:path`. */
export async function showFile(c: AppContext): Promise<Response> {
  const { services: { liveDrafts }, user } = c.var;
  const { draft } = await liveDrafts.read(user.userId, c.req.param("packageId") ?? "");
  const path = pathOf(c, "files");
  const bytes = bytesOf(draft, path);
  return await filePage(c, { draft, path, text: readableText(bytes), sha256: fileHash(bytes) });
}

interface Shown extends Pick<FilePageProps, "path" | "text" | "sha256"> {
  readonly draft: Draft;
  readonly fault?: RawFault;
}

async function filePage(c: AppContext, { draft, ...shown }: Shown): Promise<Response> {
  const { frame } = c.var;
  const record = await packageOfPath(c);
  const status = shown.fault === undefined ? 200 : shown.fault.theirs ? 409 : 422;
  const done = (c.req.query("done") ?? "").slice(0, 200);
  const props = {
    frame,
    record,
    done,
    isImage: imageTypeOfName(shown.path) !== undefined,
    active: partOf(draft, shown.path),
  };
  return await htmlResponse(<FilePage {...props} {...shown} />, { status });
}

function partOf(draft: Draft, path: string): PackagePart {
  const { kind } = roleOf(draft, path);
  if (kind === "agents") return "agents";
  if (kind === "manifest") return "manifest";
  return path.startsWith(assetsDir(draft)) ? "assets" : "overview";
}

/** `POST …/files/:path`: `text`, `baseSha256`, perhaps `overwrite` and `then`. */
export async function postFile(c: AppContext): Promise<Response> {
  const { services: { liveDrafts }, user } = c.var;
  const packageId = c.req.param("packageId") ?? "";
  const path = pathOf(c, "files");
  const form = await readForm(c);
  const { draft, revision } = await liveDrafts.read(user.userId, packageId);
  const text = textField(form, "text");
  const base = textField(form, "overwrite") || textField(form, "baseSha256");
  const edit = {
    kind: "file.write",
    path,
    text: inLineEndsOf(bytesOf(draft, path), text),
    baseSha256: base,
  } as const;
  try {
    const stored = await liveDrafts.edit(user.userId, packageId, { baseRevision: revision, edit });
    return await savedAnswer(c, { stored, path });
  } catch (thrown) {
    const fault = faultOf(thrown, draft.files.get(path));
    if (!isFragmentRequest(c.req.raw)) {
      return await filePage(c, { draft, path, text, sha256: base, fault });
    }
    const status = fault.theirs ? 409 : 422;
    return await htmlResponse(<RawNote frame={c.var.frame} fault={fault} isAnswer />, { status });
  }
}

/** Browsers send line breaks of one kind; the file keeps its own. */
function inLineEndsOf(old: Uint8Array, text: string): string {
  return readableText(old)?.includes("\r\n") ? text.replaceAll("\n", "\r\n") : text;
}

function faultOf(thrown: unknown, now: Uint8Array | undefined): RawFault {
  if (!(thrown instanceof AppError)) throw thrown;
  if (thrown.code === "EDIT_CONFLICT" && now) {
    const theirs = { text: readableText(now) ?? "", sha256: fileHash(now) };
    return { message: thrown.message, theirs };
  }
  if (thrown.code !== "EDIT_REFUSED" && thrown.code !== "PKG_NAME_TAKEN") throw thrown;
  const { line, column } = thrown.details ?? {};
  return {
    message: thrown.message,
    ...typeof line === "number" && { line },
    ...typeof column === "number" && { column },
  };
}

async function savedAnswer(
  c: AppContext,
  { stored, path }: { stored: StoredEdit; path: string },
): Promise<Response> {
  const form = await readForm(c);
  const { summary, touched, draft } = stored.result;
  const packageId = c.req.param("packageId") ?? "";
  if (!isFragmentRequest(c.req.raw)) {
    const then = form.has("then") ? ownPath(textField(form, "then")) : filePath(packageId, path);
    return redirect(`${then}${then.includes("?") ? "&" : "?"}done=${encodeURIComponent(summary)}`);
  }
  const shown = Number(textField(form, "canvasRevision") || Number.NaN);
  const marks = Number.isSafeInteger(shown) && await canvasAnswer(c, {
    packageId,
    baseRevision: shown,
    revision: stored.revision,
    draft,
    summary,
    workflowId: touched.workflowId,
    select: touched.newNodeIds.map((id) => `node:${id}`),
  });
  return await htmlResponse(
    <>
      <RawNote frame={c.var.frame} fault={undefined} isAnswer />
      {marks}
    </>,
    { headers: { "hx-trigger": "crewagent:reload" } },
  );
}

/**
 * `GET …/raw/:path`: the bytes. A file of a package is foreign: nothing in it may run, whatever it is, so
 * it is an attachment without an origin of ours, and no type but those of images is said.
 */
export async function sendRaw(c: AppContext): Promise<Response> {
  const { services: { liveDrafts }, user } = c.var;
  const { draft } = await liveDrafts.read(user.userId, c.req.param("packageId") ?? "");
  const path = pathOf(c, "raw");
  const bytes = bytesOf(draft, path);
  const type = imageTypeOfName(path) ??
    (readableText(bytes) === undefined ? "application/octet-stream" : "text/plain; charset=utf-8");
  return new Response(new Uint8Array(bytes), {
    headers: {
      "content-type": type,
      "content-disposition": attachment(path.slice(path.lastIndexOf("/") + 1)),
      "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
      "x-content-type-options": "nosniff",
    },
  });
}
