// For a finding the one edit that mends it, where there is one that a person would hardly dispute.
// Not here: findings for which something has to be thought of or written.
import type { Finding } from "../../schemas/finding.ts";
import type { FindingCode } from "../../runtime/package/finding_codes.ts";
import type { Edit } from "../../schemas/edit.ts";
import type { Draft, DraftNode, DraftWorkflow } from "./draft.ts";
import { stepOf } from "./draft.ts";
import { assetsDir } from "./file_edits.ts";
import { FILE_FIXES } from "./file_fixes.ts";
import { firstText, newStepText } from "./step_file.ts";

/** Makes the edit for a finding, or finds that there is none. */
type Fix = (finding: Finding, draft: Draft) => Edit | undefined;

/** The edit that mends the finding; `undefined` if none does, or if the finding is no longer true. */
export function fixOf(finding: Finding, draft: Draft): Edit | undefined {
  const fixes: ReadonlyMap<string, Fix> = FIXES;
  return fixes.get(finding.code)?.(finding, draft);
}

interface Place {
  readonly workflow: DraftWorkflow;
  readonly workflowId: string;
}

function workflowOf({ file }: Finding, draft: Draft): Place | undefined {
  for (const { id } of draft.workflows) {
    const workflow = draft.workflow(id);
    if (workflow?.graphPath === file || workflow?.nodes.some(({ path }) => path === file)) {
      return { workflow, workflowId: id };
    }
  }
  return undefined;
}

/** The node that a pointer into the graph, or the step file, is about. */
function nodeFix(
  make: (node: DraftNode, place: Place, finding: Finding, draft: Draft) => Edit | undefined,
): Fix {
  return (finding, draft) => {
    const place = workflowOf(finding, draft);
    const index = /^\/nodes\/(\d+)/.exec(finding.pointer ?? "")?.[1];
    const node = place?.workflow.graphPath === finding.file
      ? place.workflow.nodes[Number(index)]
      : place?.workflow.nodes.find(({ path }) => path === finding.file);
    return place && node ? make(node, place, finding, draft) : undefined;
  };
}

function changeNode(fieldsOf: (node: DraftNode, draft: Draft) => object | undefined): Fix {
  return nodeFix((node, { workflowId }, _finding, draft) => {
    const fields = fieldsOf(node, draft);
    return fields && { kind: "node.change", workflowId, nodeId: node.id, fields };
  });
}

/** The only agent there is, else none. */
function onlyAgent({ agents }: Draft): string | null {
  return agents.length === 1 ? agents[0]?.id ?? null : null;
}

const deleteEdge: Fix = (finding, draft) => {
  const place = workflowOf(finding, draft);
  const index = Number(/^\/edges\/(\d+)/.exec(finding.pointer ?? "")?.[1] ?? NaN);
  const edge = place?.workflow.edges[index];
  return place && edge && { kind: "edges.delete", workflowId: place.workflowId, edges: [edge.ref] };
};

const markDefault = nodeFix(({ id }, { workflow, workflowId }) => {
  const edges = workflow.edges.filter(({ from }) => from === id);
  const isFree = ({ conditionText, conditionExpr }: (typeof edges)[number]) =>
    conditionText === undefined && conditionExpr === undefined;
  const edge = edges.find(({ isDefault }) => isDefault) ?? edges.find(isFree) ?? edges[0];
  return edge && { kind: "edge.change", workflowId, edge: edge.ref, fields: { isDefault: true } };
});

/** The only workflow that it could call. */
const nameCallee = nodeFix(({ id }, { workflowId }, _finding, draft) => {
  const others = draft.workflows.filter((listing) => listing.id !== workflowId);
  const [only] = others;
  if (others.length !== 1 || !only) return undefined;
  return { kind: "node.change", workflowId, nodeId: id, fields: { subworkflowRef: only.id } };
});

const addSection = nodeFix(({ id, type }, { workflowId }, { message }) => {
  const name = message.includes('"## Goal"') ? "Goal" : "Instructions";
  const text = firstText(type, name);
  const fields = name === "Goal" ? { goal: text } : { instructions: text };
  return { kind: "node.change", workflowId, nodeId: id, fields };
});

const addStepFile = nodeFix((node, { workflow }) => {
  const edges = workflow.edges.filter(({ from }) => from === node.id);
  const isShared = workflow.nodes.some((other) => other !== node && other.file === node.file);
  if (isShared) return undefined;
  return { kind: "file.write", path: node.file, text: newStepText(node, edges), baseSha256: null };
});

/** The checks of the step without what does not belong there. */
const dropCheckKey = nodeFix(({ id }, { workflowId }, { pointer = "" }, draft) => {
  const [, index, key] = /^\/checks\/(\d+)(?:\/(\w+))?$/.exec(pointer) ?? [];
  const checks = stepOf(draft, workflowId, id)?.frontMatter.checks;
  if (!checks || index === undefined) return undefined;
  const kept = checks.flatMap((check, at) => {
    if (at !== Number(index)) return [check];
    if (key === undefined) return [];
    return [Object.fromEntries(Object.entries(check).filter(([name]) => name !== key))];
  });
  return { kind: "node.change", workflowId, nodeId: id, fields: { checks: kept } };
});

const declareVariable = nodeFix(({ id }, { workflowId }, { pointer = "" }, draft) => {
  const frontMatter = stepOf(draft, workflowId, id)?.frontMatter;
  const check = frontMatter?.checks?.[Number(/^\/checks\/(\d+)/.exec(pointer)?.[1])];
  if (!check?.variable) return undefined;
  const setsVariables = [...frontMatter?.setsVariables ?? [], check.variable];
  return { kind: "node.change", workflowId, nodeId: id, fields: { setsVariables } };
});

const declareOutput = nodeFix((node, { workflowId }, { pointer = "" }, draft) => {
  const checks = stepOf(draft, workflowId, node.id)?.frontMatter.checks;
  const check = checks?.[Number(/^\/checks\/(\d+)/.exec(pointer)?.[1])];
  if (!check?.output) return undefined;
  const outputs = [...node.outputs ?? [], check.output];
  return { kind: "node.change", workflowId, nodeId: node.id, fields: { outputs } };
});

/** A node that nothing leads to is where people begin; else the first. */
const nameEntry: Fix = (finding, draft) => {
  const place = workflowOf(finding, draft);
  const nodes = place?.workflow.nodes ?? [];
  const entered = new Set(place?.workflow.edges.map(({ to }) => to));
  const entry = nodes.find(({ id, type }) => !entered.has(id) && type !== "end") ?? nodes[0];
  return place && entry && { kind: "entry.set", workflowId: place.workflowId, nodeId: entry.id };
};

const moveToAssets: Fix = ({ file }, draft) => {
  const dir = assetsDir(draft);
  const name = file.slice(file.lastIndexOf("/") + 1);
  const newPath = [dir + file, dir + name].find((path) => !draft.files.has(path));
  return newPath === undefined ? undefined : { kind: "file.rename", path: file, newPath };
};

const FIXES = new Map<FindingCode, Fix>([
  ["GRAPH_DEFAULT_EDGE", markDefault],
  ["GRAPH_ENTRY_UNKNOWN", nameEntry],
  ["GRAPH_EDGE_SOURCE_UNKNOWN", deleteEdge],
  ["GRAPH_EDGE_TARGET_UNKNOWN", deleteEdge],
  ["GRAPH_AGENT_UNKNOWN", changeNode((_node, draft) => ({ agentId: onlyAgent(draft) }))],
  ["GRAPH_DECISION_TOO_FEW_EDGES", changeNode(() => ({ type: "step" }))],
  ["GRAPH_DEAD_END", changeNode(() => ({ type: "end" }))],
  ["NODE_FILE_MISSING", addStepFile],
  ["STEP_SECTION_MISSING", addSection],
  ["STEP_SECTION_EMPTY", addSection],
  ["SUBWORKFLOW_MISSING", nameCallee],
  ["SUBWORKFLOW_UNKNOWN", nameCallee],
  ["CHECK_NOT_APPLICABLE", dropCheckKey],
  ["CHECK_VARIABLE_UNKNOWN", declareVariable],
  ["CHECK_OUTPUT_UNKNOWN", declareOutput],
  ["ASSET_OUTSIDE_ASSETS", moveToAssets],
  ...FILE_FIXES,
]);
