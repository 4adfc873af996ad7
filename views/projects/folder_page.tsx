// The page of a project, artifacts and runs first, and of a folder in it.
import { TimeAgo } from "../time_ago.tsx";
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import type { RunPhase } from "../../schemas/run_event.ts";
import { PhaseBadge } from "../run/run_phase.tsx";
import { below, nameIn, projectHref, projectPartHref } from "./paths.ts";
import { PathTitle, ProjectFrame, type ProjectFrameProps } from "./project_frame.tsx";

/** What the pages of a project's folders get besides their own things. */
export type ProjectPlace = Omit<ProjectFrameProps, "title" | "children">;

/** A file that changed lately. */
export interface ArtifactLine {
  readonly path: string;
  readonly bytes: number;
  readonly modifiedAt: string | null;
}

/** A run in this project. */
export interface ProjectRun {
  readonly runId: string;
  readonly packageName: string;
  readonly workflowTitle: string;
  readonly phase: RunPhase;
  readonly startedAt: string;
}

/** An entry of a folder. */
export interface FolderLine {
  readonly name: string;
  readonly kind: "file" | "folder" | "link" | "other";
  readonly bytes: number | null;
  readonly modifiedAt: string | null;
  readonly isUsable: boolean;
}

/** A page of a folder. */
export interface FolderProps {
  readonly entries: readonly FolderLine[];
  readonly from: number;
  readonly total: number;
  /** Most entries of a page. */
  readonly count: number;
}

/** Props of `ProjectPage`. */
export interface ProjectPageProps extends ProjectPlace {
  readonly artifacts: readonly ArtifactLine[];
  /** The latest; `runCount` of all. */
  readonly runs: readonly ProjectRun[];
  readonly runCount: number;
  readonly folder: FolderProps;
}

/** The page of a project. */
export function ProjectPage(props: ProjectPageProps) {
  const { frame, name } = props;
  return (
    <ProjectFrame {...props} title={`${name} · ${frame.texts.project.title}`}>
      <h1 class="visually-hidden">{name}</h1>
      <Artifacts {...props} />
      <Runs {...props} />
      <FolderPanel {...props} title={frame.texts.project.root} />
    </ProjectFrame>
  );
}

/** The page of a folder. */
export function FolderPage(props: ProjectPlace & { readonly folder: FolderProps }) {
  const { path } = props;
  return (
    <ProjectFrame {...props} title={nameIn(path)}>
      <PathTitle {...props} />
      <FolderPanel {...props} title={nameIn(path)} />
    </ProjectFrame>
  );
}

function Artifacts({ frame, projectId, artifacts }: ProjectPageProps) {
  const { texts, now } = frame;
  return (
    <section class="panel" aria-labelledby="artifacts-title">
      <div class="panel-head">
        <h2 id="artifacts-title">{texts.project.artifacts}</h2>
      </div>
      {artifacts.length === 0 && (
        <div class="panel-body stack-none">
          <strong>{texts.project.artifactsNone}</strong>
          <p class="muted">{texts.project.artifactsNoneHint}</p>
        </div>
      )}
      <ul class="rows">
        {artifacts.map(({ path, bytes, modifiedAt }) => (
          <li class="line">
            <Icon name="file" />
            <a class="strong-link grow" href={projectPartHref(projectId, "file", { path })}>
              {path.replace(/^artifacts\//, "")}
            </a>
            <span class="small muted numeric">{texts.package.bytes(bytes)}</span>
            {modifiedAt && (
              <span class="small muted">
                <TimeAgo at={modifiedAt} now={now} texts={texts} />
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Runs({ frame, projectDir, runs, runCount }: ProjectPageProps) {
  const { texts, now } = frame;
  return (
    <section class="panel" aria-labelledby="runs-title">
      <div class="panel-head">
        <h2 id="runs-title">{texts.project.runsTitle}</h2>
        {runCount > 0 && (
          <a class="quiet-link" href={`/runs?${new URLSearchParams({ project: projectDir })}`}>
            {texts.project.runsAll(runCount)}
          </a>
        )}
      </div>
      {runs.length === 0 && <p class="panel-body muted">{texts.project.runsNone}</p>}
      <ul class="rows">
        {runs.map(({ runId, packageName, workflowTitle, phase, startedAt }) => (
          <li class="line">
            <Icon name="play" />
            <span class="grow">
              <a class="strong-link" href={`/runs/${runId}`}>{packageName}</a>{" "}
              <span class="muted">{workflowTitle}</span>
            </span>
            <PhaseBadge phase={phase} texts={texts} />
            <span class="small muted">
              <TimeAgo at={startedAt} now={now} texts={texts} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

type PanelProps = ProjectPlace & { readonly folder: FolderProps; readonly title: string };

function FolderPanel(props: PanelProps) {
  const { frame, projectId, path, folder, title } = props;
  const { project } = frame.texts;
  const { entries } = folder;
  return (
    <section class="panel" aria-labelledby="folder-title">
      <div class="panel-head folder-head">
        <h2 id="folder-title">{title}</h2>
        <a class="button small" href={projectPartHref(projectId, "new", { folder: path })}>
          <Icon name="plus" />
          {project.newFile}
        </a>
        <a
          class="button small"
          href={projectPartHref(projectId, "new", { folder: path, kind: "folder" })}
        >
          <Icon name="folder" />
          {project.newFolder}
        </a>
        {path !== "" && <EntryActions frame={frame} projectId={projectId} path={path} />}
      </div>
      {entries.length === 0
        ? <p class="panel-body muted">{project.emptyFolder}</p>
        : (
          <div class="table-scroll" role="group" aria-label={title} tabindex={0}>
            <table class="table folder-table">
              <thead>
                <tr>
                  <th scope="col">{project.name}</th>
                  <th scope="col">{project.size}</th>
                  <th scope="col">{project.changed}</th>
                  <th scope="col">
                    <span class="visually-hidden">{project.actions}</span>
                  </th>
                </tr>
              </thead>
              <tbody>{entries.map((line) => <Row {...props} line={line} />)}</tbody>
            </table>
          </div>
        )}
      <Pager {...props} />
    </section>
  );
}

function Row({ frame, projectId, path: folder, line }: PanelProps & { readonly line: FolderLine }) {
  const { texts, now } = frame;
  const { name, kind, bytes, modifiedAt, isUsable } = line;
  const path = below(folder, name);
  const icon = kind === "folder" ? "folder" : kind === "link" ? "link" : "file";
  const href = kind === "folder"
    ? projectHref(projectId, { path })
    : projectPartHref(projectId, "file", { path });
  return (
    <tr>
      <td>
        <span class="file-cell">
          <Icon name={icon} />
          {isUsable
            ? <a href={href}>{name}</a>
            : <span class="muted" title={texts.project.unusable}>{name}</span>}
        </span>
      </td>
      <td class="numeric muted">{bytes === null ? "" : texts.package.bytes(bytes)}</td>
      <td class="muted">
        {modifiedAt && <TimeAgo at={modifiedAt} now={now} texts={texts} />}
      </td>
      <td class="actions">
        {isUsable && <EntryActions frame={frame} projectId={projectId} path={path} />}
      </td>
    </tr>
  );
}

/** Renaming and deleting a file or a folder. */
export function EntryActions(
  { frame, projectId, path, sha256 }: {
    readonly frame: Frame;
    readonly projectId: string;
    readonly path: string;
    /** Of the file as it is shown: another one is not deleted. */
    readonly sha256?: string | undefined;
  },
) {
  const { project } = frame.texts;
  const name = nameIn(path);
  return (
    <span class="entry-actions">
      <a
        class="button quiet icon-only"
        href={projectPartHref(projectId, "rename", { path })}
        title={project.renameNamed(name)}
      >
        <Icon name="rename" label={project.renameNamed(name)} />
      </a>
      <form method="post" action={projectPartHref(projectId, "delete")}>
        <input type="hidden" name="csrf" value={frame.csrfToken} />
        <input type="hidden" name="path" value={path} />
        {sha256 !== undefined && <input type="hidden" name="sha256" value={sha256} />}
        <button
          type="submit"
          class="button quiet icon-only"
          title={project.deleteNamed(name)}
        >
          <Icon name="trash" label={project.deleteNamed(name)} />
        </button>
      </form>
    </span>
  );
}

function Pager({ frame, projectId, path, folder }: PanelProps) {
  const { project } = frame.texts;
  const { entries, from, total, count } = folder;
  if (from === 0 && entries.length === total) return "";
  const to = from + entries.length;
  return (
    <p class="panel-body row small">
      <span class="muted">{project.entries(Math.min(from + 1, total), to, total)}</span>
      {from > 0 && (
        <a href={projectHref(projectId, { path, from: Math.max(0, from - count) || undefined })}>
          {project.previous}
        </a>
      )}
      {to < total && <a href={projectHref(projectId, { path, from: to })}>{project.next}</a>}
    </p>
  );
}
