// What all pages of one project share: its head, and the tree beside the content.
import type { Child } from "hono/jsx";
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { Page } from "../layout.tsx";
import { FileTree, type TreeLevel } from "./file_tree.tsx";
import { folderOf, nameIn, projectHref, projectPartHref } from "./paths.ts";

/** Props of `ProjectFrame`. */
export interface ProjectFrameProps {
  readonly frame: Frame;
  readonly projectId: string;
  /** The name of its folder. */
  readonly name: string;
  /** The path of its folder on the machine. */
  readonly projectDir: string;
  /** The file or folder that the page is about; empty for the project. */
  readonly path: string;
  readonly tree: TreeLevel;
  readonly title: string;
  /** What was just done. */
  readonly done?: Child;
  readonly children?: Child;
}

/** A page of a project. */
export function ProjectFrame(props: ProjectFrameProps) {
  const { frame, projectId, name, projectDir, path, tree, title, done, children } = props;
  const { project } = frame.texts;
  return (
    <Page
      frame={frame}
      title={title}
      active="projects"
      crumbs={[{ label: project.title, href: "/projects" }, {
        label: name,
        ...(path !== "" && { href: projectHref(projectId) }),
      }, ...(path === "" ? [] : [{ label: nameIn(path) }])]}
      styles={["projects.css"]}
      scripts={["projects.js"]}
    >
      <header class="page-head project-head">
        <div class="grow stack-none">
          <p class="project-title">
            <a class="strong-link" href={projectHref(projectId)}>{name}</a>
          </p>
          <p class="small muted mono">{projectDir}</p>
        </div>
        <a class="button" href={projectPartHref(projectId, "bin")}>
          <Icon name="trash" />
          {project.bin}
        </a>
        <a
          class="button primary"
          href={`/runs/new?${new URLSearchParams({ project: projectDir })}`}
        >
          <Icon name="play" />
          {project.start}
        </a>
      </header>
      <div class="project">
        <aside class="panel project-tree">
          <FileTree frame={frame} projectId={projectId} current={path} level={tree} />
        </aside>
        <div class="project-content stack">
          {done}
          {children}
        </div>
      </div>
    </Page>
  );
}

/** Where a file or folder is, each step a link. */
export function PathTitle(
  { frame, projectId, path }: Pick<ProjectFrameProps, "frame" | "projectId" | "path">,
) {
  const { project } = frame.texts;
  const steps: string[] = [];
  for (let step = folderOf(path); step !== ""; step = folderOf(step)) steps.unshift(step);
  return (
    <h1 class="path-title">
      <a href={projectHref(projectId)} title={project.root}>
        <Icon name="folder" label={project.root} />
      </a>
      {steps.map((step) => (
        <>
          <span class="muted">/</span>
          <a href={projectHref(projectId, { path: step })}>{nameIn(step)}</a>
        </>
      ))}
      <span class="muted">/</span>
      <span>{nameIn(path)}</span>
    </h1>
  );
}

/** A notice of what was done, with a way back where there is one. */
export function DoneNotice(
  { frame, projectId, text, deletedId }: {
    readonly frame: Frame;
    readonly projectId: string;
    readonly text: string;
    /** What can be put back. */
    readonly deletedId?: string;
  },
) {
  return (
    <div class="notice ok" role="status">
      <Icon name="check" />
      <span class="grow">{text}</span>
      {deletedId !== undefined && (
        <form method="post" action={projectPartHref(projectId, "restore")}>
          <input type="hidden" name="csrf" value={frame.csrfToken} />
          <input type="hidden" name="deletedId" value={deletedId} />
          <button type="submit" class="button small">
            <Icon name="undo" />
            {frame.texts.project.undo}
          </button>
        </form>
      )}
    </div>
  );
}
