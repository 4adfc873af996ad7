// The page of a file: text with line numbers, rendered Markdown, laid out JSON, a table, a picture, or
// what it is. Not here: how it comes to be one of these (`builder/project_view.ts`).
import { raw } from "hono/html";
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { TimeAgo } from "../time_ago.tsx";
import { EntryActions, type ProjectPlace } from "./folder_page.tsx";
import { nameIn, projectPartHref } from "./paths.ts";
import { PathTitle, ProjectFrame } from "./project_frame.tsx";

/** Ways to show a file. */
export type FileViewName = "text" | "rendered" | "json" | "table" | "image";

/** Lines of a text. */
export interface ShownLines {
  readonly kind: "text";
  readonly text: string;
  /** From 1. */
  readonly startLine: number;
  readonly totalLines: number;
  /** Lines of a page. */
  readonly count: number;
  /** Where the next page begins; `undefined` at the end. */
  readonly next: number | undefined;
  readonly isCut: boolean;
  readonly isDamaged: boolean;
}

/** Rows of a table. */
export interface ShownTable {
  readonly kind: "table";
  readonly columns: readonly string[];
  readonly totalColumns: number;
  readonly rows: readonly (readonly (string | null)[])[];
  /** Rows before these. */
  readonly from: number;
  readonly totalRows: number;
  /** Rows of a page. */
  readonly count: number;
}

/** What is shown of a file. */
export type ShownFile =
  | ShownLines
  | ShownTable
  /** HTML that `markdownHtml` made. */
  | { readonly kind: "rendered"; readonly html: string }
  | { readonly kind: "image" }
  | { readonly kind: "binary"; readonly type: string }
  | { readonly kind: "device" };

/** Props of `FilePage`. */
export interface FilePageProps extends ProjectPlace {
  readonly shown: ShownFile;
  readonly bytes: number;
  readonly modifiedAt: string | null;
  /** Of the whole file, where it was read. */
  readonly sha256: string | undefined;
  /** Ways to show it; one is no choice. */
  readonly views: readonly FileViewName[];
  readonly view: FileViewName | undefined;
  readonly isEditable: boolean;
  /** Why it is not shown as it was asked for. */
  readonly note?: string | undefined;
  /** The run that wrote it last. */
  readonly origin?: FileOrigin | undefined;
}

/** A change of a file by a run. */
export interface FileOrigin {
  readonly runId: string;
  /** What ran. */
  readonly name: string;
  readonly nodeId: string | null;
  readonly model: string | null;
  readonly at: string;
  /** The file is not as that run left it. */
  readonly isChangedSince: boolean;
}

/** The page. */
export function FilePage(props: FilePageProps) {
  const { frame, path, shown, note, origin } = props;
  return (
    <ProjectFrame {...props} title={nameIn(path)}>
      <FileHead {...props} />
      {origin && <Origin {...props} origin={origin} />}
      {note !== undefined && (
        <p class="notice warning">
          <Icon name="info" />
          <span>{note}</span>
        </p>
      )}
      {shown.kind === "text" && shown.isDamaged && (
        <p class="notice warning">
          <Icon name="warning" />
          <span>{frame.texts.project.damaged}</span>
        </p>
      )}
      <Content {...props} />
    </ProjectFrame>
  );
}

function FileHead(props: FilePageProps) {
  const { frame, projectId, path, bytes, modifiedAt, sha256, isEditable } = props;
  const { texts, now } = frame;
  return (
    <header class="stack-tight">
      <div class="file-head">
        <PathTitle {...props} />
        <span class="row nowrap">
          {isEditable && (
            <a class="button" href={projectPartHref(projectId, "edit", { path })}>
              <Icon name="edit" />
              {texts.project.edit}
            </a>
          )}
          <a
            class="button"
            href={projectPartHref(projectId, "raw", { path, download: "yes" })}
            download
          >
            <Icon name="import" />
            {texts.project.download}
          </a>
          <EntryActions frame={frame} projectId={projectId} path={path} sha256={sha256} />
        </span>
      </div>
      <div class="row small muted">
        <span class="numeric">{texts.package.bytes(bytes)}</span>
        {modifiedAt && (
          <span>
            {texts.project.changed} <TimeAgo at={modifiedAt} now={now} texts={texts} />
          </span>
        )}
        <Views {...props} />
      </div>
    </header>
  );
}

function Origin({ frame, path, origin }: FilePageProps & { readonly origin: FileOrigin }) {
  const { texts, now } = frame;
  const { runId, name, nodeId, model, at, isChangedSince } = origin;
  const query = new URLSearchParams({ path: `@project/${path}` });
  return (
    <p class="row small muted">
      <Icon name="history" />
      <span>
        {texts.project.writtenBy} <a href={`/runs/${runId}`}>{name}</a>
        {[nodeId, model].map((word) => word === null ? "" : ` · ${word}`)} ·{" "}
        <TimeAgo at={at} now={now} texts={texts} />
        {isChangedSince && ` · ${texts.project.changedSince}`}
      </span>
      <a href={`/runs/${runId}/file?${query}`}>{texts.project.whoWrote}</a>
    </p>
  );
}

function Views({ frame, projectId, path, views, view }: FilePageProps) {
  const { project } = frame.texts;
  if (views.length < 2) return "";
  const names: Readonly<Record<FileViewName, string>> = {
    text: project.asText,
    rendered: project.asRendered,
    json: project.asJson,
    table: project.asTable,
    image: project.asImage,
  };
  return (
    <nav class="file-views" aria-label={project.views}>
      {views.map((name) => (
        <a
          href={projectPartHref(projectId, "file", { path, as: name })}
          aria-current={name === view ? "page" : undefined}
        >
          {names[name]}
        </a>
      ))}
    </nav>
  );
}

function Content(props: FilePageProps) {
  const { frame, projectId, path, shown } = props;
  const { project } = frame.texts;
  switch (shown.kind) {
    case "text":
      return <Lines {...props} lines={shown} />;
    case "table":
      return <Rows {...props} table={shown} />;
    case "rendered":
      return <article class="panel panel-body rendered">{raw(shown.html)}</article>;
    case "image":
      return (
        <div class="panel panel-body picture">
          <img
            src={projectPartHref(projectId, "raw", { path })}
            alt={project.imageOf(nameIn(path))}
          />
        </div>
      );
    case "binary":
      return <p class="panel panel-body muted">{project.binary(shown.type)}</p>;
    case "device":
      return <p class="panel panel-body muted">{project.device}</p>;
  }
}

function Lines({ lines, ...props }: FilePageProps & { readonly lines: ShownLines }) {
  const { frame, path } = props;
  const { project } = frame.texts;
  const { text, startLine, totalLines, count, next, isCut } = lines;
  const shown = linesOf(text);
  const place = {
    label: project.lines(startLine, startLine + shown.length - 1, totalLines),
    previous: startLine > 1 ? Math.max(1, startLine - count) : undefined,
    next,
  };
  return (
    <>
      <WindowNav {...props} {...place} />
      {isCut && <p class="small muted">{project.lineCut}</p>}
      {shown.length > 0 && (
        <ol
          class="code-lines"
          start={startLine}
          tabindex={0}
          aria-label={project.fileText(path)}
        >
          {shown.map((line, at) => <li id={`L${startLine + at}`}>{line === "" ? "\n" : line}</li>)}
        </ol>
      )}
      {shown.length > 40 && <WindowNav {...props} {...place} />}
    </>
  );
}

/** The last line end ends a line; it does not begin one. */
function linesOf(text: string): readonly string[] {
  if (text === "") return [];
  return text.replace(/(\r\n|\n|\r)$/, "").split(/\r\n|\n|\r/);
}

function Rows({ table, ...props }: FilePageProps & { readonly table: ShownTable }) {
  const { frame, path } = props;
  const { project } = frame.texts;
  const { columns, totalColumns, rows, from, totalRows, count } = table;
  const to = from + rows.length;
  return (
    <>
      <WindowNav
        {...props}
        label={`${project.rows(from + 1, to, totalRows)} · ${project.columns(totalColumns)}`}
        previous={from > 0 ? Math.max(1, from + 1 - count) : undefined}
        next={to < totalRows ? to + 1 : undefined}
      />
      {columns.length < totalColumns && (
        <p class="small muted">{project.columnsCut(columns.length, totalColumns)}</p>
      )}
      <div class="panel table-scroll" role="group" aria-label={nameIn(path)} tabindex={0}>
        <table class="table data-table">
          <thead>
            <tr>
              <th scope="col">{project.row}</th>
              {columns.map((name) => <th scope="col">{name}</th>)}
            </tr>
          </thead>
          <tbody>
            {rows.map((cells, at) => (
              <tr>
                <th scope="row" class="numeric">{from + at + 1}</th>
                {columns.map((_, column) => <td>{cells[column] ?? ""}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface WindowNavProps {
  readonly frame: Frame;
  readonly projectId: string;
  readonly path: string;
  readonly view: FileViewName | undefined;
  readonly label: string;
  readonly previous: number | undefined;
  readonly next: number | undefined;
}

function WindowNav({ frame, projectId, path, view, label, previous, next }: WindowNavProps) {
  const { project } = frame.texts;
  const to = (from: number) => projectPartHref(projectId, "file", { path, as: view, from });
  return (
    <p class="row small window-nav">
      <span class="muted numeric">{label}</span>
      {previous !== undefined && <a href={to(previous)}>{project.previous}</a>}
      {next !== undefined && <a href={to(next)}>{project.next}</a>}
    </p>
  );
}
