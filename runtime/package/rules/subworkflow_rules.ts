// Calls between workflows: every one leads to a workflow of the package, and none leads back.
import type { Finding } from "../../../schemas/finding.ts";
import { finding } from "../finding_codes.ts";
import type { NodeParts, WorkflowParts } from "../package_parts.ts";

/** Findings about all calls of a package. */
export function* subworkflowRules(workflows: readonly WorkflowParts[]): Generator<Finding> {
  const ids = new Set(workflows.map(({ listing }) => listing.id));
  for (const { graph, nodes } of workflows) {
    if (!graph) continue;
    for (const { node, pointer } of nodes) {
      const { id, type, subworkflowRef } = node;
      if (subworkflowRef === undefined) {
        if (type !== "subworkflow" || !graph.isValid) continue;
        const message = `The node "${id}" is a subworkflow, but does not say which one it calls`;
        yield finding("SUBWORKFLOW_MISSING", graph.at(pointer), message);
      } else if (!ids.has(subworkflowRef)) {
        const known = [...ids].join(", ");
        const message =
          `The node "${id}" calls the workflow "${subworkflowRef}"; the package has: ${known}`;
        yield finding("SUBWORKFLOW_UNKNOWN", graph.at(`${pointer}/subworkflowRef`), message);
      }
    }
  }
  yield* cycleRules(workflows);
}

interface Visit {
  readonly workflow: WorkflowParts;
  readonly calls: Iterator<NodeParts>;
}

/** One finding per call that closes a circle. Depth-first without recursion. */
function* cycleRules(workflows: readonly WorkflowParts[]): Generator<Finding> {
  const byId = new Map(workflows.map((workflow) => [workflow.listing.id, workflow]));
  const done = new Set<WorkflowParts>();
  const visit = (workflow: WorkflowParts): Visit => ({ workflow, calls: workflow.nodes.values() });
  for (const start of workflows) {
    const path = done.has(start) ? [] : [visit(start)];
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const next = top.calls.next();
      if (next.done) {
        done.add(top.workflow);
        path.pop();
        continue;
      }
      const { node, pointer } = next.value;
      const callee = byId.get(node.subworkflowRef ?? "");
      if (!callee || done.has(callee)) continue;
      const from = path.findIndex(({ workflow }) => workflow === callee);
      if (from === -1) {
        path.push(visit(callee));
        continue;
      }
      const circle = [
        ...path.slice(from).map(({ workflow }) => workflow.listing.id),
        callee.listing.id,
      ];
      const message = `The node "${node.id}" closes a circle of calls: ${circle.join(" → ")}`;
      const place = top.workflow.graph?.at(`${pointer}/subworkflowRef`);
      if (place) yield finding("SUBWORKFLOW_CYCLE", place, message);
    }
  }
}
