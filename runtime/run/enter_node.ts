// Opening a node: the event, the persona, the prompt; and the same again on resume and after input.
import type { GraphNode } from "../../schemas/package.ts";
import { allowedTransitions } from "../state/guard.ts";
import { declaredPaths } from "../state/outputs.ts";
import { noteEvidence } from "./evidence.ts";
import { composePrompt, type NodeBrief, type RunDirective, type StateSummary } from "./prompt.ts";
import { effectiveAgent, offerAt, type Session } from "./session.ts";

/** Begins a visit: logs it and composes the prompt, fresh unless the run keeps one conversation. */
export function enterNode(session: Session, node: GraphNode): void {
  const { recorder, run } = session;
  const first = recorder.conversation().messages.length === 0;
  announceNode(session, node);
  const input = first ? run.record.input : undefined;
  if (input !== undefined) recorder.emit({ type: "user_input", forNodeId: node.id, text: input });
  emitPrompt(session, node, {
    reason: first ? "start" : "node",
    fresh: first || run.record.options.context === "node",
    intent: first ? "start" : "continue",
    ...(input !== undefined && { input }),
  });
}

/** Logs that a visit begins, and forgets the evidence of the one before. */
export function announceNode({ recorder, workflow, run }: Session, node: GraphNode): void {
  const agentId = node.agentId ?? run.record.agentId;
  recorder.place = { nodeId: node.id };
  recorder.emit({
    type: "node_entered",
    node: {
      id: node.id,
      type: node.type,
      ...(node.title !== undefined && { title: node.title }),
    },
    workflowId: workflow.workflow.id,
    ...(agentId !== undefined && node.type !== "subworkflow" && { agentId }),
    depth: workflow.depth,
  });
  workflow.state.beginVisit();
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
  const { openNode, finished } = recorder.conversation();
  if (openNode === null) return;
  const position = workflow.state.position();
  recorder.place = { nodeId: openNode.nodeId };
  const stillOpen = openNode.workflowId === workflow.workflow.id &&
    openNode.nodeId === position.nodeId && !position.completed;
  if (!stillOpen) recorder.emit({ type: "node_completed", next: position.nodeId });
  else for (const { tool, result } of finished) noteEvidence(workflow.state, tool, result);
}

/** The brief of a node by the present state. */
export function nodeBrief(session: Session, node: GraphNode): NodeBrief {
  const { workflow } = session.workflow;
  const step = session.workflow.stepFrontMatter(node.id);
  const { variables } = summaryOf(session);
  return {
    node: { id: node.id, type: node.type, ...(node.title !== undefined && { title: node.title }) },
    stepFile: `@pkg/${workflow.nodeFiles.get(node.id)}`,
    inputs: declaredPaths([...node.inputs ?? [], ...step.inputs ?? []], variables),
    outputs: declaredPaths([...node.outputs ?? [], ...step.outputs ?? []], variables),
    ...(step.setsVariables?.length && { setsVariables: step.setsVariables }),
    allowedNext: allowedTransitions(workflow.graph, node.id, variables),
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
    policy: offerAt(session, node).policy,
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
  const { workflow } = session.workflow;
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
  const { variables = {}, stepsCompleted, artifacts = [] } = session.workflow.state.state;
  return { variables, stepsCompleted, artifacts };
}
