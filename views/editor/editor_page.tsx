// The page of the workflow editor: its frame and bar. Not here: palette, canvas and what is on it
// (`work_area.tsx`), and the forms of the properties.
import type { Frame } from "../frame.ts";
import { Icon, type IconName } from "../icons.tsx";
import { type Crumb, Page } from "../layout.tsx";
import { saidTexts } from "../text/editor_texts.ts";
import { editorKeys } from "../text/editor_key_texts.ts";
import type { Texts } from "../text/texts.ts";
import type { AnswerState } from "./answer.tsx";
import { KeysDialog } from "./canvas_forms.tsx";
import type { Scene } from "./scene.ts";
import { Work } from "./work_area.tsx";

/** What the editor and the outline say about the workflow besides its graph. */
export interface WorkflowPageProps {
  readonly frame: Frame;
  readonly packageId: string;
  readonly packageName: string;
  /** What the workflow is called. */
  readonly name: string;
  /** All workflows of the package, in order. */
  readonly workflows: readonly { readonly id: string; readonly name: string }[];
  readonly scene: Scene;
  readonly state: AnswerState;
  /** False where the graph's file cannot be read: then there is nothing to edit. */
  readonly isEditable: boolean;
}

/** The editor, a whole page. */
export function EditorPage(props: WorkflowPageProps) {
  const { frame, scene, state, packageId } = props;
  const { texts } = frame;
  const base = packageUrl(packageId);
  return (
    <Page
      frame={frame}
      title={props.name}
      active="packages"
      shape="workspace"
      crumbs={crumbsOf(props)}
      scripts={["editor/main.js", "forms.js"]}
      styles={["editor.css", "forms.css"]}
    >
      <div
        id="editor"
        class="editor"
        data-package-id={packageId}
        data-workflow-id={scene.graph.workflowId}
        data-revision={state.revision}
        data-base={base}
        data-undo={state.undo}
        data-redo={state.redo}
        data-texts={JSON.stringify(saidTexts(texts.editor))}
        data-keys={JSON.stringify(keyTable())}
      >
        <Bar {...props} />
        {props.isEditable ? <Work scene={scene} texts={texts} /> : <Broken texts={texts} />}
        <div id="live" class="visually-hidden" role="status" aria-live="polite"></div>
        <KeysDialog texts={texts} />
      </div>
    </Page>
  );
}

/** The URL of a package's pages. */
export function packageUrl(packageId: string): string {
  return `/packages/${encodeURIComponent(packageId)}`;
}

/** The URL of a workflow's pages. */
export function workflowUrl(packageId: string, workflowId: string): string {
  return `${packageUrl(packageId)}/workflows/${encodeURIComponent(workflowId)}`;
}

/** The way from the list of packages to this workflow. */
export function crumbsOf(props: WorkflowPageProps): readonly Crumb[] {
  return [
    { label: props.frame.texts.layout.packages, href: "/packages" },
    { label: props.packageName, href: packageUrl(props.packageId) },
    { label: props.name },
  ];
}

/** Action → keys, for the browser. */
function keyTable(): Record<string, readonly string[]> {
  return Object.fromEntries(
    editorKeys.flatMap(({ entries }) => entries.map(({ action, keys }) => [action, keys])),
  );
}

function Bar(props: WorkflowPageProps) {
  const { frame: { texts }, state } = props;
  const { editor } = texts;
  return (
    <div class="editor-bar">
      <ViewTabs {...props} current="canvas" />
      <div class="bar-tools" role="toolbar" aria-label={editor.toolbar}>
        <Tool action="undo" icon="undo" label={editor.undo} hint={undoHint(texts, state)} />
        <Tool action="redo" icon="redo" label={editor.redo} hint={redoHint(texts, state)} />
        <span class="bar-gap"></span>
        <Tool action="layout" icon="arrange" label={editor.layout} hint={`${editor.layout} (L)`} />
        <span class="bar-gap"></span>
        <Tool action="zoomOut" icon="minus" label={editor.zoomOut} hint={`${editor.zoomOut} (-)`} />
        <button
          type="button"
          class="button quiet small zoom-text"
          data-action="zoomReset"
          title={`${editor.zoomReset} (0)`}
          id="zoom"
        >
          100 %
        </button>
        <Tool action="zoomIn" icon="plus" label={editor.zoomIn} hint={`${editor.zoomIn} (+)`} />
        <Tool action="fit" icon="fit" label={editor.fit} hint={`${editor.fit} (F)`} />
      </div>
      <div class="bar-search" role="search">
        <Icon name="search" />
        <input
          class="input"
          id="search"
          type="search"
          aria-label={editor.search}
          placeholder={`${editor.search}  /`}
          autocomplete="off"
          spellcheck={false}
        />
        <output id="hits"></output>
      </div>
      <Tool action="help" icon="keyboard" label={editor.keys} hint={`${editor.keys} (?)`} />
    </div>
  );
}

function undoHint({ editor }: Texts, { undo }: AnswerState): string {
  return undo ? `${editor.undo}: ${undo} (Ctrl+Z)` : editor.undoNothing;
}

function redoHint({ editor }: Texts, { redo }: AnswerState): string {
  return redo ? `${editor.redo}: ${redo} (Ctrl+Shift+Z)` : editor.redoNothing;
}

/** The name of the workflow, a menu of the others, and the switch between canvas and outline. */
export function ViewTabs(props: WorkflowPageProps & { readonly current: "canvas" | "outline" }) {
  const { frame: { texts: { editor } }, packageId, scene, current, workflows, name } = props;
  const here = workflowUrl(packageId, scene.graph.workflowId);
  const tail = current === "outline" ? "/outline" : "";
  return (
    <div class="bar-place">
      <details class="workflow-menu">
        <summary>
          <h1>{name}</h1>
          <Icon name="down" />
        </summary>
        <nav aria-label={editor.workflows}>
          {workflows.map((workflow) => (
            <a
              class="menu-item"
              href={workflowUrl(packageId, workflow.id) + tail}
              aria-current={workflow.id === scene.graph.workflowId ? "page" : undefined}
            >
              {workflow.name}
            </a>
          ))}
        </nav>
      </details>
      <nav class="view-tabs" aria-label={editor.views}>
        <a class="tab" href={here} aria-current={current === "canvas" ? "page" : undefined}>
          {editor.canvasView}
        </a>
        <a
          id="outline-link"
          class="tab"
          href={`${here}/outline`}
          aria-current={current === "outline" ? "page" : undefined}
        >
          {editor.outline}
        </a>
      </nav>
    </div>
  );
}

interface ToolProps {
  readonly action: string;
  readonly icon: IconName;
  readonly label: string;
  readonly hint: string;
}

function Tool({ action, icon, label, hint }: ToolProps) {
  return (
    <button
      type="button"
      class="button quiet small icon-only"
      data-action={action}
      data-label={label}
      aria-label={label}
      title={hint}
    >
      <Icon name={icon} />
    </button>
  );
}

function Broken({ texts }: { texts: Texts }) {
  return <p class="canvas-empty">{texts.editor.broken}</p>;
}
