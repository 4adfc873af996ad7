// Opening a node: the event, the persona, the prompt; and the same again on resume and after input.
import type { GraphNode } from "../../schemas/package.ts";
import { outgoingEdges } from "../../schemas/graph.ts";
import { evaluateCondition } from "../state/condition.ts";
import { declaredPaths } from "../state/outputs.ts";
import {
  type AllowedNext,
  composePrompt,
  type NodeBrief,
  type RunDirective,
  type StateSummary,
} from "./prompt.ts";
import { effectiveAgent, effectivePolicy, type Session } from "./session.ts";

/** Begins a visit: logs it and composes the prompt, fresh unless the run keeps one conversation. */
export function enterNode(session: Session, node: GraphNode): void {
  const { recorder, workflow, run } = session;
  const first = recorder.conversation().messages.length === 0;
  const agent = effectiveAgent(session, node);
  recorder.place = { nodeId: node.id };
  recorder.emit({
    type: "node_entered",
    node: {
      id: node.id,
      type: node.type,
      ...(node.title !== undefined && { title: node.title }),
    },
    workflowId: workflow.active.workflow.id,
    ...(agent && { agentId: agent.id }),
    depth: workflow.depth,
  });
  workflow.document.visit(node.id);
  const input = first ? run.record.input : undefined;
  if (input !== undefined) recorder.emit({ type: "user_input", forNodeId: node.id, text: input });
  emitPrompt(session, node, {
    reason: first ? "start" : "node",
    fresh: first || run.record.options.context === "node",
    intent: first ? "start" : "continue",
    ...(input !== undefined && { input }),
  });
}

/** Tells the model what the user said at this node, with directive and brief once more. */
export function tellUserInput(session: Session, node: GraphNode, text: string): void {
  session.recorder.emit({ type: "user_input", forNodeId: node.id, text });
  emitPrompt(session, node, { reason: "input", fresh: false, intent: "continue", input: text });
}

/** After a resume: directive and brief once more, behind the results of whatever was still open. */
export function tellResumed(session: Session, node: GraphNode): void {
  emitPrompt(session, node, { reason: "resume", fresh: false, intent: "resume" });
}

/**
 * Brings log and state together after a stop. The state document decides: a visit that it shows as
 * left is closed; one that is still open goes on with its conversation and its evidence.
 */
export function reconcile(session: Session): void {
  const { recorder, workflow } = session;
  const { openNode, touched } = recorder.conversation();
  if (openNode === null) return;
  const position = workflow.position();
  recorder.place = { nodeId: openNode.nodeId };
  const stillOpen = openNode.workflowId === workflow.active.workflow.id &&
    openNode.nodeId === position.nodeId && !position.completed;
  if (stillOpen) workflow.document.visit(openNode.nodeId, touched);
  else recorder.emit({ type: "node_completed", next: position.nodeId });
}

/** The brief of a node by the present state. */
export function nodeBrief(session: Session, node: GraphNode): NodeBrief {
  const { workflow, step } = stepOf(session, node);
  const { variables } = summaryOf(session);
  return {
    node: { id: node.id, type: node.type, ...(node.title !== undefined && { title: node.title }) },
    stepFile: `@pkg/${workflow.nodeFiles.get(node.id)}`,
    inputs: declaredPaths([...node.inputs ?? [], ...step.inputs ?? []], variables),
    outputs: declaredPaths([...node.outputs ?? [], ...step.outputs ?? []], variables),
    ...(step.setsVariables?.length && { setsVariables: step.setsVariables }),
    allowedNext: outgoingEdges(workflow.graph, node.id).map((edge): AllowedNext => ({
      to: edge.to,
      label: edge.label,
      isDefault: edge.isDefault ?? false,
      ...(edge.conditionText && { conditionText: edge.conditionText }),
      ...(edge.conditionExpr && { conditionNow: evaluateCondition(edge.conditionExpr, variables) }),
    })),
  };
}

interface PromptReason {
  readonly reason: "start" | "node" | "resume" | "input";
  readonly fresh: boolean;
  readonly intent: RunDirective["intent"];
  readonly input?: string;
}

function emitPrompt(session: Session, node: GraphNode, why: PromptReason): void {
  const agent = effectiveAgent(session, node);
  const messages = composePrompt({
    policy: effectivePolicy(session, node),
    ...(agent && { agent }),
    directive: runDirective(session, node, why.intent),
    brief: nodeBrief(session, node),
    summary: summaryOf(session),
    ...(why.input !== undefined && { userInput: { forNodeId: node.id, text: why.input } }),
  });
  const { reason, fresh } = why;
  session.recorder.emit({ type: "prompt_composed", reason, fresh, messages });
}

function runDirective(
  session: Session,
  node: GraphNode,
  intent: RunDirective["intent"],
): RunDirective {
  const { workflow } = session.workflow.active;
  return {
    runType: "workflow",
    intent,
    workflow: { id: workflow.id, file: `@pkg/${workflow.documentPath}` },
    state: session.workflow.document.path,
    graph: `@pkg/${workflow.graphPath}`,
    artifactsRoot: "@project/artifacts",
    currentNodeId: node.id,
    effectiveAgentId: effectiveAgent(session, node)?.id ?? null,
    autopilot: session.run.record.options.allowAll,
  };
}

function summaryOf(session: Session): StateSummary {
  const { variables = {}, stepsCompleted, artifacts = [] } = session.workflow.frontMatter();
  return { variables, stepsCompleted, artifacts };
}

function stepOf(session: Session, node: GraphNode) {
  const { workflow } = session.workflow.active;
  return { workflow, step: session.workflow.stepFrontMatter(node.id) };
}
