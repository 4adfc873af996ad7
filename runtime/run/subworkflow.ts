// Call and return of subworkflows. The shell does both; no model takes part
// (docs/decisions/005-subworkflows-return-by-the-shell.md).
import { defaultEdge, findNode, outgoingEdges } from "../../schemas/graph.ts";
import type { GraphEdge, GraphNode } from "../../schemas/package.ts";
import { evaluateCondition } from "../state/condition.ts";
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
 * node and takes its edge: the first whose condition is true, else the default. After a crash between
 * return and completion the call is made again; one that had completed is left as it is.
 */
export function returnFromSubworkflow({ workflow, recorder }: Session): Stop {
  const child = workflow.state.state;
  const { id: workflowId } = workflow.workflow;
  const artifacts = child.artifacts ?? [];
  recorder.emit({ type: "subworkflow_returned", workflowId, artifacts, depth: workflow.depth });
  const { nodeId } = workflow.return();
  const node = findNode(workflow.workflow.graph, nodeId);
  if (!node || workflow.state.position().nodeId !== nodeId) return null;
  recorder.place = { nodeId };
  const childVariables = node.passContext ? child.variables ?? {} : {};
  const variables = { ...workflow.state.state.variables, ...childVariables };
  const edges = outgoingEdges(workflow.workflow.graph, nodeId);
  const edge = chooseEdge(edges, variables);
  const result = workflow.state.completeByShell({
    nodeId,
    artifacts,
    variables: childVariables,
    ...(edge && { next: edge.to }),
    ...(edge && edges.length > 1 && {
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
