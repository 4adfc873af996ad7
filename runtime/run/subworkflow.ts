// Call and return of subworkflows. The shell does both; no model takes part
// (docs/decisions/005-subworkflows-return-by-the-shell.md).
import { defaultEdge, findNode, outgoingEdges } from "../../schemas/graph.ts";
import type { GraphEdge, GraphNode, WorkflowState } from "../../schemas/package.ts";
import { evaluateCondition } from "../state/condition.ts";
import type { ActiveCaller } from "./active_workflow.ts";
import { MAX_CALL_DEPTH } from "./call_stack.ts";
import { announceNode } from "./enter_node.ts";
import type { Session, Stop } from "./session.ts";

/** Makes the workflow that a subworkflow node names the active one, with a state of its own. */
export function callSubworkflow(session: Session, node: GraphNode): Stop {
  const { workflow, recorder, run } = session;
  const target = run.package.workflows.find(({ id }) => id === node.subworkflowRef);
  if (!target) {
    return refuse(`calls the workflow "${node.subworkflowRef}", which the package lacks`, node);
  }
  if (workflow.depth >= MAX_CALL_DEPTH) {
    return refuse(`would nest workflows deeper than ${MAX_CALL_DEPTH}`, node);
  }
  announceNode(session, node);
  recorder.emit({ type: "subworkflow_called", workflowId: target.id, depth: workflow.depth + 1 });
  workflow.call(target, node);
  return null;
}

/**
 * Goes back to the caller: merges artifacts (and variables where `passContext`), completes the calling
 * node and takes its edge: the first whose condition is true, else the default. The caller is
 * completed before it becomes active, so a crash between the two carries out no child again: the next
 * attempt finds the caller's node left, and only returns.
 */
export function returnFromSubworkflow({ workflow, recorder }: Session): Stop {
  const child = workflow.state.state;
  const { id: workflowId } = workflow.workflow;
  const artifacts = child.artifacts ?? [];
  recorder.emit({ type: "subworkflow_returned", workflowId, artifacts, depth: workflow.depth });
  let stop: Stop = null;
  workflow.return((caller) => {
    recorder.place = { nodeId: caller.nodeId };
    stop = completeCaller(caller, child, workflowId);
  });
  return stop;
}

function completeCaller(
  { nodeId, workflow, state }: ActiveCaller,
  child: WorkflowState,
  workflowId: string,
): Stop {
  const node = findNode(workflow.graph, nodeId);
  if (!node || state.position().nodeId !== nodeId) return null;
  const artifacts = child.artifacts ?? [];
  const childVariables = node.passContext ? child.variables ?? {} : {};
  const variables = { ...state.state.variables, ...childVariables };
  const edges = outgoingEdges(workflow.graph, nodeId);
  const edge = chooseEdge(edges, variables);
  if (!edge) return refuse("has no edge to take on: give it one", node);
  const result = state.completeByShell({
    nodeId,
    artifacts,
    variables: childVariables,
    next: edge.to,
    ...(edges.length > 1 && {
      decision: { label: edge.label, reason: `The workflow "${workflowId}" has returned` },
    }),
  });
  return result.ok ? null : refuse(`cannot be completed: ${result.error.message}`, node);
}

function chooseEdge(
  edges: readonly GraphEdge[],
  variables: Readonly<Record<string, unknown>>,
): GraphEdge | undefined {
  const open = edges.find(({ conditionExpr }) =>
    conditionExpr !== undefined && evaluateCondition(conditionExpr, variables) === true
  );
  return open ?? defaultEdge(edges);
}

function refuse(what: string, node: GraphNode): Stop {
  return { phase: "failed", code: "ENGINE_PRECONDITION", reason: `Node "${node.id}" ${what}` };
}
