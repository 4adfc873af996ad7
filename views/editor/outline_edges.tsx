// The forms of the outline that are about edges: the ways on from one node, and a new one.
import { type CanvasEdge, type CanvasNode, nodeName } from "./canvas_graph.ts";
import { EditForm, type OutlineContext } from "./outline_form.tsx";

/** Props of `EdgeForms`. */
export interface EdgeFormsProps {
  readonly node: CanvasNode;
  readonly ways: readonly CanvasEdge[];
  readonly context: OutlineContext;
}

/** The ways on from a node. */
export function EdgeForms({ node, ways, context }: EdgeFormsProps) {
  const { frame: { texts: { editor } }, scene } = context;
  const add = { kind: "edge.add" as const, workflowId: scene.graph.workflowId, from: node.id };
  return (
    <section class="outline-edges" aria-label={`${editor.waysOn}: ${nodeName(node)}`}>
      <h2>{editor.waysOn}</h2>
      {ways.length === 0 && <p class="muted small">{editor.noWaysOn}</p>}
      <ul>
        {ways.map((edge) => (
          <li>
            <EdgeForm edge={edge} context={context} />
          </li>
        ))}
      </ul>
      <EditForm context={context} edit={add} openNodeId={node.id} label={editor.connect}>
        <label>
          <span>{editor.connectTo}</span>
          <input class="input" name="set.to" list="node-choices" required />
        </label>
        <label>
          <span>{editor.label}</span>
          <input class="input" name="optional.label" maxlength={200} />
        </label>
        <button type="submit" class="button">{editor.connect}</button>
      </EditForm>
    </section>
  );
}

function EdgeForm({ edge, context }: { edge: CanvasEdge; context: OutlineContext }) {
  const { frame: { texts: { editor } }, scene } = context;
  const { workflowId } = scene.graph;
  const change = { kind: "edge.change" as const, workflowId, edge: edge.ref };
  const isDefault = edge.isDefault === true;
  return (
    <div class="outline-edge">
      <EditForm context={context} edit={change} openNodeId={edge.from} label={edge.label}>
        <label>
          <span>{editor.label}</span>
          <input
            class="input"
            name="set.fields.label"
            value={edge.label}
            required
            maxlength={200}
          />
        </label>
        <label>
          <span>{editor.to}</span>
          <input class="input" name="set.fields.to" value={edge.to} list="node-choices" required />
        </label>
        <label>
          <span>{editor.from}</span>
          <input
            class="input"
            name="set.fields.from"
            value={edge.from}
            list="node-choices"
            required
          />
        </label>
        <label class="wide">
          <span>{editor.condition}</span>
          <input class="input" name="set.fields.conditionText" value={edge.conditionText ?? ""} />
        </label>
        <label class="wide">
          <span>{editor.expression}</span>
          <input
            name="json.fields.conditionExpr"
            class="input mono"
            spellcheck={false}
            value={edge.conditionExpr ? JSON.stringify(edge.conditionExpr) : ""}
          />
        </label>
        <button type="submit" class="button">{editor.save}</button>
      </EditForm>
      <div class="outline-buttons">
        <EditForm
          context={context}
          edit={{ ...change, fields: { isDefault: !isDefault } }}
          openNodeId={edge.from}
        >
          <button
            type="submit"
            class="button small"
            aria-pressed={isDefault ? "true" : "false"}
            aria-label={`${editor.isDefaultShort}: ${edge.label}`}
          >
            {editor.isDefaultShort}
          </button>
        </EditForm>
        <EditForm
          context={context}
          edit={{ kind: "edges.delete", workflowId, edges: [edge.ref] }}
          openNodeId={edge.from}
        >
          <button type="submit" class="button small" aria-label={`${editor.delete}: ${edge.label}`}>
            {editor.delete}
          </button>
        </EditForm>
      </div>
    </div>
  );
}
