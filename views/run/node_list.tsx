// The nodes of a run's workflow as a list: how each stands, and what can be done there. Read by screen
// readers in place of the map, and the whole of it without JavaScript.
import type { Child } from "hono/jsx";
import type { Frame } from "../frame.ts";
import { RunAction } from "./matter_form.tsx";
import type { NodeState, RunMoves, ShownNode } from "./shown_node.ts";

/** What the list shows. */
export interface NodeListProps {
  readonly frame: Frame;
  readonly runId: string;
  readonly nodes: readonly ShownNode[];
  readonly moves: RunMoves;
}

/** The list; a click on the map opens an entry (`run_control.js`). */
export function NodeList({ nodes, ...props }: NodeListProps) {
  const { control } = props.frame.texts;
  return (
    <section aria-labelledby="run-nodes-title">
      <h2 class="side-title" id="run-nodes-title">{control.nodes}</h2>
      <ul class="run-nodes" id="run-nodes">
        {nodes.map((node) => <NodeEntry {...props} node={node} />)}
      </ul>
    </section>
  );
}

type EntryProps = Omit<NodeListProps, "nodes"> & { readonly node: ShownNode };

function NodeEntry(props: EntryProps) {
  const { frame: { texts }, node } = props;
  const { control } = texts;
  const marks = [
    node.before && control.breakBefore,
    node.after && control.breakAfter,
    node.target && control.targetHere,
  ].filter(Boolean);
  return (
    <li>
      <details
        class={`fold run-node ${node.state}`}
        data-node={node.nodeId}
        data-state={node.state}
      >
        <summary aria-current={node.isCurrent ? "step" : undefined}>
          <span class="grow">{node.title}</span>
          <span class="small muted">
            {[stateText(node.state, props), ...marks].join(" · ")}
          </span>
        </summary>
        <div class="fold-body row">
          <Actions {...props} />
        </div>
      </details>
    </li>
  );
}

function stateText(state: NodeState, { frame: { texts: { control } } }: EntryProps): string {
  const words: Readonly<Record<NodeState, string>> = {
    done: control.stateDone,
    running: control.stateRunning,
    waiting: control.stateWaiting,
    paused: control.statePaused,
    failed: control.stateFailed,
    next: control.stateNext,
    open: control.stateOpen,
  };
  return words[state];
}

function Actions(props: EntryProps) {
  const { frame: { texts: { control } }, node, moves } = props;
  return (
    <>
      {!moves.isCompleted && (
        <>
          {node.target
            ? <Remove {...props} breakpointId={node.target} label={control.removeTarget} />
            : (
              <NodeAction {...props} action="run-to" label={control.runTo}>
                <NodeFields node={node} />
              </NodeAction>
            )}
          <Toggle {...props} at="before" />
          <Toggle {...props} at="after" />
        </>
      )}
      {node.isCurrent && moves.isStopped && !moves.isCompleted && <RetryForm {...props} />}
      {node.isVisited && moves.isStopped && (
        <NodeAction {...props} action="fork" label={control.fork}>
          <input type="hidden" name="nodeId" value={node.nodeId} />
        </NodeAction>
      )}
    </>
  );
}

function NodeFields({ node: { nodeId, workflowId } }: { readonly node: ShownNode }) {
  return (
    <>
      <input type="hidden" name="nodeId" value={nodeId} />
      <input type="hidden" name="workflowId" value={workflowId} />
    </>
  );
}

function NodeAction(
  { frame, runId, node, action, label, children }: EntryProps & {
    readonly action: string;
    readonly label: string;
    readonly children: Child;
  },
) {
  return (
    <RunAction frame={frame} runId={runId} action={action}>
      {children}
      <button type="submit" class="button small" aria-label={`${label}: ${node.title}`}>
        {label}
      </button>
    </RunAction>
  );
}

function Toggle(props: EntryProps & { readonly at: "before" | "after" }) {
  const { frame: { texts: { control } }, node, at } = props;
  const breakpointId = node[at];
  const isBefore = at === "before";
  if (breakpointId !== undefined) {
    const label = isBefore ? control.removeBefore : control.removeAfter;
    return <Remove {...props} breakpointId={breakpointId} label={label} />;
  }
  const label = isBefore ? control.setBefore : control.setAfter;
  return (
    <NodeAction {...props} action="breakpoints" label={label}>
      <input type="hidden" name="at" value={at} />
      <NodeFields node={node} />
    </NodeAction>
  );
}

function Remove(
  { breakpointId, ...props }: EntryProps & {
    readonly breakpointId: string;
    readonly label: string;
  },
) {
  return (
    <NodeAction {...props} action="breakpoints/remove">
      <input type="hidden" name="breakpointId" value={breakpointId} />
    </NodeAction>
  );
}

/** Begins the current node afresh. */
function RetryForm({ frame, runId }: Pick<EntryProps, "frame" | "runId">) {
  const { control } = frame.texts;
  return (
    <RunAction frame={frame} runId={runId} action="retry" class="retry-form row">
      <button type="submit" class="button small" title={control.retryHint}>{control.retry}</button>
      <label class="check small">
        <input type="checkbox" name="revert" value="node" /> {control.retryRevert}
      </label>
      <label class="check small">
        <input type="checkbox" name="force" value="yes" /> {control.retryForce}
      </label>
    </RunAction>
  );
}
