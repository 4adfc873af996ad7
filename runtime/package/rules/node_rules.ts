// Nodes against their step files and against the agents.
import type { Finding } from "../../../schemas/finding.ts";
import type { GraphEdge, StepFrontMatter } from "../../../schemas/package.ts";
import { finding, type FindingCode } from "../finding_codes.ts";
import type { NodeParts, WorkflowParts } from "../package_parts.ts";
import { checkRules } from "./check_rules.ts";
import { missingSections } from "./sections.ts";

/** Findings about the nodes of one workflow. `agentIds` is `undefined` if agents.json is unreadable. */
export function* nodeRules(
  workflow: WorkflowParts,
  agentIds: ReadonlySet<string> | undefined,
): Generator<Finding> {
  const { graph } = workflow;
  if (!graph) return;
  const outgoing = new Map<string, GraphEdge[]>();
  for (const edge of graph.value.edges) {
    outgoing.get(edge.from)?.push(edge) ?? outgoing.set(edge.from, [edge]);
  }
  for (const parts of workflow.nodes) {
    const { node, pointer, file, step } = parts;
    if (file === undefined && node.file !== "") {
      const message =
        `The node "${node.id}" names the file "${node.file}", which the package lacks`;
      yield finding("NODE_FILE_MISSING", graph.at(`${pointer}/file`), message);
    }
    if (node.agentId !== undefined && agentIds && !agentIds.has(node.agentId)) {
      const message =
        `The node "${node.id}" names the agent "${node.agentId}", which is not in agents.json`;
      yield finding("GRAPH_AGENT_UNKNOWN", graph.at(`${pointer}/agentId`), message);
    }
    if (!step) continue;
    yield* identityRules(parts, step.value, agentIds);
    yield* repetitionRules(parts, step.value);
    yield* transitionRules(parts, step.value, outgoing.get(node.id) ?? []);
    yield* checkRules(node, step);
    if (node.type === "step") yield* missingSections(step);
  }
}

function* identityRules(
  { node, step }: NodeParts,
  { nodeId, type, agentId }: StepFrontMatter,
  agentIds: ReadonlySet<string> | undefined,
): Generator<Finding> {
  if (!step) return;
  // A step with schema faults may lack the key; then the schema has said so.
  if (nodeId !== node.id && (step.isValid || nodeId !== "")) {
    const message =
      `The step file says nodeId "${nodeId}", but the node in the graph is "${node.id}"`;
    yield finding("STEP_NODE_ID_DIFFERS", step.at("/nodeId"), message);
  }
  if (type !== node.type && step.isValid) {
    const message =
      `The step file says type "${type}", but the node in the graph is of type "${node.type}"`;
    yield finding("STEP_TYPE_DIFFERS", step.at("/type"), message);
  }
  if (agentId !== undefined && agentIds && !agentIds.has(agentId)) {
    const message = `The step file names the agent "${agentId}", which is not in agents.json`;
    yield finding("STEP_AGENT_UNKNOWN", step.at("/agentId"), message);
  }
}

/** What both say has to agree; what only one says is no difference. */
function* repetitionRules({ node, step }: NodeParts, said: StepFrontMatter): Generator<Finding> {
  if (!step) return;
  for (const key of ["title", "agentId", "inputs", "outputs"] as const) {
    const [inStep, inGraph] = [said[key], node[key]];
    if (inStep === undefined || inGraph === undefined) continue;
    if (JSON.stringify(inStep) === JSON.stringify(inGraph)) continue;
    const message = `"${key}" is ${shown(inStep)} here, but ${shown(inGraph)} in the graph`;
    yield finding("STEP_DIFFERS_FROM_GRAPH", step.at(`/${key}`), message);
  }
}

function shown(value: string | readonly string[]): string {
  return typeof value === "string" ? `"${value}"` : `[${value.join(", ")}]`;
}

function* transitionRules(
  { node, step }: NodeParts,
  { transitions }: StepFrontMatter,
  edges: readonly GraphEdge[],
): Generator<Finding> {
  if (!step || !transitions) return;
  const code: FindingCode = "STEP_TRANSITIONS_DIFFER";
  const key = ({ to, label }: { to: string; label: string }) => `${to}\0${label}`;
  const edgeByKey = new Map(edges.map((edge) => [key(edge), edge]));
  for (const [index, transition] of transitions.entries()) {
    const edge = edgeByKey.get(key(transition));
    const name = `"${transition.label}" to "${transition.to}"`;
    if (!edge) {
      const message = `The graph has no edge ${name} that leaves "${node.id}"`;
      yield finding(code, step.at(`/transitions/${index}`), message);
    } else if ((transition.isDefault ?? false) !== (edge.isDefault ?? false)) {
      const message = `The transition ${name} is ${
        edge.isDefault ? "" : "not "
      }the default in the graph`;
      yield finding(code, step.at(`/transitions/${index}`), message);
    }
  }
  const listed = new Set(transitions.map(key));
  for (const edge of edges) {
    if (listed.has(key(edge))) continue;
    const message = `The edge "${edge.label}" to "${edge.to}" of the graph is missing here`;
    yield finding(code, step.at("/transitions"), message);
  }
}
