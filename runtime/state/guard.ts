// The state guard: whether a state document may become another. Pure; the ten rules of `runtime.md`, and
// the checks of a step, which are made before (`checks.ts`).
// Not here: reading and saving the document (`state_document.ts`).
import { currentNodeIdOf, edgesBetween, findNode, outgoingEdges } from "../../schemas/graph.ts";
import type { GraphEdge, GraphNode, WorkflowGraph, WorkflowState } from "../../schemas/package.ts";
import { type ToolFailure, toolFailure } from "../../schemas/tool.ts";
import type { CheckReport } from "./check_report.ts";
import { type ConditionValue, evaluateCondition } from "./condition.ts";
import { decidedEdge, finish, newDecisions } from "./node_completion.ts";

/** What is known about a project path: does it exist, and did this visit of the node touch it? */
export interface Evidence {
  readonly exists: boolean;
  readonly touched: boolean;
}

/** How strictly a run is guarded (`RunOptions`). */
export interface GuardOptions {
  /** `compatible` keeps rules 1–4 and 10. */
  readonly strictness: "strict" | "compatible";
  readonly outputs: "required" | "warn";
  /** An edge whose `conditionExpr` is false may not be taken. */
  readonly conditionsBinding: boolean;
}

/** One proposed change. Both states have passed rules 1, 2 and 10 (`readState`, `propose`). */
export interface Proposal {
  readonly graph: WorkflowGraph;
  readonly before: WorkflowState;
  readonly after: WorkflowState;
  readonly options: GuardOptions;
  /** An earlier call of the same assistant message crossed an edge (rule 6). */
  readonly edgeUsed: boolean;
  /** The edge leads back to the same node, so the document alone does not show it. */
  readonly selfLoop?: boolean;
  /** Declared outputs of the node that is left, as templates. */
  readonly outputs: readonly string[];
  /** What the checks of that node found; empty unless it is left or claimed as done. */
  readonly checked: CheckReport;
  /** Failed checks only warn, whatever `options` say. */
  readonly checksOnlyWarn?: boolean;
  evidence(path: string): Evidence;
}

/** The guard lets it through. */
export interface Accepted {
  readonly ok: true;
  /** The edge that was crossed; absent where the node did not change. */
  readonly edge?: GraphEdge;
  /** An end node is done, and with it the workflow. */
  readonly completed: boolean;
  /** Outputs without evidence and failed checks, where they only warn; checks that could not be made. */
  readonly warnings: readonly string[];
}

/** An allowed transition as a refusal lists it. */
export interface AllowedNext {
  readonly to: string;
  readonly label: string;
  readonly isDefault: boolean;
  readonly conditionText?: string;
  readonly conditionNow?: ConditionValue;
}

/** Judges a proposal; the first rule that it breaks answers. */
export function judge(proposal: Proposal): Accepted | ToolFailure {
  const { graph, before, after } = proposal;
  const from = currentNodeIdOf(graph, before.currentNodeId);
  const to = currentNodeIdOf(graph, after.currentNodeId);
  const node = findNode(graph, from);
  if (!node) return unknownNode(graph, from);
  const moved = from !== to || proposal.selfLoop === true;
  const strict = proposal.options.strictness === "strict";
  return moved && !findNode(graph, to) && unknownNode(graph, to) ||
    moved && refuseJump(proposal, node, to) ||
    refuseStepsRewritten(proposal, node) ||
    strict && refuseHistoryRewritten(proposal) ||
    strict && refuseForgedDecision(proposal, { node, to, moved }) ||
    moved && strict && proposal.edgeUsed && secondEdge(from) ||
    finish(proposal, { node, to, moved, strict });
}

function unknownNode(graph: WorkflowGraph, nodeId: string): ToolFailure {
  const nodes = graph.nodes.map(({ id }) => id);
  return toolFailure(
    "E_INVALID_TRANSITION",
    `There is no node "${nodeId}" in this workflow. Its nodes are: ${nodes.join(", ")}`,
    { to: nodeId, nodes },
  );
}

/** Rule 3. */
function refuseJump(proposal: Proposal, node: GraphNode, to: string): ToolFailure | false {
  const edges = edgesBetween(proposal.graph, node.id, to);
  const allowedNext = allowedTransitions(proposal.graph, node.id, proposal.after.variables ?? {});
  const details = { from: node.id, to, allowedNext };
  if (edges.length === 0) {
    return toolFailure(
      "E_INVALID_TRANSITION",
      `The graph has no edge from "${node.id}" to "${to}". ${waysOn(node, allowedNext)}`,
      details,
    );
  }
  const decided = decidedEdge(edges, newDecisions(proposal));
  const open = (decided ? [decided] : edges)
    .filter((edge) => !isClosed(edge, proposal.after.variables ?? {}));
  if (!proposal.options.conditionsBinding || open.length > 0) return false;
  return toolFailure(
    "E_INVALID_TRANSITION",
    `The condition of the edge from "${node.id}" to "${to}" is false at present, and this run keeps to conditions. ${
      waysOn(node, allowedNext)
    }`,
    details,
  );
}

function isClosed({ conditionExpr }: GraphEdge, variables: Record<string, unknown>): boolean {
  return conditionExpr !== undefined && evaluateCondition(conditionExpr, variables) === false;
}

function waysOn(node: GraphNode, allowedNext: readonly AllowedNext[]): string {
  const [first] = allowedNext;
  if (!first) return `Node "${node.id}" has no way on: complete it with state_complete_node`;
  const list = allowedNext.map(({ to, label, isDefault }) =>
    `"${to}" (${label}${isDefault ? ", default" : ""})`
  );
  const example = allowedNext.length === 1
    ? `{"nodeId":"${node.id}","next":"${first.to}"}`
    : `{"nodeId":"${node.id}","next":"${first.to}","decision":{"label":"${first.label}","reason":"<why>"}}`;
  return `From "${node.id}" you may go to: ${
    list.join(", ")
  }. Call state_complete_node, for example with ${example}`;
}

/** Rule 4; in strict mode only the current node can be claimed as done. */
function refuseStepsRewritten(
  { graph, before, after, options }: Proposal,
  node: GraphNode,
): ToolFailure | false {
  const kept = before.stepsCompleted.every((id, index) => after.stepsCompleted[index] === id);
  if (!kept) {
    return toolFailure(
      "E_SCHEMA_VALIDATION",
      `stepsCompleted only grows at its end. It begins with: ${
        before.stepsCompleted.join(", ") || "(nothing)"
      }. Use stepsCompleted.append`,
      { pointer: "/stepsCompleted", before: before.stepsCompleted },
    );
  }
  const added = after.stepsCompleted.slice(before.stepsCompleted.length);
  const wrong = added.find((id) =>
    !findNode(graph, id) || (options.strictness === "strict" && id !== node.id)
  );
  if (wrong === undefined) return false;
  return toolFailure(
    "E_SCHEMA_VALIDATION",
    findNode(graph, wrong)
      ? `Only the current node "${node.id}" can be added to stepsCompleted, not "${wrong}"`
      : `stepsCompleted can hold only ids of nodes; "${wrong}" is none`,
    { pointer: "/stepsCompleted", added },
  );
}

/** What happened stays written: decisions and artifacts only grow, the run's identity stays. */
function refuseHistoryRewritten({ before, after }: Proposal): ToolFailure | false {
  const logKept = (before.decisionLog ?? []).every((entry, index) =>
    JSON.stringify(entry) === JSON.stringify(after.decisionLog?.[index])
  );
  const artifactsKept = (before.artifacts ?? []).every((path) => after.artifacts?.includes(path));
  const changed = (["schemaVersion", "workflowType", "runId"] as const)
    .find((key) => before[key] !== after[key]);
  const key = !logKept ? "decisionLog" : !artifactsKept ? "artifacts" : changed;
  if (key === undefined) return false;
  return toolFailure(
    "E_SCHEMA_VALIDATION",
    changed === key
      ? `"${key}" belongs to the run and cannot be changed`
      : `"${key}" only grows: what it holds cannot be changed or removed. Use ${key}.append`,
    { pointer: `/${key}` },
  );
}

/** A decision is written down with the transition that it is about, and once. */
function refuseForgedDecision(
  proposal: Proposal,
  { node, to, moved }: { node: GraphNode; to: string; moved: boolean },
): ToolFailure | false {
  const fresh = newDecisions(proposal);
  if (fresh.length === 0) return false;
  const edges = edgesBetween(proposal.graph, node.id, to);
  const isOwn = fresh.length === 1 && fresh[0]?.from === node.id && decidedEdge(edges, fresh);
  // Where there is a choice, rule 7 says what is wrong with the decision.
  if (moved && (isOwn || outgoingEdges(proposal.graph, node.id).length > 1)) return false;
  return toolFailure(
    "E_SCHEMA_VALIDATION",
    moved
      ? `The decision does not belong to the edge from "${node.id}" to "${to}" (${
        edges.map(({ label }) => `"${label}"`).join(", ")
      }). Leave it out: where there is one way on, nothing is decided`
      : "decisionLog is not written by itself: a decision belongs to the change that leaves the node. Call state_complete_node with next and decision",
    { pointer: "/decisionLog", added: fresh },
  );
}

function secondEdge(from: string): ToolFailure {
  return toolFailure(
    "E_NODE_CHANGED",
    `This message has already crossed an edge, to "${from}". One message crosses at most one: read the next NODE_BRIEF and begin there`,
  );
}

/** The transitions a node allows, with the present value of their conditions. */
export function allowedTransitions(
  graph: WorkflowGraph,
  nodeId: string,
  variables: Readonly<Record<string, unknown>>,
): AllowedNext[] {
  return outgoingEdges(graph, nodeId).map((edge) => ({
    to: edge.to,
    label: edge.label,
    isDefault: edge.isDefault ?? false,
    ...(edge.conditionText && { conditionText: edge.conditionText }),
    ...(edge.conditionExpr && { conditionNow: evaluateCondition(edge.conditionExpr, variables) }),
  }));
}
