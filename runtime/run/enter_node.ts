// Opening a node: the event, the persona, the prompt; and the same again on resume and after input.
import type { ChatMessage } from "../../schemas/conversation.ts";
import type { GraphNode } from "../../schemas/package.ts";
import { type ToolFailure, toolFailure } from "../../schemas/tool.ts";
import { toToolName } from "../../schemas/tool_names.ts";
import { allowedTransitions } from "../state/guard.ts";
import { describeChecks } from "../state/check_words.ts";
import { readChecks } from "../state/checks.ts";
import { declaredPaths } from "../state/outputs.ts";
import { SYSTEM_POLICY } from "../tools/policy.ts";
import { STATE_PATH } from "../state/state_document.ts";
import { allowedSentence } from "./active_skills.ts";
import { noteEvidence } from "./evidence.ts";
import { interruptedAs } from "./interrupted_call.ts";
import {
  composePrompt,
  type NodeBrief,
  type PromptParts,
  type RunDirective,
  type SkillList,
  type StateSummary,
} from "./prompt.ts";
import { effectiveAgent, offerAt, type Session, skillsAt } from "./session.ts";
import { storeSnapshot } from "./snapshot.ts";
import { composeChat, composeScript } from "./talk_prompt.ts";
import type { WaitingWords } from "./waiting_words.ts";

/** Begins a visit: logs it and composes the prompt, fresh unless the run keeps one conversation. */
export function enterNode(session: Session, node: GraphNode): void {
  announceNode(session, node);
  promptVisit(session, node);
}

/** Composes the first prompt of a visit; a stop between this and the visit's event makes it due again. */
export function promptVisit(session: Session, node: GraphNode): void {
  const { recorder, run } = session;
  const first = recorder.conversation().messages.length === 0;
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
    snapshot: storeSnapshot(run.folder),
  });
  workflow.state.beginVisit();
}

/** Tells the model what the user said at this node, with directive and brief once more. */
export function tellUserInput(session: Session, node: GraphNode, text: string): void {
  session.recorder.emit({ type: "user_input", forNodeId: node.id, text });
  emitPrompt(session, node, { reason: "input", fresh: false, intent: "continue", input: text });
}

/** `tellUserInput` of words that waited for the run; the event says that they were read. */
export function tellWords(
  session: Session,
  node: GraphNode,
  { text, inputId }: WaitingWords,
): void {
  session.recorder.emit({ type: "user_input", forNodeId: node.id, text, inputId });
  emitPrompt(session, node, { reason: "input", fresh: false, intent: "continue", input: text });
}

/** After a resume: directive and brief once more, behind the results of whatever was still open. */
export function tellResumed(session: Session, node: GraphNode): void {
  emitPrompt(session, node, { reason: "resume", fresh: false, intent: "resume" });
}

/**
 * Brings log and state together after a stop. The state document decides: a visit that it shows as
 * left is closed, and its open calls are answered; one that is still open goes on with its
 * conversation and its evidence.
 */
export function reconcile(session: Session): void {
  const { recorder, workflow } = session;
  const { openNode, finished } = recorder.conversation();
  if (openNode === null) return answerPending(session);
  const position = workflow.state.position();
  recorder.place = { nodeId: openNode.nodeId };
  const stillOpen = openNode.workflowId === workflow.workflow.id &&
    openNode.nodeId === position.nodeId && !position.completed;
  if (stillOpen) {
    for (const { tool, result } of finished) noteEvidence(workflow.state, tool, result);
  } else closeVisit(session, position.nodeId);
}

function closeVisit(session: Session, next: string): void {
  const { recorder } = session;
  recorder.emit({ type: "node_completed", next });
  answerPending(session);
}

/** Every call has its result, also those of a visit that is over. */
function answerPending({ recorder, host }: Session): void {
  const { pending } = recorder.conversation();
  const policy = { ...SYSTEM_POLICY, mcpEnabled: true, skillsEnabled: true };
  const tools = host.definitions(policy).map(({ name }) => name);
  for (const { call, begun } of pending) {
    const callId = call.id;
    const tool = toToolName(call.name, tools) ?? call.name;
    if (!begun) recorder.emit({ type: "tool_call", callId, tool, arguments: {} });
    // The call that had begun is the one that left the node; those behind it never ran.
    const result = begun ? interruptedAs("done") : leftBefore();
    recorder.emit({ type: "tool_result", callId, tool, result, durationMs: 0 });
  }
}

function leftBefore(): ToolFailure {
  return toolFailure("E_NODE_CHANGED", "The node was finished before this call, so it was not run");
}

/** The brief of a node by the present state. */
export function nodeBrief(session: Session, node: GraphNode): NodeBrief {
  const { workflow } = session.workflow;
  const step = session.workflow.stepFrontMatter(node.id);
  const { variables = {} } = session.workflow.state.state;
  const checks = describeChecks(readChecks(step), variables);
  return {
    node: { id: node.id, type: node.type, ...(node.title !== undefined && { title: node.title }) },
    stepFile: `@pkg/${workflow.nodeFiles.get(node.id)}`,
    inputs: declaredPaths([...node.inputs ?? [], ...step.inputs ?? []], variables),
    outputs: declaredPaths([...node.outputs ?? [], ...step.outputs ?? []], variables),
    ...(step.setsVariables?.length && { setsVariables: step.setsVariables }),
    ...(checks.length > 0 && { checks }),
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
  const { reason, fresh } = why;
  const messages = messagesOf(session, node, why);
  session.recorder.emit({ type: "prompt_composed", reason, fresh, messages });
}

function messagesOf(session: Session, node: GraphNode, why: PromptReason): ChatMessage[] {
  const { talk, data, options } = session.run.record;
  const agent = effectiveAgent(session, node);
  const skills = skillList(session, node);
  const { policy } = offerAt(session, node);
  const speaker = { policy, ...(agent && { agent }), ...(skills && { skills }) };
  if (talk) {
    const { intent, input } = why;
    const told = input === undefined ? {} : { words: input };
    const parts = { ...speaker, intent, autopilot: options.allowAll, ...told };
    return talk.runType === "chat" ? composeChat(parts) : composeScript(talk, data, parts);
  }
  return composePrompt({
    ...speaker,
    data,
    directive: runDirective(session, node, why.intent),
    brief: nodeBrief(session, node),
    summary: summaryOf(session),
    ...personChangesOf(session),
    ...(why.input !== undefined && { userInput: { forNodeId: node.id, text: why.input } }),
  });
}

/** Values that are too long for a prompt begin there, as in the summary. */
function personChangesOf({ recorder }: Session): Pick<PromptParts, "personChanges"> {
  const { personChanges } = recorder.conversation();
  if (personChanges.length === 0) return {};
  return {
    personChanges: personChanges.map(({ path, ...values }) => ({ path, ...previewOf(values) })),
  };
}

/** Missing where the agent has no skill, or a person's rules deny `skill.activate`. */
function skillList(session: Session, node: GraphNode): SkillList | undefined {
  if (!offerAt(session, node).names.includes("skill.activate")) return undefined;
  const active = session.recorder.conversation().activeSkills;
  return {
    skills: skillsAt(session, node),
    active: { names: active.map(({ name }) => name), allowed: allowedSentence(active) },
  };
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
  return { variables: previewOf(variables), stepsCompleted, artifacts };
}

/** Characters of one variable, and of all, that are repeated in every prompt. */
const MOST_OF_ONE = 4000;
const MOST_OF_ALL = 16_000;

/** Variables that are too long for a prompt begin there; the state document has them whole. */
function previewOf(variables: Readonly<Record<string, unknown>>): Record<string, unknown> {
  let room = MOST_OF_ALL;
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => {
      const text = typeof value === "string" ? value : JSON.stringify(value);
      const most = Math.max(0, Math.min(MOST_OF_ONE, room));
      room -= Math.min(text.length, most);
      if (text.length <= most) return [name, value];
      const rest = `[… ${text.length} characters; the whole is in ${STATE_PATH}]`;
      return [name, `${text.slice(0, most)}${rest}`];
    }),
  );
}
