// The files of a project as a tree whose folders open one at a time: by htmx, or as links to pages where
// they are open.
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { folderOf, projectHref, projectPartHref } from "./paths.ts";

/** An entry; a folder that is open has a level. */
export interface TreeNode {
  /** Below the project. */
  readonly path: string;
  readonly name: string;
  readonly kind: "file" | "folder" | "link" | "other";
  readonly isUsable: boolean;
  readonly level?: TreeLevel | undefined;
}

/** A page of the entries of a folder. */
export interface TreeLevel {
  /** The folder. */
  readonly path: string;
  readonly nodes: readonly TreeNode[];
  /** Entries before these. */
  readonly from: number;
  /** Of the whole folder. */
  readonly total: number;
}

/** What every part of the tree knows. */
export interface TreePlace {
  readonly frame: Frame;
  readonly projectId: string;
  /** The path of the page; it is marked. */
  readonly current: string;
}

/** The whole tree. */
export function FileTree({ level, ...place }: TreePlace & { readonly level: TreeLevel }) {
  const { project } = place.frame.texts;
  return (
    <nav class="tree" aria-label={project.files}>
      <ul class="tree-level">
        <TreeEntries {...place} level={level} />
      </ul>
      {level.total === 0 && <p class="small muted">{project.emptyFolder}</p>}
    </nav>
  );
}

/** The entries of a level, and a way to the next ones. */
export function TreeEntries({ level, ...place }: TreePlace & { readonly level: TreeLevel }) {
  const { nodes, from, total, path } = level;
  const { frame, projectId, current } = place;
  const next = from + nodes.length;
  return (
    <>
      {nodes.map((node) => <TreeItem {...place} node={node} />)}
      {next < total && (
        <li class="tree-more">
          <a
            href={projectHref(projectId, { path, from: next })}
            hx-get={projectPartHref(projectId, "tree", { path, from: next, current })}
            hx-target="closest li"
            hx-swap="outerHTML"
          >
            {frame.texts.project.more(total - next)}
          </a>
        </li>
      )}
    </>
  );
}

/** An entry with what is open in it. */
export function TreeItem({ node, ...place }: TreePlace & { readonly node: TreeNode }) {
  const { frame, projectId, current } = place;
  const { path, name, kind, isUsable, level } = node;
  if (!isUsable) {
    return (
      <li class="tree-item">
        <span class="tree-row muted" title={frame.texts.project.unusable}>
          <Icon name={kind === "link" ? "link" : "file"} />
          <span class="tree-name">{name}</span>
        </span>
      </li>
    );
  }
  const isFolder = kind === "folder";
  const href = isFolder
    ? projectHref(projectId, { path })
    : projectPartHref(projectId, "file", { path });
  return (
    <li class="tree-item">
      <span class="tree-row">
        {isFolder && <Toggle {...place} node={node} />}
        <a
          class="tree-name"
          href={href}
          aria-current={path === current ? "page" : undefined}
        >
          <Icon name={isFolder ? "folder" : "file"} />
          <span>{name}</span>
        </a>
      </span>
      {level && (
        <ul class="tree-level">
          {level.total === 0
            ? <li class="tree-more muted">{frame.texts.project.emptyFolder}</li>
            : <TreeEntries {...place} level={level} />}
        </ul>
      )}
    </li>
  );
}

function Toggle({ node, frame, projectId, current }: TreePlace & { readonly node: TreeNode }) {
  const { project } = frame.texts;
  const { path, name, level } = node;
  const isOpen = level !== undefined;
  const label = isOpen ? project.closeFolder(name) : project.openFolder(name);
  return (
    <a
      class="tree-toggle"
      href={projectHref(projectId, { path: isOpen ? folderOf(path) : path })}
      aria-expanded={isOpen ? "true" : "false"}
      aria-label={label}
      data-path={path}
      hx-get={projectPartHref(projectId, "tree", {
        path,
        state: isOpen ? "closed" : "open",
        current,
      })}
      hx-target="closest li"
      hx-swap="outerHTML"
    >
      <Icon name={isOpen ? "down" : "right"} />
    </a>
  );
}
