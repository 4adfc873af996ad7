// The forms of the outline that are about nodes: add, title, id, type, agent, place, entry, delete.
import { Icon } from "../icons.tsx";
import { type CanvasNode, nodeName } from "./canvas_graph.ts";
import { boundsOf, freePlace, sanePoint } from "./geometry.js";
import { NODE_TYPES } from "./node_icons.ts";
import { EditForm, fieldKey, type OutlineContext } from "./outline_form.tsx";

/** A new node: what it is, what leads to it, or which edge it comes into. */
export function AddNode({ context }: { context: OutlineContext }) {
  const { frame: { texts: { editor } }, scene } = context;
  const taken = [...scene.nodes.values()].map(({ at }) => sanePoint(at));
  const bounds = boundsOf(taken);
  const at = freePlace(
    { x: bounds?.x ?? 60, y: (bounds?.y ?? 100) + (bounds?.height ?? 0) },
    taken,
  );
  const edit = { kind: "node.add" as const, workflowId: scene.graph.workflowId, at };
  return (
    <details class="outline-add" open={taken.length === 0}>
      <summary>
        <Icon name="plus" />
        {editor.addNode}
      </summary>
      <EditForm context={context} edit={edit} label={editor.addNode}>
        <label>
          <span>{editor.title}</span>
          <input class="input" name="set.title" required maxlength={200} />
        </label>
        <label>
          <span>{editor.type}</span>
          <TypeSelect context={context} value="step" />
        </label>
        <label>
          <span>{editor.addAfter}</span>
          <input
            class="input"
            name="optional.from.nodeId"
            list="node-choices"
            placeholder={editor.nowhere}
          />
        </label>
        <label>
          <span>{editor.spliceInto}</span>
          <input
            class="input"
            name="optional.onEdge"
            list="edge-choices"
            placeholder={editor.nowhere}
          />
        </label>
        <button type="submit" class="button primary">{editor.add}</button>
      </EditForm>
    </details>
  );
}

interface TypeSelectProps {
  readonly context: OutlineContext;
  readonly value: string;
  readonly name?: string;
}

function TypeSelect({ context, value, name = "set.type" }: TypeSelectProps) {
  const { editor } = context.frame.texts;
  return (
    <select class="select" name={name}>
      {NODE_TYPES.map((type) => (
        <option value={type} selected={type === value}>{editor[type]}</option>
      ))}
    </select>
  );
}

/** Everything about one node but its ways on. */
export function NodeForms({ node, context }: { node: CanvasNode; context: OutlineContext }) {
  return (
    <>
      <Properties node={node} context={context} />
      <IdAndPlace node={node} context={context} />
      <Buttons node={node} context={context} />
    </>
  );
}

interface NodeProps {
  readonly node: CanvasNode;
  readonly context: OutlineContext;
}

function Properties({ node, context }: NodeProps) {
  const { frame: { texts: { editor } }, scene, agents } = context;
  const { workflowId } = scene.graph;
  const edit = { kind: "node.change" as const, workflowId, nodeId: node.id };
  return (
    <EditForm context={context} edit={edit} openNodeId={node.id} label={nodeName(node)}>
      <label>
        <span>{editor.title}</span>
        <input class="input" name="set.fields.title" value={node.title ?? ""} maxlength={200} />
      </label>
      <label>
        <span>{editor.type}</span>
        <TypeSelect context={context} value={node.type} name="set.fields.type" />
      </label>
      <label>
        <span>{editor.agent}</span>
        <select class="select" name="set.fields.agentId">
          <option value="">{editor.noAgent}</option>
          {agents.map(({ id, name }) => (
            <option value={id} selected={id === node.agentId}>{name}</option>
          ))}
        </select>
      </label>
      <button type="submit" class="button">{editor.save}</button>
    </EditForm>
  );
}

function IdAndPlace({ node, context }: NodeProps) {
  const { frame: { texts: { editor } }, scene } = context;
  const { workflowId } = scene.graph;
  const { x, y } = sanePoint(node.at);
  const place = `number.positions.${fieldKey(node.id)}`;
  return (
    <div class="outline-pair">
      <EditForm
        context={context}
        edit={{ kind: "node.rename", workflowId, nodeId: node.id }}
        label={editor.nodeId}
      >
        <label>
          <span>{editor.nodeId}</span>
          <input name="set.newNodeId" value={node.id} required class="input mono" />
        </label>
        <button type="submit" class="button">{editor.rename}</button>
      </EditForm>
      <EditForm
        context={context}
        edit={{ kind: "nodes.move", workflowId }}
        openNodeId={node.id}
        label={editor.position}
      >
        <label>
          <span>{editor.x}</span>
          <input
            class="input"
            type="number"
            step="any"
            required
            name={`${place}.x`}
            value={String(x)}
          />
        </label>
        <label>
          <span>{editor.y}</span>
          <input
            class="input"
            type="number"
            step="any"
            required
            name={`${place}.y`}
            value={String(y)}
          />
        </label>
        <button type="submit" class="button">{editor.move}</button>
      </EditForm>
    </div>
  );
}

function Buttons({ node, context }: NodeProps) {
  const { frame: { texts: { editor } }, scene } = context;
  const { workflowId, entryNodeId } = scene.graph;
  const nodeIds = [node.id];
  const buttons = [
    ...(entryNodeId === node.id
      ? []
      : [[editor.setEntry, { kind: "entry.set", workflowId, nodeId: node.id }] as const]),
    [
      editor.duplicate,
      { kind: "nodes.duplicate", workflowId, nodeIds, by: { x: 40, y: 40 } },
    ] as const,
    [editor.delete, { kind: "nodes.delete", workflowId, nodeIds, reconnect: false }] as const,
    [editor.deleteKeep, { kind: "nodes.delete", workflowId, nodeIds, reconnect: true }] as const,
  ];
  return (
    <div class="outline-buttons">
      {buttons.map(([label, edit]) => (
        <EditForm context={context} edit={edit} openNodeId={node.id}>
          <button type="submit" class="button small" aria-label={`${label}: ${nodeName(node)}`}>
            {label}
          </button>
        </EditForm>
      ))}
    </div>
  );
}
