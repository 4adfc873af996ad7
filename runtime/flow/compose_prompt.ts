// What a model gets to read for one agent. The only prose for a model in the flow engine besides the
// descriptions of tools. Pure: the same facts make the same prompt, byte for byte.
import type { ChatMessage } from "../../schemas/conversation.ts";
import type { FlowAgent } from "./flow_source.ts";
import type { MemoryEntry } from "./memory.ts";

/** A text by its name. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** What an agent works on. */
export interface AgentFacts {
  /** Any JSON; a text as it is. */
  readonly input: unknown;
  /** A document that is missing, and may be, has an empty text. */
  readonly documents: readonly NamedText[];
  /** Results of agents before it, by agent. */
  readonly results: readonly NamedText[];
  /** Sorted by key. */
  readonly memory: readonly MemoryEntry[];
  /** What a caller adds beside the input; `undefined` for nothing. */
  readonly context: unknown;
}

/** An answer that begins with this line says what is missing. */
export const NEEDS_INPUT = "NEEDS_INPUT";

/** More memory than this is cut; the agent can look the rest up. */
const MAX_MEMORY_CHARS = 20_000;

/** The messages of an agent's first request. */
export function composePrompt(agent: FlowAgent, facts: AgentFacts): ChatMessage[] {
  return [
    { role: "system", content: systemText(agent) },
    { role: "user", content: userText(facts) },
  ];
}

function systemText(agent: FlowAgent): string {
  const parts = [
    agent.persona,
    agent.body,
    ...agent.tasks.map(({ name, text }) => section("task", name, text)),
    ...agent.checklists.map(({ name, text }) => section("checklist", name, text)),
    ...agent.templates.map(({ name, text }) => section("template", name, text)),
    rules(agent),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function rules(agent: FlowAgent): string {
  const lines = [
    "Answer with the finished work in Markdown and nothing else: your answer is stored and handed on as it is.",
    `If you cannot do the work because information is missing that nobody gave you, answer only with the line ${NEEDS_INPUT} and below it what is missing, one thing a line, each line beginning with "- ".`,
  ];
  if (agent.templates.length > 0) lines.push("Follow the template: keep its headings and order.");
  if (agent.checklists.length > 0) {
    lines.push(
      'Go through the checklist before you answer. End the answer with a fenced block "```checklist" that has one line for each item of all checklists, numbered in their order: "1. yes" or "2. no: the reason". The block is taken off.',
    );
  }
  return lines.join("\n");
}

function userText({ input, documents, results, memory, context }: AgentFacts): string {
  const parts = [
    section("input", undefined, textOf(input)),
    ...documents.map(({ name, text }) => section("document", name, text)),
    ...results.map(({ name, text }) => section("result", name, text)),
    ...(context === undefined ? [] : [section("context", undefined, textOf(context))]),
    ...(memory.length === 0 ? [] : [section("memory", undefined, memoryText(memory))]),
  ];
  return parts.join("\n\n");
}

function section(tag: string, name: string | undefined, text: string): string {
  const head = name === undefined ? tag : `${tag} name="${name}"`;
  return `<${head}>\n${text.trim()}\n</${tag}>`;
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value, null, 2);
}

function memoryText(entries: readonly MemoryEntry[]): string {
  const text = entries.map(({ key, value }) => `${key}: ${JSON.stringify(value)}`).join("\n");
  if (text.length <= MAX_MEMORY_CHARS) return text;
  return `${text.slice(0, MAX_MEMORY_CHARS)}\n… (${
    text.length - MAX_MEMORY_CHARS
  } more characters)`;
}
