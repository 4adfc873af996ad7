// All prose the engine says to a model, besides the tools' descriptions. Pure: data in, messages out.
import type { ChatMessage } from "../../schemas/conversation.ts";
import type { Agent, NodeType } from "../../schemas/package.ts";
import { describePersona } from "../package/describe_persona.ts";
import type { StateEditChange } from "../../schemas/run_event.ts";
import type { AllowedNext } from "../state/guard.ts";
import type { ToolPolicy } from "../tools/tool_host.ts";
import type { DataContext } from "./data_context.ts";

/** What the model is told about the run as a whole. */
export interface RunDirective {
  readonly runType: "workflow";
  readonly intent: "start" | "continue" | "resume";
  readonly workflow: { readonly id: string; readonly file: string };
  readonly state: string;
  readonly graph: string;
  readonly artifactsRoot: string;
  readonly currentNodeId: string;
  readonly effectiveAgentId: string | null;
  readonly autopilot: boolean;
}

/** What the model is told about the current node. Paths are mount paths. */
export interface NodeBrief {
  readonly node: { readonly id: string; readonly type: NodeType; readonly title?: string };
  readonly stepFile: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly setsVariables?: readonly string[];
  /** What outputs and variables are tested for when the node is finished, in words. */
  readonly checks?: readonly string[];
  readonly allowedNext: readonly AllowedNext[];
}

/** What survives from node to node when each begins a fresh conversation. */
export interface StateSummary {
  readonly variables: Readonly<Record<string, unknown>>;
  readonly stepsCompleted: readonly string[];
  readonly artifacts: readonly string[];
}

/** What the model is told of an agent's skills before it takes one up. */
export interface SkillList {
  readonly skills: readonly { readonly name: string; readonly description: string }[];
  /** Names of those that were taken up in this visit of the node, and what that means for tools. */
  readonly active: { readonly names: readonly string[]; readonly allowed: string };
}

/** Everything a prompt is composed from. */
export interface PromptParts {
  readonly policy: ToolPolicy;
  readonly agent?: Agent;
  /** The agent's skills; absent where it has none. */
  readonly skills?: SkillList;
  readonly directive: RunDirective;
  readonly brief: NodeBrief;
  readonly summary: StateSummary;
  /** What a menu item loaded before the start. */
  readonly data?: DataContext | undefined;
  /** What a person changed in the state document since the model was last told. */
  readonly personChanges?: readonly StateEditChange[];
  readonly userInput?: { readonly forNodeId: string; readonly text: string };
}

const BASE_RULES =
  `You carry out one node of a workflow at a time, with tools. These rules come before all others.

Files
- You see three mounts and nothing else: @project (the user's folder, read and write), @pkg (the workflow package, read only), @state (the state of this run).
- Name files by their mount path, such as @project/artifacts/report.md. There are no other paths.
- New files go to @project/artifacts/ unless the step says otherwise.

The workflow
- NODE_BRIEF names the current node and the transitions it allows. The graph decides; you cannot jump to any other node.
- Begin by reading the node's step file. Do what its instructions say, all of it, and nothing of a later node.
- Work with the tools: a file counts as made only when a tool has written it, and a step counts as done only when state_complete_node has succeeded.
- Finish the node with one call of state_complete_node as the last call of your message. The next node's brief follows by itself.
- If information is missing that only the user has, call ui_ask_user. Do not invent it.
- If a tool answers with an error, read its message: it says what to do instead.
- The documents hold the state. What you do not write to a file, to a variable or to the decision log is forgotten when the node ends.`;

/** The messages that open a node: system rules, tool policy and persona, then directive and brief. */
export function composePrompt(parts: PromptParts): ChatMessage[] {
  const messages = composeSystem(parts);
  messages.push({ role: "user", content: section("RUN_DIRECTIVE", parts.directive) });
  const template = parts.agent?.userPromptTemplate;
  if (template) {
    messages.push({ role: "user", content: fillTemplate(template, parts.summary.variables) });
  }
  const brief = { ...parts.brief, howToFinish: howToFinish(parts.brief) };
  messages.push({ role: "user", content: section("NODE_BRIEF", brief) });
  messages.push({ role: "user", content: section("STATE_SUMMARY", parts.summary) });
  if (parts.data) messages.push(dataMessage(parts.data));
  if (parts.personChanges) messages.push(personChangesMessage(parts.personChanges));
  if (parts.userInput) messages.push(userInputMessage(parts.userInput));
  return messages;
}

/** A person's edit of the state document, which the model has not seen being made. */
function personChangesMessage(changes: readonly StateEditChange[]): ChatMessage {
  const content = `${section("STATE_EDITED_BY_PERSON", changes)}

While the run had stopped, a person changed these values of the state document. What is written there now holds, whatever was said before.`;
  return { role: "user", content };
}

/** The system messages alone: rules, tools, persona, skills. What the builder shows of an agent. */
export function composeSystem(
  { policy, agent, skills }: Pick<PromptParts, "policy" | "agent" | "skills">,
): ChatMessage[] {
  const texts = [BASE_RULES, describePolicy(policy)];
  if (agent) texts.push(describePersona(agent));
  if (skills) texts.push(describeSkills(skills));
  return texts.map((content) => ({ role: "system", content }));
}

/** A file that was loaded before the start; what was left out of it is in its path. */
export function dataMessage(data: DataContext): ChatMessage {
  return { role: "user", content: section("DATA_CONTEXT", data) };
}

/** The user's words, untouched, with the node they were meant for. */
export function userInputMessage(input: { forNodeId: string; text: string }): ChatMessage {
  return { role: "user", content: `USER_INPUT\nforNodeId: ${input.forNodeId}\n\n${input.text}` };
}

/** The one reminder after an answer that finished nothing. */
export function nudge(brief: NodeBrief): string {
  return `Node "${brief.node.id}" is not finished: your last message called no tool. Go on with its instructions now. ${
    howToFinish(brief)
  } If you need something from the user, call ui_ask_user.`;
}

/** What the tools of a prompt are bound by. */
export function describePolicy(policy: ToolPolicy): string {
  const lines = switchedOn(policy);
  if (policy.fsEnabled) return ["Tools:", ...lines].join("\n");
  const off = "Tools: the file tools are switched off for you.";
  if (lines.length === 0) return `${off} Work with ui_ask_user and state_complete_node.`;
  return [`${off} Besides ui_ask_user and state_complete_node there are:`, ...lines].join("\n");
}

function switchedOn(policy: ToolPolicy): string[] {
  const { fsEnabled, csvEnabled, jsEnabled, mcpEnabled } = policy;
  return [
    ...(fsEnabled ? fileLines(policy) : []),
    fsEnabled && csvEnabled
      ? "- csv_read reads a CSV file as a table; prefer it to fs_read for such files."
      : "",
    jsEnabled ? "- js_run calculates; use it for every sum, average or count." : "",
    terminalLine(policy),
    mcpEnabled ? "- Tools whose name begins with mcp__ belong to outside servers." : "",
  ].filter(Boolean);
}

function fileLines({ maxReadBytes, maxWriteBytes }: ToolPolicy): string[] {
  return [
    `- One read returns at most ${maxReadBytes} bytes; search a larger file and read a window of lines.`,
    `- One write takes at most ${maxWriteBytes} bytes.`,
    "- Pass the sha256 of your last read as ifMatchSha256 when you change a file that others may change.",
  ];
}

function terminalLine({ terminalEnabled, terminalAllow = [] }: ToolPolicy): string {
  if (!terminalEnabled) return "";
  const which = terminalAllow === null
    ? "any program"
    : terminalAllow.length === 0
    ? "no program, since none is named for you"
    : `commands that begin with: ${terminalAllow.join("; ")}`;
  return `- terminal_run runs ${which}. The user is asked before each.`;
}

/** The skills of an agent, in words. */
export function describeSkills({ skills, active }: SkillList): string {
  const lines = [
    "Skills",
    "A skill is a set of instructions for one kind of work. These are yours, by name and what they are for:",
    ...skills.map(({ name, description }) => `- ${name}: ${inOneLine(description)}`),
    "If one fits what the step asks for, call skill_activate with its name before you begin that work, and follow what it answers. A skill stays active until the node ends.",
  ];
  if (active.names.length > 0) {
    lines.push(`Active now: ${active.names.join(", ")}. ${active.allowed}`);
  }
  return lines.join("\n");
}

/** A description that breaks the line could pass for a section of the prompt. */
function inOneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, " ").trim();
}

function howToFinish(brief: NodeBrief): string {
  if (!brief.checks?.length) return finishCall(brief);
  return `Finishing is refused until every line of checks holds; patterns are RE2, with ^ and $ at the ends of each line. ${
    finishCall(brief)
  }`;
}

function finishCall({ node, allowedNext }: NodeBrief): string {
  if (node.type === "end") {
    return `When everything is done, call state_complete_node with {"nodeId":"${node.id}"}. That completes the workflow.`;
  }
  const [first] = allowedNext;
  if (allowedNext.length === 1 && first) {
    return `When everything is done, call state_complete_node with {"nodeId":"${node.id}","next":"${first.to}"}.`;
  }
  return `Choose one of allowedNext, by the conditions and the facts; the default if none fits. Then call state_complete_node with {"nodeId":"${node.id}","next":"<to>","decision":{"label":"<its label>","reason":"<why>"}}.`;
}

/** `{{name}}` replaced by the variable's value; an unknown name stays as it is. */
export function fillTemplate(
  template: string,
  variables: Readonly<Record<string, unknown>>,
): string {
  return template.replace(/\{\{\s*([\w.-]+)\s*\}\}/g, (whole, name: string) => {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value === undefined) return whole;
    return typeof value === "string" ? value : JSON.stringify(value);
  });
}

function section(title: string, content: unknown): string {
  return `${title}\n${JSON.stringify(content, null, 2)}`;
}
