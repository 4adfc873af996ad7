// The list of projects: used before, or shared by the owner. Not here: one of them (`folder_page.tsx`).
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { Page } from "../layout.tsx";
import { TimeAgo } from "../time_ago.tsx";
import { projectHref } from "./paths.ts";

/** A project in the list. */
export interface ProjectLine {
  readonly projectId: string;
  /** The name of its folder. */
  readonly name: string;
  readonly path: string;
  readonly usedAt: string | null;
  readonly isShared: boolean;
  readonly isMissing: boolean;
  readonly runs: number;
}

/** What the page shows. */
export interface ProjectsPageProps {
  readonly frame: Frame;
  readonly projects: readonly ProjectLine[];
  /** What was typed. */
  readonly typed?: string;
  readonly fault?: string;
  readonly isForgotten: boolean;
}

/** The page. */
export function ProjectsPage(props: ProjectsPageProps) {
  const { frame, projects, fault, isForgotten } = props;
  const { project } = frame.texts;
  const isOwner = frame.user?.isOwner ?? false;
  return (
    <Page frame={frame} title={project.title} active="projects" styles={["projects.css"]}>
      <header class="page-head">
        <h1>{project.title}</h1>
      </header>
      <p class="lead page-lead">{isOwner ? project.lead : project.leadMember}</p>
      {fault !== undefined && (
        <p class="notice error" role="alert">
          <Icon name="error" />
          <span>{fault}</span>
        </p>
      )}
      {isForgotten && (
        <p class="notice ok" role="status">
          <Icon name="check" />
          <span>{project.forgotten}</span>
        </p>
      )}
      {isOwner && <OpenForm {...props} />}
      {projects.length === 0
        ? (
          <div class="panel empty">
            <Icon name="folder" />
            <strong>{project.none}</strong>
            <p>{isOwner ? project.noneHint : project.noneMember}</p>
          </div>
        )
        : <ProjectTable {...props} />}
    </Page>
  );
}

function OpenForm({ frame, typed = "" }: ProjectsPageProps) {
  const { project } = frame.texts;
  return (
    <form class="row nowrap project-open" method="post" action="/projects">
      <input type="hidden" name="csrf" value={frame.csrfToken} />
      <label class="visually-hidden" for="path">{project.openPath}</label>
      <input
        class="input mono"
        id="path"
        name="path"
        value={typed}
        placeholder={project.openPath}
        required
        maxlength={4096}
      />
      <button type="submit" class="button primary">{project.open}</button>
      <a class="button" href="/projects/folders">
        <Icon name="folder" />
        {project.browse}
      </a>
    </form>
  );
}

function ProjectTable({ frame, projects }: ProjectsPageProps) {
  const { project } = frame.texts;
  return (
    <section class="panel table-scroll" aria-label={project.title} tabindex={0}>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{project.folder}</th>
            <th scope="col">{project.used}</th>
            <th scope="col">{project.runsTitle}</th>
            <th scope="col">
              <span class="visually-hidden">{project.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>{projects.map((line) => <Row frame={frame} line={line} />)}</tbody>
      </table>
    </section>
  );
}

function Row({ frame, line }: { readonly frame: Frame; readonly line: ProjectLine }) {
  const { texts, now } = frame;
  const { projectId, name, path, usedAt, isShared, isMissing, runs } = line;
  const query = new URLSearchParams({ project: path });
  return (
    <tr>
      <td>
        <span class="stack-none">
          <span class="file-cell">
            <Icon name="folder" />
            {isMissing
              ? <span class="muted">{name}</span>
              : <a class="strong-link" href={projectHref(projectId)}>{name}</a>}
            {isShared && <span class="badge">{texts.project.shared}</span>}
            {isMissing && <span class="badge warning">{texts.project.missing}</span>}
          </span>
          <span class="small muted mono">{path}</span>
        </span>
      </td>
      <td class="muted">
        {usedAt === null ? texts.project.never : <TimeAgo at={usedAt} now={now} texts={texts} />}
      </td>
      <td class="numeric">
        {runs === 0
          ? <span class="muted">{texts.project.runs(0)}</span>
          : <a href={`/runs?${query}`}>{texts.project.runs(runs)}</a>}
      </td>
      <td class="actions">
        {usedAt !== null && (
          <form method="post" action={`/projects/${projectId}/forget`}>
            <input type="hidden" name="csrf" value={frame.csrfToken} />
            <button type="submit" class="button small" title={texts.project.forgetHint}>
              {texts.project.forget}
              <span class="visually-hidden">{name}</span>
            </button>
          </form>
        )}
      </td>
    </tr>
  );
}
