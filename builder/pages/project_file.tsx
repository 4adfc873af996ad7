// One file of a project: its page, and its bytes. Nothing in it may run here, whatever it is.
import { binaryType } from "../../runtime/tools/file_type.ts";
import { AppError } from "../../schemas/error.ts";
import { type FileOrigin, FilePage } from "../../views/projects/file_page.tsx";
import { folderOf, nameIn, projectHref } from "../../views/projects/paths.ts";
import type { AppContext } from "../app_context.ts";
import { writesTo } from "../artifact_writers.ts";
import { attachment } from "../http/attachment.ts";
import { htmlResponse, redirect } from "../http/respond.tsx";
import { imageTypeOf } from "../image_types.ts";
import { viewFile } from "../project_view.ts";
import { numberOf, type OpenedProject, openedProject, placeOf } from "./project_place.tsx";

/** `GET /projects/:projectId/file?path=&as=&from=`. */
export async function showFile(c: AppContext): Promise<Response> {
  const opened = await openedProject(c);
  const { folder, projectId, path } = opened;
  const glimpse = await folder.glimpse(path);
  if (glimpse.kind === "folder") return redirect(projectHref(projectId, { path }));
  const { texts } = c.var;
  const from = numberOf(c, "from", 1);
  const as = c.req.query("as");
  const view = await viewFile({ folder, projectId, path, glimpse, as, from, texts });
  const place = await placeOf(c, opened, { path, open: folderOf(path) });
  const { bytes, modifiedAt } = glimpse;
  const origin = await originOf(c, opened, view.sha256);
  return await htmlResponse(
    <FilePage {...place} {...view} bytes={bytes} modifiedAt={modifiedAt} origin={origin} />,
  );
}

/** Their logs are searched for the file. */
const RUNS_ASKED = 20;

/** The last run here that wrote the file, if it was one of the latest. */
async function originOf(
  c: AppContext,
  { folder, path }: OpenedProject,
  sha256: string | undefined,
): Promise<FileOrigin | undefined> {
  const { services: { liveRuns, config: { dataDir } }, user } = c.var;
  const runs = (await liveRuns.list(user)).map(({ record }) => record)
    .filter(({ projectDir }) => projectDir === folder.path).slice(0, RUNS_ASKED);
  const last = (await writesTo({ dataDir, runs, path: `@project/${path}` })).at(-1);
  if (!last) return undefined;
  const { runId, nodeId, model, at } = last.writer;
  const name = runs.find((run) => run.runId === runId)?.package.name ?? runId;
  const isChangedSince = sha256 !== undefined && sha256 !== last.sha256After;
  return { runId, name, nodeId, model, at, isChangedSince };
}

/** A file is foreign: it may run nothing, frame nothing and be framed by nothing. */
const RAW_CSP = "sandbox; default-src 'none'; frame-ancestors 'none'";

/**
 * `GET /projects/:projectId/raw?path=&download=`: the bytes as they are. Pictures of a known format are
 * shown; everything else is an attachment.
 */
export async function sendRaw(c: AppContext): Promise<Response> {
  const { folder, path } = await openedProject(c);
  const { kind, head, bytes } = await folder.glimpse(path);
  if (kind !== "file") {
    throw new AppError("REQUEST_INVALID", `${JSON.stringify(path.slice(0, 200))} is no file`);
  }
  const image = imageTypeOf(path, head);
  const isText = image === undefined && binaryType(head) === undefined;
  const type = image ?? (isText ? "text/plain; charset=utf-8" : "application/octet-stream");
  const isShown = image !== undefined && image !== "image/svg+xml" &&
    c.req.query("download") === undefined;
  return new Response(await folder.stream(path), {
    headers: {
      "content-type": type,
      "content-length": String(bytes),
      "content-disposition": isShown ? "inline" : attachment(nameIn(path)),
      "content-security-policy": RAW_CSP,
      "x-content-type-options": "nosniff",
      // Compressed it would not be as long as it says.
      "cache-control": "no-store, no-transform",
    },
  });
}
