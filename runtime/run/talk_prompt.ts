// What the engine says to a model in a chat or a script, besides what every prompt says (`prompt.ts`). Pure.
import type { ChatMessage } from "../../schemas/conversation.ts";
import type { Agent } from "../../schemas/package.ts";
import { describePersona } from "../package/describe_persona.ts";
import type { ToolPolicy } from "../tools/tool_host.ts";
import type { DataContext } from "./data_context.ts";
import { dataMessage, describePolicy, describeSkills, type SkillList } from "./prompt.ts";
import type { ScriptTalk } from "./talk.ts";

/** What a prompt of a talk is composed from. */
export interface TalkParts {
  readonly policy: ToolPolicy;
  readonly agent?: Agent;
  readonly skills?: SkillList;
  readonly intent: "start" | "continue" | "resume";
  readonly autopilot: boolean;
  /** What the user says now. */
  readonly words?: string;
}

const CHAT_RULES =
  `You talk with a user. Answer in your own words, as the persona below. These rules come before all others.

- You see two mounts: @project (the user's folder) and @pkg (the package you come from). You can read both and change nothing. Name files by their mount path, such as @project/README.md.
- Look things up with the tools before you claim anything about the user's files. Do not invent what a file says.
- If the user wants something written or changed, say that a chat cannot do it, and that your menu starts workflows that can.
- End your message when you have answered; the user speaks next.`;

const SCRIPT_RULES =
  `You carry out one piece of work for a user, with tools. These rules come before all others.

Files
- You see three mounts and nothing else: @project (the user's folder, read and write), @pkg (the package, read only), @state (the state of this run).
- Name files by their mount path, such as @project/artifacts/report.md. There are no other paths.
- New files go to @project/artifacts/ unless SCRIPT says otherwise.

The work
- SCRIPT says what is to be done. Do all of it.
- A file counts as made only when a tool has written it.
- If information is missing that only the user has, call ui_ask_user. Do not invent it.
- If a tool answers with an error, read its message: it says what to do instead.`;

/** The messages of a chat: who speaks and what it can do, then the user's words as they are. */
export function composeChat(parts: TalkParts): ChatMessage[] {
  const { policy, agent, skills, words, intent } = parts;
  const directive = { runType: "chat", intent, effectiveAgentId: agent?.id ?? null };
  const texts = [CHAT_RULES, describeReading(policy)];
  if (agent) texts.push(describePersona(agent));
  if (skills) texts.push(describeSkills(skills));
  texts.push(`RUN_DIRECTIVE\n${JSON.stringify(directive, null, 2)}`);
  const system = texts.map((content): ChatMessage => ({ role: "system", content }));
  return words === undefined ? system : [...system, { role: "user", content: words }];
}

/** The messages of a script: rules, tools and persona, then the work itself. */
export function composeScript(
  script: ScriptTalk,
  data: DataContext | undefined,
  parts: TalkParts,
): ChatMessage[] {
  const { policy, agent, skills, words, intent, autopilot } = parts;
  const texts = [SCRIPT_RULES, describePolicy(policy)];
  if (agent) texts.push(describePersona(agent));
  if (skills) texts.push(describeSkills(skills));
  const directive = {
    runType: "script",
    intent,
    state: "@state/workflow.md",
    artifactsRoot: "@project/artifacts",
    effectiveAgentId: agent?.id ?? null,
    autopilot,
  };
  const brief = {
    node: { id: script.runType, type: "end", title: script.title },
    ...(script.file !== undefined && { stepFile: script.file }),
    inputs: data ? [data.path] : [],
    outputs: [],
    allowedNext: [],
    howToFinish: HOW_TO_FINISH,
  };
  const user = [
    `RUN_DIRECTIVE\n${JSON.stringify(directive, null, 2)}`,
    `SCRIPT${script.file ? `\nfile: ${script.file}` : ""}\n\n${script.text}${restOf(script)}`,
    `NODE_BRIEF\n${JSON.stringify(brief, null, 2)}`,
  ];
  const messages = [
    ...texts.map((content): ChatMessage => ({ role: "system", content })),
    ...user.map((content): ChatMessage => ({ role: "user", content })),
  ];
  if (data) messages.push(dataMessage(data));
  if (words !== undefined) messages.push({ role: "user", content: `USER_INPUT\n\n${words}` });
  return messages;
}

const HOW_TO_FINISH =
  'When all that SCRIPT asks for is done, call state_complete_node with {"nodeId":"script"}. That ends the run.';

/** The one reminder after an answer of a script that called no tool. */
export const SCRIPT_NUDGE =
  `Your last message called no tool. If something is left to do, do it now. If you need something from the user, call ui_ask_user. ${HOW_TO_FINISH}`;

function restOf({ file, isCut }: ScriptTalk): string {
  return isCut ? `\n\n[… the rest is in ${file}; read it before you begin …]` : "";
}

function describeReading({ fsEnabled, csvEnabled, jsEnabled, maxReadBytes }: ToolPolicy): string {
  const lines = [
    fsEnabled
      ? `- One read returns at most ${maxReadBytes} bytes; search a larger file and read a window of lines.`
      : "",
    fsEnabled && csvEnabled ? "- csv_read reads a CSV file as a table; prefer it to fs_read." : "",
    jsEnabled ? "- js_run calculates; use it for every sum, average or count." : "",
  ].filter(Boolean);
  return lines.length > 0 ? ["Tools:", ...lines].join("\n") : "Tools: none.";
}
