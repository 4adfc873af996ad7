// Looking for a folder of the server's machine; for the owner.
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { Page } from "../layout.tsx";

/** What the page shows. */
export interface FoldersPageProps {
  readonly frame: Frame;
  /** The package that is to run; kept through the links. */
  readonly packageId: string;
  readonly path: string;
  readonly parent: string | null;
  readonly folders: readonly string[];
  /** Between a folder and a name. */
  readonly separator: string;
  readonly shared: readonly string[];
}

/** The folders in a folder. */
export function FoldersPage(props: FoldersPageProps) {
  const { frame, packageId, path, parent, folders, separator } = props;
  const { run } = frame.texts;
  const query = (to: string) =>
    `?package=${encodeURIComponent(packageId)}&path=${encodeURIComponent(to)}`;
  const inside = (name: string) => path.endsWith(separator) ? path + name : path + separator + name;
  const use = `/runs/new?package=${encodeURIComponent(packageId)}&project=${
    encodeURIComponent(path)
  }`;
  return (
    <Page
      frame={frame}
      title={run.foldersTitle}
      active="runs"
      crumbs={[{ label: run.title, href: "/runs" }, { label: run.foldersTitle }]}
    >
      <header class="page-head">
        <h1>{run.foldersTitle}</h1>
        <a class="button primary" href={use}>
          <Icon name="check" />
          {run.foldersUse}
        </a>
      </header>
      <p class="lead page-lead">{run.foldersLead}</p>
      <form class="row nowrap folder-path" method="get" action="/runs/folders">
        <input type="hidden" name="package" value={packageId} />
        <label class="visually-hidden" for="path">{run.foldersPath}</label>
        <input class="input mono" id="path" name="path" value={path} maxlength={4096} />
        <button type="submit" class="button">{run.foldersGo}</button>
      </form>
      <div class="columns">
        <ul class="panel rows">
          {parent !== null && (
            <li class="line">
              <Icon name="up" />
              <a href={query(parent)}>{run.foldersUp}</a>
            </li>
          )}
          {folders.length === 0 && <li class="line muted">{run.foldersEmpty}</li>}
          {folders.map((name) => (
            <li class="line">
              <Icon name="folder" />
              <a href={query(inside(name))}>{name}</a>
            </li>
          ))}
        </ul>
        <SharedFolders {...props} />
      </div>
    </Page>
  );
}

function SharedFolders({ frame, packageId, path, shared }: FoldersPageProps) {
  const { run } = frame.texts;
  const form = (how: "share" | "unshare", folder: string, label: string) => (
    <form method="post" action="/runs/folders/shared">
      <input type="hidden" name="csrf" value={frame.csrfToken} />
      <input type="hidden" name="package" value={packageId} />
      <input type="hidden" name="path" value={path} />
      <input type="hidden" name={how} value={folder} />
      <button type="submit" class="button small">{label}</button>
    </form>
  );
  return (
    <section class="panel">
      <div class="panel-head">
        <h2>{run.shared}</h2>
        {!shared.includes(path) && form("share", path, run.share)}
      </div>
      <p class="panel-body small muted">{shared.length === 0 ? run.sharedNone : run.sharedHint}</p>
      <ul class="rows">
        {shared.map((folder) => (
          <li class="line">
            <code class="grow">{folder}</code>
            {form("unshare", folder, run.unshare)}
          </li>
        ))}
      </ul>
    </section>
  );
}
