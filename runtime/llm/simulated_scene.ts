// What a simulation sees: the latest NODE_BRIEF of a conversation and what was called since.
import type { ChatMessage } from "../../schemas/conversation.ts";
import { asMap, type JsonMap, parseJson } from "./json_map.ts";
import { parseArguments } from "./repair.ts";

/** One way out of the node. */
export interface BriefedEdge {
  readonly to: string;
  readonly label: string;
  readonly isDefault: boolean;
  readonly conditionNow?: unknown;
}

/** The NODE_BRIEF, as far as a simulation needs it; what it lacks is empty. */
export interface BriefedNode {
  readonly id: string;
  readonly title: string;
  readonly stepFile: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly setsVariables: readonly string[];
  readonly asksUser: boolean;
  readonly allowedNext: readonly BriefedEdge[];
}

/** A call since the brief. `result` is what its tool message says, `{}` if there is none. */
export interface PastCall {
  readonly name: string;
  readonly args: JsonMap;
  readonly result: JsonMap;
}

/** Where the simulation stands. */
export interface Scene {
  /** By the RUN_DIRECTIVE before the brief; empty if there is none. */
  readonly workflowId: string;
  readonly node: BriefedNode;
  readonly calls: readonly PastCall[];
  /** Those of them since the run was last taken up: what failed before may succeed now. */
  readonly recent: readonly PastCall[];
}

/** The line that begins a brief; a template of the agent may stand before it. */
const HEADING = /(?:^|\n)NODE_BRIEF[ \t]*\r?\n/g;
const DIRECTIVE = "RUN_DIRECTIVE\n";

/** The scene of a conversation, or `null` if no message holds a brief. */
export function readScene(messages: readonly ChatMessage[]): Scene | null {
  for (let index = messages.length - 1; index >= 0; index -= 1) {
    const message = messages[index];
    if (message?.role !== "user" || message.content.startsWith("USER_INPUT")) continue;
    const node = readBrief(message.content);
    if (!node) continue;
    const calls = readCalls(messages.slice(visitStart(messages, index)));
    const recent = readCalls(messages.slice(index + 1));
    return { workflowId: readWorkflowId(messages.slice(0, index)), node, calls, recent };
  }
  return null;
}

function readWorkflowId(messages: readonly ChatMessage[]): string {
  const directive = messages.findLast(({ role, content }) =>
    role === "user" && content.startsWith(DIRECTIVE)
  );
  const { workflow } = asMap(parseJson(directive?.content.slice(DIRECTIVE.length) ?? ""));
  const { id } = asMap(workflow);
  return typeof id === "string" ? id : "";
}

/** A resumed visit began at an earlier brief; its calls still count. */
function visitStart(messages: readonly ChatMessage[], briefIndex: number): number {
  const isResumed = /"intent": ?"resume"/.test(messages[briefIndex - 1]?.content ?? "");
  if (!isResumed) return briefIndex + 1;
  const earlier = messages.findLastIndex(({ role, content }, index) =>
    index < briefIndex && role === "user" && content.startsWith("NODE_BRIEF")
  );
  return earlier < 0 ? briefIndex + 1 : visitStart(messages, earlier);
}

function readBrief(text: string): BriefedNode | null {
  const heading = [...text.matchAll(HEADING)].at(-1);
  if (!heading) return null;
  const brief = asMap(parseJson(text.slice(heading.index + heading[0].length)));
  const { id, title } = asMap(brief.node);
  if (typeof id !== "string") return null;
  return {
    id,
    title: typeof title === "string" ? title : id,
    stepFile: String(brief.stepFile ?? ""),
    inputs: strings(brief.inputs),
    outputs: strings(brief.outputs),
    setsVariables: strings(brief.setsVariables),
    asksUser: brief.asksUser === true,
    allowedNext: readEdges(brief.allowedNext),
  };
}

/** The edges of a list, in a brief or in the details of `E_INVALID_TRANSITION`. */
export function readEdges(value: unknown): BriefedEdge[] {
  return (Array.isArray(value) ? value : []).map(asMap).map((edge) => ({
    to: String(edge.to),
    label: String(edge.label),
    isDefault: edge.isDefault === true,
    conditionNow: edge.conditionNow,
  }));
}

function readCalls(messages: readonly ChatMessage[]): PastCall[] {
  const results = new Map<string, JsonMap>();
  for (const message of messages) {
    if (message.role === "tool") results.set(message.callId, asMap(parseJson(message.content)));
  }
  return messages.flatMap((message) =>
    (message.role === "assistant" ? message.toolCalls ?? [] : []).map((call) => {
      const parsed = parseArguments(call.arguments);
      return {
        name: call.name,
        args: parsed.ok ? parsed.args : {},
        result: results.get(call.id) ?? {},
      };
    })
  );
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
