// What is shown of a project's file: which ways there are by its name and its first bytes, and the
// part of it that a page holds. Nothing here changes a file.
import { binaryType } from "../runtime/tools/file_type.ts";
import type { Glimpse } from "../runtime/tools/folder_protocol.ts";
import { AppError } from "../schemas/error.ts";
import type { FileViewName, ShownFile, ShownLines } from "../views/projects/file_page.tsx";
import { layOutJson } from "../views/projects/json_layout.ts";
import { markdownHtml } from "../views/projects/markdown.ts";
import { folderOf, projectPartHref } from "../views/projects/paths.ts";
import type { Texts } from "../views/text/texts.ts";
import { imageTypeOf, imageTypeOfName } from "./image_types.ts";
import { plainPath, type ProjectFolder } from "./project_folder.ts";

/** The largest text that is edited in a form. */
export const MOST_EDITED_BYTES = 1 << 20;

/** A file, and how it is asked for. */
export interface ViewRequest {
  readonly folder: ProjectFolder;
  readonly projectId: string;
  readonly path: string;
  readonly glimpse: Glimpse;
  /** A way to show it; the best one if it is none of its. */
  readonly as: string | undefined;
  /** The first line or row, from 1. */
  readonly from: number;
  readonly texts: Texts;
}

/** What the page of a file says of it. */
export interface FileView {
  readonly shown: ShownFile;
  readonly views: readonly FileViewName[];
  readonly view: FileViewName | undefined;
  readonly sha256: string | undefined;
  readonly isEditable: boolean;
  readonly note?: string;
}

const LINES = 500;
const ROWS = 100;
const COLUMNS = 60;
const WINDOW_BYTES = 512 << 10;
/** More than that is read as plain text: a parser may need more time than it is worth. */
const WHOLE_BYTES = 256 << 10;

/** Shows a file. @throws AppError as `ProjectFolder.read` */
export async function viewFile(request: ViewRequest): Promise<FileView> {
  const { path, glimpse, as } = request;
  const views = viewsOf(path, glimpse);
  const view = views.find((name) => name === as) ?? views[0];
  const whole = { views, view, sha256: undefined, isEditable: false };
  if (glimpse.kind !== "file") return { ...whole, shown: { kind: "device" } };
  if (view === undefined) {
    const type = binaryType(glimpse.head) ?? "binary data";
    return { ...whole, shown: { kind: "binary", type } };
  }
  switch (view) {
    case "image":
      return { ...whole, shown: { kind: "image" } };
    case "table":
      return { ...whole, ...await tableView(request) };
    case "rendered":
    case "json":
      return { ...whole, ...await wholeView(request, view) };
    case "text":
      return { ...whole, ...await textView(request) };
  }
}

function viewsOf(path: string, { kind, head }: Glimpse): readonly FileViewName[] {
  if (kind !== "file") return [];
  const image = imageTypeOf(path, head);
  if (image !== undefined && image !== "image/svg+xml") return ["image"];
  if (binaryType(head) !== undefined) return [];
  if (image !== undefined) return ["image", "text"];
  const end = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  if (end === "md" || end === "markdown") return ["rendered", "text"];
  if (end === "json") return ["json", "text"];
  if (end === "csv" || end === "tsv") return ["table", "text"];
  return ["text"];
}

type Part = Pick<FileView, "shown" | "sha256" | "isEditable" | "note">;

async function textView({ folder, path, from, glimpse }: ViewRequest): Promise<Part> {
  const read = (startLine: number) =>
    folder.read(path, { startLine, endLine: startLine + LINES - 1, maxBytes: WINDOW_BYTES });
  let text = await read(from);
  // The file was longer when the link was made.
  if (from > 1 && from > text.totalLines) text = await read(1);
  const { startLine, totalLines, truncated, damaged, sha256 } = text;
  const count = text.text === "" ? 0 : text.text.replace(/\n$/, "").split("\n").length;
  const next = startLine + (truncated ? Math.max(1, count) : LINES);
  return {
    shown: {
      kind: "text",
      text: text.text,
      startLine,
      totalLines,
      count: LINES,
      next: next <= totalLines ? next : undefined,
      isCut: truncated && !text.text.endsWith("\n"),
      isDamaged: damaged,
    },
    sha256,
    isEditable: !damaged && glimpse.bytes <= MOST_EDITED_BYTES,
  };
}

async function tableView(request: ViewRequest): Promise<Part> {
  const { folder, path, from, glimpse } = request;
  try {
    const table = await folder.table(path, { from: from - 1, count: ROWS });
    const { columns, totalColumns, rows, totalRows, sha256, encoding } = table;
    const shown = columns.slice(0, COLUMNS).map(({ name }) => name);
    return {
      shown: {
        kind: "table",
        columns: shown,
        totalColumns,
        rows,
        from: Math.min(from - 1, totalRows),
        totalRows,
        count: ROWS,
      },
      sha256,
      isEditable: encoding === "utf-8" && glimpse.bytes <= MOST_EDITED_BYTES,
    };
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== "REQUEST_INVALID") throw thrown;
    return { ...await textView(request), note: thrown.message };
  }
}

async function wholeView(request: ViewRequest, view: "rendered" | "json"): Promise<Part> {
  const { folder, path, from, glimpse, texts: { project } } = request;
  const read = glimpse.bytes > WHOLE_BYTES
    ? undefined
    : await folder.read(path, { maxBytes: WHOLE_BYTES });
  if (!read || read.truncated) {
    return { ...await textView(request), note: project.tooLargeFor };
  }
  const { sha256, damaged } = read;
  const text = read.text.replace(/^\uFEFF/, "");
  const isEditable = !damaged;
  if (view === "rendered") {
    const html = markdownHtml(text, placeOf(request));
    return { shown: { kind: "rendered", html }, sha256, isEditable };
  }
  const laidOut = layOutJson(text);
  if (laidOut === undefined) return { ...await textView(request), note: project.jsonFault };
  return { shown: linesOf(laidOut, from), sha256, isEditable };
}

function linesOf(text: string, from: number): ShownLines {
  const lines = text.split("\n");
  const startLine = from <= lines.length ? from : 1;
  const shown = lines.slice(startLine - 1, startLine - 1 + LINES);
  return {
    kind: "text",
    text: shown.join("\n"),
    startLine,
    totalLines: lines.length,
    count: LINES,
    next: startLine + LINES <= lines.length ? startLine + LINES : undefined,
    isCut: false,
    isDamaged: false,
  };
}

/** Links of a text are counted from its folder; one that leads out of the project is none. */
function placeOf({ projectId, path, texts }: ViewRequest) {
  const inProject = (address: string): string | undefined => {
    try {
      return plainPath(address.startsWith("/") ? address : `${folderOf(path)}/${address}`);
    } catch {
      return undefined;
    }
  };
  return {
    linkTo(address: string) {
      const found = inProject(address);
      return found === undefined ? undefined : projectPartHref(projectId, "file", { path: found });
    },
    imageFrom(address: string) {
      const found = inProject(address);
      return found === undefined || imageTypeOfName(found) === undefined
        ? undefined
        : projectPartHref(projectId, "raw", { path: found });
    },
    pictureText: texts.project.picture,
  };
}
