// Call and return of subworkflows. The shell does both; no model takes part.
import { findNode } from "../../schemas/graph.ts";
import type { GraphNode } from "../../schemas/package.ts";
import { MAX_CALL_DEPTH } from "./call_stack.ts";
import { enterNode } from "./enter_node.ts";
import type { Session, Stop } from "./session.ts";

/** Makes the workflow that a subworkflow node names the active one, with a state of its own. */
export function callSubworkflow(session: Session, node: GraphNode): Stop {
  const { workflow, recorder, run } = session;
  const target = run.package.workflows.find(({ id }) => id === node.subworkflowRef);
  if (!target) {
    const reason = `Node "${node.id}" calls the workflow "${node.subworkflowRef}", which the package lacks`;
    return { phase: "failed", code: "ENGINE_PRECONDITION", reason };
  }
  if (workflow.depth >= MAX_CALL_DEPTH) {
    const reason = `Node "${node.id}" would nest workflows deeper than ${MAX_CALL_DEPTH}`;
    return { phase: "failed", code: "ENGINE_PRECONDITION", reason };
  }
  if (recorder.conversation().openNode === null) enterNode(session, node);
  recorder.emit({ type: "subworkflow_called", workflowId: target.id, depth: workflow.depth + 1 });
  workflow.call(target, node);
  return null;
}

/**
 * Goes back to the caller: merges artifacts (and variables where `passContext`), completes the calling
 * node and takes its edge: the first whose condition is true, else the default. Safe to repeat after
 * a crash: a caller that has already moved on is left as it is.
 */
export async function returnFromSubworkflow(session: Session): Promise<Stop> {
  const { workflow, recorder } = session;
  const child = workflow.frontMatter();
  const childId = workflow.active.workflow.id;
  const caller = workflow.caller();
  recorder.emit({
    type: "subworkflow_returned",
    workflowId: childId,
    artifacts: child.artifacts ?? [],
    depth: workflow.depth,
  });
  workflow.popCaller();
  const node = findNode(workflow.active.workflow.graph, caller.nodeId);
  if (!node || workflow.position().nodeId !== node.id) return null;
  recorder.place = { nodeId: node.id };
  const result = await workflow.document.completeByShell({
    nodeId: node.id,
    artifacts: child.artifacts ?? [],
    variables: node.passContext ? child.variables ?? {} : {},
  });
  if (result.ok) return null;
  return { phase: "failed", code: "ENGINE_PRECONDITION", reason: result.error.message };
}
