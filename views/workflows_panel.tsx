// The workflows of a package, with their order and which one is the default. Each change is an edit
// that works as a plain form.
import type { Child } from "hono/jsx";
import type { Edit } from "../schemas/edit.ts";
import type { Frame } from "./frame.ts";
import { Icon, type IconName } from "./icons.tsx";
import { packagePath } from "./package_frame.tsx";
import type { PackageOverview, WorkflowLine } from "./package_page.tsx";

interface WorkflowsProps {
  readonly frame: Frame;
  readonly overview: PackageOverview;
}

/** The list of workflows, and the form of a new one. */
export function WorkflowsPanel({ frame, overview }: WorkflowsProps) {
  const { package: texts } = frame.texts;
  const { workflows } = overview;
  return (
    <section class="panel">
      <div class="panel-head">
        <Icon name="workflow" />
        <h2>{texts.workflows}</h2>
      </div>
      {workflows.length === 0 && <p class="panel-body muted">{texts.workflowsNone}</p>}
      <ol class="rows">
        {workflows.map((_, index) => (
          <WorkflowRow
            frame={frame}
            overview={overview}
            index={index}
          />
        ))}
      </ol>
      <AddWorkflow frame={frame} overview={overview} />
    </section>
  );
}

function WorkflowRow({ frame, overview, index }: WorkflowsProps & { readonly index: number }) {
  const { package: texts } = frame.texts;
  const { workflows, packageId } = overview;
  const workflow = workflows[index] as WorkflowLine;
  const { workflowId, title, description, nodeCount, isDefault } = workflow;
  const href = `${packagePath(packageId)}/workflows/${encodeURIComponent(workflowId)}`;
  return (
    <li class="line workflow-line">
      <span class="grow stack-none">
        <span class="row">
          <a class="strong-link" href={href}>{title}</a>
          {isDefault && (
            <span class="badge accent">
              <Icon name="star" />
              {texts.isDefault}
            </span>
          )}
        </span>
        <span class="small muted">
          {[texts.nodes(nodeCount), description].filter(Boolean).join(" · ")}
        </span>
      </span>
      <OrderButtons frame={frame} overview={overview} index={index} />
      <details class="menu">
        <summary class="button quiet icon-only">
          <Icon name="more" label={texts.workflowActions(title)} />
        </summary>
        <div class="menu-list">
          <a class="menu-item" href={`${href}/outline`}>
            <Icon name="list" />
            {texts.outline}
          </a>
          <WorkflowEdits frame={frame} overview={overview} workflow={workflow} />
        </div>
      </details>
    </li>
  );
}

function WorkflowEdits(
  { frame, overview, workflow }: WorkflowsProps & { readonly workflow: WorkflowLine },
) {
  const { package: texts } = frame.texts;
  const { workflowId, isDefault } = workflow;
  const item = (edit: Edit, icon: IconName, label: string) => (
    <EditForm frame={frame} overview={overview} edit={edit}>
      <button class="menu-item" type="submit">
        <Icon name={icon} />
        {label}
      </button>
    </EditForm>
  );
  return (
    <>
      {!isDefault && item({ kind: "workflow.default", workflowId }, "star", texts.makeDefault)}
      {item({ kind: "workflow.duplicate", workflowId }, "copy", texts.duplicate)}
      {overview.workflows.length > 1 &&
        item({ kind: "workflow.delete", workflowId }, "trash", texts.delete)}
    </>
  );
}

function OrderButtons({ frame, overview, index }: WorkflowsProps & { readonly index: number }) {
  const { package: texts } = frame.texts;
  const ids = overview.workflows.map(({ workflowId }) => workflowId);
  const title = overview.workflows[index]?.title ?? "";
  const move = (to: number, icon: IconName, label: string) => (
    <EditForm
      frame={frame}
      overview={overview}
      edit={{ kind: "workflows.order", workflowIds: moved(ids, index, to) }}
    >
      <button class="button quiet icon-only" type="submit" disabled={to < 0 || to >= ids.length}>
        <Icon name={icon} label={label} />
      </button>
    </EditForm>
  );
  if (ids.length < 2) return null;
  return (
    <span class="order-buttons">
      {move(index - 1, "up", texts.moveUp(title))}
      {move(index + 1, "down", texts.moveDown(title))}
    </span>
  );
}

function moved(ids: readonly string[], from: number, to: number): readonly string[] {
  const others = ids.filter((_, index) => index !== from);
  return [...others.slice(0, to), ...ids.slice(from, from + 1), ...others.slice(to)];
}

function AddWorkflow({ frame, overview }: WorkflowsProps) {
  const { package: texts } = frame.texts;
  return (
    <div class="panel-foot">
      <EditForm
        frame={frame}
        overview={overview}
        edit={{ kind: "workflow.add", displayName: "" }}
      >
        <label class="visually-hidden" for="new-workflow">{texts.workflowName}</label>
        <input
          class="input"
          id="new-workflow"
          name="set.displayName"
          placeholder={texts.workflowNameExample}
          maxlength={100}
          autocomplete="off"
          required
        />
        <button class="button" type="submit">
          <Icon name="plus" />
          {texts.addWorkflow}
        </button>
      </EditForm>
    </div>
  );
}

/** A plain form that makes one edit and shows the overview again. */
function EditForm(props: WorkflowsProps & { readonly edit: Edit; readonly children?: Child }) {
  const { frame, overview, edit, children } = props;
  const href = packagePath(overview.packageId);
  return (
    <form class="edit-form" method="post" action={`${href}/edits`}>
      <input type="hidden" name="csrf" value={frame.csrfToken} />
      <input type="hidden" name="baseRevision" value={overview.revision} />
      <input type="hidden" name="edit" value={JSON.stringify(edit)} />
      <input type="hidden" name="then" value={href} />
      {children}
    </form>
  );
}
