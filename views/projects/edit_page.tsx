// Forms about a file or a folder of a project: its text, its name, a new one, and the bin.
import type { Child } from "hono/jsx";
import { Icon } from "../icons.tsx";
import { Diff } from "../run/diff.tsx";
import { TimeAgo } from "../time_ago.tsx";
import type { ProjectPlace } from "./folder_page.tsx";
import { folderOf, nameIn, projectHref, projectPartHref } from "./paths.ts";
import { PathTitle, ProjectFrame } from "./project_frame.tsx";

/** The file as somebody else left it. */
export interface EditConflict {
  /** Of the file now; empty if it is gone. */
  readonly sha256: string;
  /** From the file now to the text of the form. */
  readonly diff: string;
}

/** Props of `EditPage`. */
export interface EditPageProps extends ProjectPlace {
  readonly text: string;
  /** Of the file that the text comes from; empty if there was none. */
  readonly sha256: string;
  readonly conflict?: EditConflict;
  readonly fault?: string;
}

/** The text of a file in a form. */
export function EditPage(props: EditPageProps) {
  const { frame, projectId, path, text, sha256, conflict, fault } = props;
  const { project } = frame.texts;
  return (
    <ProjectFrame {...props} title={project.editTitle(path)}>
      <PathTitle {...props} />
      <Fault text={fault} />
      <form
        class="stack-tight"
        method="post"
        action={projectPartHref(projectId, "edit", { path })}
        data-guard={conflict || fault !== undefined ? "unsaved" : "saved"}
      >
        <input type="hidden" name="csrf" value={frame.csrfToken} />
        <input type="hidden" name="baseSha256" value={sha256} />
        {conflict && <Conflict {...props} conflict={conflict} />}
        <textarea
          class="textarea code file-editor"
          name="text"
          rows={24}
          spellcheck={false}
          aria-label={project.fileText(path)}
        >
          {/* A parser drops the first line break of a textarea. */ `\n${text}`}
        </textarea>
        <div class="row">
          {!conflict && (
            <button type="submit" class="button primary">
              <Icon name="check" />
              {project.save}
            </button>
          )}
          <a class="button" href={projectPartHref(projectId, "file", { path })}>
            {project.cancel}
          </a>
          <span class="small muted grow">{project.editHint}</span>
        </div>
      </form>
    </ProjectFrame>
  );
}

function Conflict(
  { frame, projectId, path, conflict }: EditPageProps & { conflict: EditConflict },
) {
  const { project } = frame.texts;
  const { sha256, diff } = conflict;
  const isGone = sha256 === "";
  return (
    <section class="stack-tight" role="alert">
      <p class="notice warning">
        <Icon name="warning" />
        <span>{isGone ? project.conflictGone : project.conflict}</span>
      </p>
      {!isGone && <Diff text={diff} label={project.conflict} />}
      <div class="row">
        <button type="submit" class="button primary" name="over" value={sha256 || "none"}>
          {isGone ? project.save : project.conflictMine}
        </button>
        {!isGone && (
          <a class="button" href={projectPartHref(projectId, "file", { path })} target="_blank">
            {project.conflictTheirs}
          </a>
        )}
      </div>
    </section>
  );
}

function Fault({ text }: { readonly text: string | undefined }) {
  if (text === undefined) return "";
  return (
    <p class="notice error" role="alert">
      <Icon name="error" />
      <span>{text}</span>
    </p>
  );
}

/** Props of `NewPage`: `path` is the folder. */
export interface NewPageProps extends ProjectPlace {
  readonly kind: "file" | "folder";
  readonly typed: string;
  readonly fault?: string;
}

/** A new file or folder. */
export function NewPage(props: NewPageProps) {
  const { frame, projectId, path, kind, typed, fault } = props;
  const { project } = frame.texts;
  const title = kind === "file" ? project.newFile : project.newFolder;
  return (
    <NameForm
      {...props}
      title={title}
      fault={fault}
      action={projectPartHref(projectId, "new", { folder: path, kind })}
      back={projectHref(projectId, { path })}
      submit={project.create}
    >
      <label for="name">{project.newName}</label>
      <input class="input mono" id="name" name="name" value={typed} required maxlength={900} />
      <span class="hint">{frame.texts.project.newNameHint}</span>
    </NameForm>
  );
}

/** Props of `RenamePage`. */
export interface RenamePageProps extends ProjectPlace {
  readonly typed: string;
  readonly fault?: string;
}

/** Another name or place for a file or folder. */
export function RenamePage(props: RenamePageProps) {
  const { frame, projectId, path, typed, fault } = props;
  const { project } = frame.texts;
  return (
    <NameForm
      {...props}
      title={project.renameNamed(nameIn(path))}
      fault={fault}
      action={projectPartHref(projectId, "rename", { path })}
      back={projectHref(projectId, { path: folderOf(path) })}
      submit={project.rename}
    >
      <label for="to">{project.renameTo}</label>
      <input class="input mono" id="to" name="to" value={typed} required maxlength={900} />
      <span class="hint">{project.renameHint}</span>
    </NameForm>
  );
}

interface NameFormProps extends ProjectPlace {
  readonly title: string;
  readonly fault: string | undefined;
  readonly action: string;
  readonly back: string;
  readonly submit: string;
  readonly children: Child;
}

function NameForm(props: NameFormProps) {
  const { frame, title, fault, action, back, submit, children } = props;
  return (
    <ProjectFrame {...props}>
      <h1>{title}</h1>
      <Fault text={fault} />
      <form class="stack form-narrow" method="post" action={action}>
        <input type="hidden" name="csrf" value={frame.csrfToken} />
        <div class="field">{children}</div>
        <div class="row">
          <button type="submit" class="button primary">{submit}</button>
          <a class="button" href={back}>{frame.texts.project.cancel}</a>
        </div>
      </form>
    </ProjectFrame>
  );
}

/** What was deleted. */
export interface BinLine {
  readonly deletedId: string;
  readonly path: string;
  readonly kind: "file" | "folder";
  readonly files: number;
  readonly bytes: number;
  readonly deletedAt: string;
}

/** What was deleted from a project, each with a way back. */
export function BinPage(props: ProjectPlace & { readonly entries: readonly BinLine[] }) {
  const { frame, projectId, entries } = props;
  const { texts, now } = frame;
  return (
    <ProjectFrame {...props} title={texts.project.bin}>
      <h1>{texts.project.bin}</h1>
      <p class="muted">{entries.length === 0 ? texts.project.binNone : texts.project.binLead}</p>
      {entries.length > 0 && (
        <ul class="panel rows">
          {entries.map(({ deletedId, path, kind, files, bytes, deletedAt }) => (
            <li class="line">
              <Icon name={kind} />
              <span class="grow stack-none">
                <span>{path}</span>
                <span class="small muted numeric">
                  {kind === "folder" && `${texts.project.binFiles(files)} · `}
                  {texts.package.bytes(bytes)} · <TimeAgo at={deletedAt} now={now} texts={texts} />
                </span>
              </span>
              <form method="post" action={projectPartHref(projectId, "restore")}>
                <input type="hidden" name="csrf" value={frame.csrfToken} />
                <input type="hidden" name="deletedId" value={deletedId} />
                <button
                  type="submit"
                  class="button small"
                  aria-label={texts.project.restoreNamed(path)}
                >
                  <Icon name="undo" />
                  {texts.project.restore}
                </button>
              </form>
            </li>
          ))}
        </ul>
      )}
    </ProjectFrame>
  );
}
