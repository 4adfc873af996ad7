// The part of the guard that asks for evidence: a node is left or claimed as done only when its outputs
// are there, its checks hold and its decision is written down. Pure.
import { currentNodeIdOf, edgesBetween, outgoingEdges } from "../../schemas/graph.ts";
import type { DecisionLogEntry, GraphEdge, GraphNode } from "../../schemas/package.ts";
import { type ToolFailure, toolFailure } from "../../schemas/tool.ts";
import type { CheckFault } from "./check_report.ts";
import type { Accepted, Proposal } from "./guard.ts";
import { resolveDeclared } from "./outputs.ts";

/** One thing a node still lacks. */
type Missing = CheckFault | {
  readonly what: "output" | "stepsCompleted" | "decisionLog";
  readonly path?: string;
  readonly reason: string;
};

/** The node that a proposal works on, and where it goes. */
export interface Move {
  readonly node: GraphNode;
  readonly to: string;
  readonly moved: boolean;
  readonly strict: boolean;
}

/** Rules 5, 7, 8 and 9: the last word on a proposal that broke no rule before. */
export function finish(
  proposal: Proposal,
  { node, to, moved, strict }: Move,
): Accepted | ToolFailure {
  const { graph, before, after, options } = proposal;
  const claimed = after.stepsCompleted.includes(node.id) &&
    (moved || !before.stepsCompleted.includes(node.id));
  const missing: Missing[] = [];
  if (moved && strict && !after.stepsCompleted.includes(node.id)) {
    missing.push({ what: "stepsCompleted", reason: `stepsCompleted lacks "${node.id}"` });
  }
  const edges = edgesBetween(graph, node.id, to);
  const edge = moved ? decidedEdge(edges, newDecisions(proposal)) ?? edges[0] : undefined;
  if (moved && strict) missing.push(...missingDecision(proposal, node, edges));
  const unproven = claimed || moved ? missingOutputs(proposal) : [];
  const unfit = failedChecks(proposal, unproven);
  const isRequired = strict && options.outputs === "required";
  if (isRequired) missing.push(...unproven);
  if (isRequired && !proposal.checksOnlyWarn) missing.push(...unfit);
  if (missing.length > 0) return stepIncomplete(node, missing);
  return {
    ok: true,
    ...(edge && { edge }),
    completed: claimed && !moved && node.type === "end",
    warnings: [
      ...[...unproven, ...unfit].map(({ reason }) => reason),
      ...proposal.checked.notes.slice(0, MOST_CHECKS),
    ],
  };
}

/** Whether a proposal leaves its node or claims it as done, so that its checks have to be made. */
export function isFinishing(
  { graph, before, after, selfLoop }: Pick<Proposal, "graph" | "before" | "after" | "selfLoop">,
): boolean {
  const from = currentNodeIdOf(graph, before.currentNodeId);
  const moved = from !== currentNodeIdOf(graph, after.currentNodeId) || selfLoop === true;
  return moved || (after.stepsCompleted.includes(from) && !before.stepsCompleted.includes(from));
}

/** A message that lists more would be skimmed. */
const MOST_CHECKS = 20;

/** Failed checks, without those of an output that rule 8 misses already. */
function failedChecks({ checked }: Proposal, unproven: readonly Missing[]): CheckFault[] {
  const missing = new Set(unproven.map((output) => "path" in output ? output.path : undefined));
  return checked.faults
    .filter(({ check, path }) => check !== "exists" || path === undefined || !missing.has(path))
    .slice(0, MOST_CHECKS);
}

function stepIncomplete(node: GraphNode, missing: readonly Missing[]): ToolFailure {
  return toolFailure(
    "E_STEP_INCOMPLETE",
    `Node "${node.id}" is not done: ${
      missing.map(({ reason }) => reason).join("; ")
    }. Do that first, then complete the node again`,
    { nodeId: node.id, missing },
  );
}

/** Rule 7: where there is a choice, it is written down. */
function missingDecision(
  proposal: Proposal,
  node: GraphNode,
  edges: readonly GraphEdge[],
): Missing[] {
  if (outgoingEdges(proposal.graph, node.id).length < 2) return [];
  const fresh = newDecisions(proposal);
  if (fresh.length === 1 && fresh[0]?.from === node.id && decidedEdge(edges, fresh)) return [];
  const labels = edges.map(({ label }) => `"${label}"`).join(" or ");
  const reason = fresh.length > 1
    ? `one decision belongs to one transition, but ${fresh.length} were added to decisionLog`
    : `the decision is not written down: pass "decision" with the label ${labels} and your reason`;
  return [{ what: "decisionLog", reason }];
}

/** The edge that a proposal's new decision names, among those to its target. */
export function decidedEdge(
  edges: readonly GraphEdge[],
  fresh: readonly DecisionLogEntry[],
): GraphEdge | undefined {
  const decision = fresh.at(-1);
  return edges.find(({ to, label }) => to === decision?.to && label === decision.label);
}

/** Entries a proposal adds to `decisionLog`. */
export function newDecisions(
  { before, after }: Pick<Proposal, "before" | "after">,
): DecisionLogEntry[] {
  return (after.decisionLog ?? []).slice(before.decisionLog?.length ?? 0);
}

/** Rule 8. */
function missingOutputs({ outputs, after, evidence }: Proposal): Missing[] {
  return outputs.flatMap((template): Missing[] => {
    const declared = resolveDeclared(template, after.variables ?? {});
    if ("missingVariable" in declared) {
      const { missingVariable: name } = declared;
      return [{
        what: "output",
        path: declared.template,
        reason:
          `the output "${declared.template}" needs the variable "${name}"; set it with "variables"`,
      }];
    }
    const { path } = declared;
    if (!path.startsWith("@project/")) {
      const reason =
        `the output ${path} does not lie in the project; correct the variable in "${template}"`;
      return [{ what: "output", path, reason }];
    }
    const { exists, touched } = evidence(path);
    if (exists && touched) return [];
    return [{
      what: "output",
      path,
      reason: exists
        ? `the output ${path} exists, but was neither read nor written in this node`
        : `the output ${path} does not exist; write it with fs_write`,
    }];
  });
}
