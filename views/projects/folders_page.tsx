// Looking for a folder of the server's machine; for the owner.
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { Page } from "../layout.tsx";

/** What the page shows. */
export interface FoldersPageProps {
  readonly frame: Frame;
  /** The package that is to run; kept through the links. Empty where a project is to be opened. */
  readonly packageId: string;
  /** How it is to be started, kept too. */
  readonly way: string;
  readonly path: string;
  readonly parent: string | null;
  readonly folders: readonly string[];
  /** Between a folder and a name. */
  readonly separator: string;
  readonly shared: readonly string[];
}

/** The folders in a folder. */
export function FoldersPage(props: FoldersPageProps) {
  const { frame, packageId, way, path, parent, folders, separator } = props;
  const { project } = frame.texts;
  const query = (to: string) =>
    `?${new URLSearchParams({ ...kept({ packageId, way }), path: to })}`;
  const inside = (name: string) => path.endsWith(separator) ? path + name : path + separator + name;
  return (
    <Page
      frame={frame}
      title={project.foldersTitle}
      active="projects"
      crumbs={[{ label: project.title, href: "/projects" }, { label: project.foldersTitle }]}
    >
      <header class="page-head">
        <h1>{project.foldersTitle}</h1>
        <UseFolder {...props} />
      </header>
      <p class="lead page-lead">{project.foldersLead}</p>
      <form class="row nowrap folder-path" method="get" action="/projects/folders">
        <KeptFields {...props} />
        <label class="visually-hidden" for="path">{project.foldersPath}</label>
        <input class="input mono" id="path" name="path" value={path} maxlength={4096} />
        <button type="submit" class="button">{project.foldersGo}</button>
      </form>
      <div class="columns">
        <ul class="panel rows">
          {parent !== null && (
            <li class="line">
              <Icon name="up" />
              <a href={query(parent)}>{project.foldersUp}</a>
            </li>
          )}
          {folders.length === 0 && <li class="line muted">{project.foldersEmpty}</li>}
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

type Kept = Pick<FoldersPageProps, "packageId" | "way">;

function kept({ packageId, way }: Kept): Record<string, string> {
  return { ...packageId !== "" && { package: packageId }, ...way !== "" && { way } };
}

function KeptFields(props: Kept) {
  return (
    <>
      {Object.entries(kept(props)).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
    </>
  );
}

/** Back to the start of the run, or on to the project. */
function UseFolder({ frame, packageId, way, path }: FoldersPageProps) {
  const { project } = frame.texts;
  if (packageId !== "") {
    const query = new URLSearchParams({ ...kept({ packageId, way }), project: path });
    return (
      <a class="button primary" href={`/runs/new?${query}`}>
        <Icon name="check" />
        {project.foldersUse}
      </a>
    );
  }
  return (
    <form method="post" action="/projects">
      <input type="hidden" name="csrf" value={frame.csrfToken} />
      <input type="hidden" name="path" value={path} />
      <button type="submit" class="button primary">
        <Icon name="check" />
        {project.foldersOpen}
      </button>
    </form>
  );
}

function SharedFolders({ frame, packageId, way, path, shared }: FoldersPageProps) {
  const { project } = frame.texts;
  const form = (how: "share" | "unshare", folder: string, label: string) => (
    <form method="post" action="/projects/shared">
      <input type="hidden" name="csrf" value={frame.csrfToken} />
      <KeptFields packageId={packageId} way={way} />
      <input type="hidden" name="path" value={path} />
      <input type="hidden" name={how} value={folder} />
      <button type="submit" class="button small">{label}</button>
    </form>
  );
  return (
    <section class="panel">
      <div class="panel-head">
        <h2>{project.sharedTitle}</h2>
        {!shared.includes(path) && form("share", path, project.share)}
      </div>
      <p class="panel-body small muted">
        {shared.length === 0 ? project.sharedNone : project.sharedHint}
      </p>
      <ul class="rows">
        {shared.map((folder) => (
          <li class="line">
            <code class="grow">{folder}</code>
            {form("unshare", folder, project.unshare)}
          </li>
        ))}
      </ul>
    </section>
  );
}
