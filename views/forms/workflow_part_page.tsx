// The page of a node, an edge or a workflow, for reading and editing without the canvas.
import type { Child } from "hono/jsx";
import { workflowUrl } from "../editor/editor_page.tsx";
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { type Crumb, Page } from "../layout.tsx";
import { packagePath } from "../package_frame.tsx";

/** Props of `WorkflowPartPage`. */
export interface WorkflowPartPageProps {
  readonly frame: Frame;
  readonly packageId: string;
  readonly packageName: string;
  readonly workflowId: string;
  readonly workflowName: string;
  readonly title: string;
  /** What it is, such as `Decision`. */
  readonly kind: string;
  /** The id, for a node. */
  readonly id?: string;
  readonly children?: Child;
}

/** The page. */
export function WorkflowPartPage(props: WorkflowPartPageProps) {
  const { frame, packageId, workflowId, title, kind, id, children } = props;
  const { form: texts, editor } = frame.texts;
  const workflow = workflowUrl(packageId, workflowId);
  const crumbs: readonly Crumb[] = [
    { label: props.packageName, href: packagePath(packageId) },
    { label: props.workflowName, href: workflow },
    { label: title },
  ];
  const run = { package: packageId, way: "workflow", workflow: workflowId };
  const start = new URLSearchParams(id === undefined ? run : { ...run, until: id });
  const query = id === undefined ? "" : `?node=${encodeURIComponent(id)}`;
  return (
    <Page
      frame={frame}
      title={title}
      active="packages"
      crumbs={crumbs}
      scripts={["forms.js"]}
      styles={["forms.css"]}
    >
      <header class="page-head package-head">
        <h1>
          {title} <span class="badge">{kind}</span>{" "}
          {id !== undefined && <span class="small mono muted part-id">{id}</span>}
        </h1>
        <a class="button" href={`${workflow}${query}`}>
          <Icon name="workflow" />
          {texts.backToCanvas}
        </a>
        <a class="button quiet" href={`/runs/new?${start}`}>
          <Icon name="play" />
          {id === undefined ? frame.texts.run.run : frame.texts.start.runTo}
        </a>
        <a class="button quiet" href={`${workflow}/outline`}>
          <Icon name="list" />
          {editor.outline}
        </a>
      </header>
      {children}
    </Page>
  );
}

/** Props of `PanelHead`. */
export interface PanelHeadProps {
  readonly frame: Frame;
  readonly title: string;
  readonly kind: string;
  /** Its page. */
  readonly href: string;
}

/** What stands above a form in the editor's panel. */
export function PanelHead({ frame, title, kind, href }: PanelHeadProps) {
  const { form: texts } = frame.texts;
  return (
    <header class="panel-title">
      <h2>{title}</h2>
      <span class="badge">{kind}</span>
      <a class="button quiet small icon-only" href={href} title={texts.openPage}>
        <Icon name="open" label={texts.openPage} />
      </a>
    </header>
  );
}
