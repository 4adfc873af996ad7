// Step files as the builder writes them: a new one, and one that follows its node.
import { writeFrontMatter } from "../../schemas/front_matter.ts";
import type { GraphEdge, GraphNode, NodeType } from "../../schemas/package.ts";
import { isSameJson, type JsonObject } from "./json_document.ts";
import { type MarkdownFile, withBody, withFrontMatter } from "./markdown_file.ts";
import { sectionText } from "./plain_text.ts";
import { withSection } from "./sections.ts";
import { headingText } from "./steps_index.ts";

/** The keys of a step file in the order in which a careful author writes them. */
export const STEP_KEYS = [
  "schemaVersion",
  "nodeId",
  "type",
  "title",
  "agentId",
  "inputs",
  "outputs",
  "setsVariables",
  "transitions",
  "checks",
] as const;

/** The sections that the node form writes, in order. */
export const STEP_SECTIONS = ["Goal", "Instructions", "Completion"] as const;

/** One of `STEP_SECTIONS`. */
export type StepSection = typeof STEP_SECTIONS[number];

const FIRST_TEXTS: Readonly<Record<NodeType, readonly [string, string, string]>> = {
  step: [
    "Say here what this step achieves.",
    "1. Say here what the agent does, one thing a line.",
    "Say here how one sees that the step is done.",
  ],
  decision: [
    "Take the branch that fits.",
    "1. Look at what is known so far.\n2. Take the branch whose condition holds; when in doubt, the default one.",
    "The choice is made. Complete the node with the branch and the reason for it.",
  ],
  merge: [
    "The branches come together here.",
    "1. Look at what was done so far, and go on.",
    "Nothing is left to do. Complete the node.",
  ],
  end: [
    "The user knows where the result is.",
    "1. Say in one sentence what was made and where it is.",
    "Complete this node; the workflow is then finished.",
  ],
  subworkflow: [
    "The work of another workflow is done.",
    "1. The workflow that this node calls does the work; go on when it has ended.",
    "The called workflow has ended.",
  ],
};

/** What a section holds before its author has written anything. */
export function firstText(type: NodeType, section: StepSection): string {
  return FIRST_TEXTS[type][STEP_SECTIONS.indexOf(section)] ?? "";
}

/** A new step file for a node. */
export function newStepText(node: GraphNode, edges: readonly GraphEdge[]): string {
  const { id, type, title, agentId, inputs, outputs } = node;
  const frontMatter = {
    schemaVersion: "1.1",
    nodeId: id,
    type,
    ...(title !== undefined && { title }),
    ...(agentId !== undefined && { agentId }),
    ...(inputs !== undefined && { inputs }),
    ...(outputs !== undefined && { outputs }),
    transitions: transitionsOf(edges),
  };
  const sections = STEP_SECTIONS.map((name) => `## ${name}\n\n${firstText(type, name)}\n`);
  return writeFrontMatter(frontMatter, `\n# ${headingText(title ?? id)}\n\n${sections.join("\n")}`);
}

/** What `transitions` repeats of the edges that leave a node. */
export function transitionsOf(edges: readonly GraphEdge[]): JsonObject[] {
  return edges.map(({ to, label, isDefault, conditionText }) => ({
    to,
    label,
    ...(isDefault && { isDefault }),
    ...(conditionText !== undefined && { conditionText }),
  }));
}

/** The keys that node and step file both state. */
export const SHARED_KEYS = ["title", "agentId", "inputs", "outputs"] as const;

/** The step file with front matter that says what the graph says; `keys` are those that changed. */
export function followNode(
  file: MarkdownFile,
  node: GraphNode,
  { edges, keys }: { edges: readonly GraphEdge[]; keys: readonly string[] },
): MarkdownFile {
  const { data } = file.frontMatter;
  const changes = new Map<string, unknown>([["nodeId", node.id], ["type", node.type]]);
  for (const key of SHARED_KEYS) if (keys.includes(key)) changes.set(key, node[key]);
  const transitions = transitionsOf(edges);
  if (Object.hasOwn(data, "transitions") && !isSameTransitions(data.transitions, transitions)) {
    changes.set("transitions", transitions);
  }
  return withFrontMatter(file, Object.fromEntries(changes), STEP_KEYS);
}

/** Whether a list of transitions says the same, however it is written. */
function isSameTransitions(stated: unknown, transitions: readonly JsonObject[]): boolean {
  if (!Array.isArray(stated)) return false;
  const plain = (item: JsonObject) => {
    const { to, label, isDefault, conditionText } = item;
    return [to, label, isDefault === true, conditionText || undefined];
  };
  return isSameJson(stated.map((item) => plain(Object(item))), transitions.map(plain));
}

/** The step file with one section changed. */
export function withStepSection(file: MarkdownFile, name: StepSection, text: string): MarkdownFile {
  const change = {
    name,
    text: sectionText(text),
    isRequired: name !== "Completion",
    order: STEP_SECTIONS,
  };
  return withBody(file, withSection(file.frontMatter.body, change));
}

/** The step file whose first heading follows the title, if it was the title. */
export function withHeading(
  file: MarkdownFile,
  { from, to }: { from: string; to: string },
): MarkdownFile {
  const { body } = file.frontMatter;
  const heading = /^# +(.*?)[ \t#]*$/m.exec(body);
  if (!heading || heading[1] !== headingText(from)) return file;
  const end = heading.index + heading[0].length;
  return withBody(file, `${body.slice(0, heading.index)}# ${headingText(to)}${body.slice(end)}`);
}
