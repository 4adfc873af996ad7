// The outline: a workflow as lists of nodes and of their ways on, with a form for all that the canvas
// can do. Plain forms: it works without JavaScript, and for screen readers it may be the better editor.
import type { Frame } from "../frame.ts";
import { Page } from "../layout.tsx";
import { type CanvasNode, nodeName } from "./canvas_graph.ts";
import { crumbsOf, ViewTabs, type WorkflowPageProps, workflowUrl } from "./editor_page.tsx";
import { EdgeForms } from "./outline_edges.tsx";
import { EditForm, type OutlineContext, StepForm } from "./outline_form.tsx";
import { AddNode, NodeForms } from "./outline_nodes.tsx";
import { NODE_ICONS } from "./node_icons.ts";
import type { Scene } from "./scene.ts";

/** What the outline says besides what the editor does. */
export interface OutlineProps extends WorkflowPageProps {
  readonly agents: readonly { readonly id: string; readonly name: string }[];
  /** What was done just now; empty if nothing. */
  readonly said: string;
  /** The node that was worked on; it is open and has the focus. */
  readonly openNodeId: string;
}

/** The outline, a whole page. */
export function OutlinePage(props: OutlineProps) {
  const { frame, scene, state, packageId, agents, openNodeId } = props;
  const { editor } = frame.texts;
  const { workflowId } = scene.graph;
  const context: OutlineContext = { frame, scene, agents, packageId, revision: state.revision };
  return (
    <Page
      frame={frame}
      title={editor.outlineTitle(props.name)}
      active="packages"
      shape="workspace"
      crumbs={crumbsOf(props)}
      styles={["editor.css"]}
    >
      <div class="editor">
        <div class="editor-bar">
          <ViewTabs {...props} current="outline" />
          <StepForm context={context} kind="undo" summary={state.undo} />
          <StepForm context={context} kind="redo" summary={state.redo} />
          <EditForm context={context} edit={{ kind: "layout.auto", workflowId }}>
            <button type="submit" class="button quiet small">{editor.layout}</button>
          </EditForm>
        </div>
        <div class="outline">
          {props.said && <p class="notice" role="status">{editor.saved(props.said)}</p>}
          <p class="muted">
            {editor.outlineLead} {editor.nodeCount(scene.nodes.size, scene.edges.size)}.
          </p>
          {props.isEditable
            ? <Lists context={context} openNodeId={openNodeId} />
            : <p>{editor.broken}</p>}
          <p>
            <a href={workflowUrl(packageId, workflowId)}>{editor.canvasView}</a>
          </p>
        </div>
      </div>
    </Page>
  );
}

function Lists({ context, openNodeId }: { context: OutlineContext; openNodeId: string }) {
  const { frame, scene } = context;
  const nodes = [...scene.nodes.values()];
  return (
    <>
      <AddNode context={context} />
      {nodes.length === 0 && <p class="muted">{frame.texts.editor.empty}</p>}
      <ol class="outline-nodes" aria-label={frame.texts.editor.nodes}>
        {nodes.map((node) => (
          <NodeItem node={node} context={context} isOpen={node.id === openNodeId} />
        ))}
      </ol>
      <Choices scene={scene} frame={frame} />
    </>
  );
}

interface NodeItemProps {
  readonly node: CanvasNode;
  readonly context: OutlineContext;
  readonly isOpen: boolean;
}

function NodeItem({ node, context, isOpen }: NodeItemProps) {
  const { frame: { texts: { editor } }, scene } = context;
  const ways = context.scene.graph.edges.filter((edge) => edge.from === node.id);
  const nameOf = (id: string) => nodeName(scene.nodes.get(id) ?? { ...node, id, title: "" });
  const on = ways.map(({ label, to }) => `${label} → ${nameOf(to)}`).join(" · ");
  return (
    <li>
      <details open={isOpen}>
        <summary autofocus={isOpen}>
          <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d={NODE_ICONS[node.type]} />
          </svg>
          <span class="outline-name">{nodeName(node)}</span>
          <span class="muted small">{editor[node.type]}</span>
          {scene.graph.entryNodeId === node.id && <span class="badge accent">{editor.entry}</span>}
          <span class="outline-ways muted small">{on}</span>
        </summary>
        <div class="outline-body">
          <NodeForms node={node} context={context} />
          <EdgeForms node={node} ways={ways} context={context} />
        </div>
      </details>
    </li>
  );
}

/** The nodes and edges to choose from, once for all fields: a list in each would be a list squared. */
function Choices({ scene, frame }: { scene: Scene; frame: Frame }) {
  const nameOf = (id: string) => {
    const node = scene.nodes.get(id);
    return node ? nodeName(node) : id;
  };
  return (
    <>
      <datalist id="node-choices">
        {[...scene.nodes.values()].map((node) => <option value={node.id}>{nodeName(node)}</option>)}
      </datalist>
      <datalist id="edge-choices" aria-label={frame.texts.editor.edges}>
        {[...scene.edges.values()].map((edge) => (
          <option value={edge.ref}>
            {`${nameOf(edge.from)} → ${nameOf(edge.to)}: ${edge.label}`}
          </option>
        ))}
      </datalist>
    </>
  );
}
