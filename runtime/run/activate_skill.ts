// `skill.activate`: answers a skill's instructions and files. That it is active from then on follows from
// the logged answer (`active_skills.ts`).
import type { GraphNode } from "../../schemas/package.ts";
import { toolsMeant } from "../../schemas/skill.ts";
import { toWireName } from "../../schemas/tool_names.ts";
import { toolFailure, type ToolResult } from "../../schemas/tool.ts";
import type { Skill } from "../package/skills.ts";
import { type RawArguments, readArguments } from "../tools/arguments.ts";
import { definitionOf } from "../tools/definitions.ts";
import { TextWindow } from "../tools/text_window.ts";
import { type ActiveSkill, allowedSentence, toolsLeft, withActivation } from "./active_skills.ts";
import { offerAt, type Session, skillsAt } from "./session.ts";

/** More files than these are left out, and the answer says so. */
const MAX_FILES = 200;

/**
 * Activates a skill of the node's agent. An unknown name is `E_TOOL_ARGS`; a skill that together with
 * those active would leave no tool to work with is `E_PRECONDITION_FAILED`.
 */
export function activateSkill(session: Session, node: GraphNode, args: RawArguments): ToolResult {
  const read = readArguments(definitionOf("skill.activate"), args);
  if (!read.ok) return read;
  const skills = skillsAt(session, node);
  const wanted = String(read.values.name).trim();
  const skill = skills.find(({ name }) => name === wanted) ??
    skills.find(({ name }) => name === wanted.toLowerCase());
  if (!skill) {
    const names = skills.map(({ name }) => name).join(", ");
    const shown = JSON.stringify(wanted.slice(0, 80));
    return toolFailure("E_TOOL_ARGS", `There is no skill ${shown} here. Your skills are: ${names}`);
  }
  const { policy, names } = offerAt(session, node);
  const before = session.recorder.conversation().activeSkills;
  const answer = describe(skill, { names, ...policy });
  const active = withActivation(before, { tool: "skill.activate", result: answer });
  return conflict(before, active, skill.name) ??
    { ...answer, note: `${answer.note} ${allowedSentence(active)}` };
}

interface AnswerBounds {
  /** All that the agent may call, dotted. */
  readonly names: readonly string[];
  readonly fsEnabled: boolean;
  readonly maxReadBytes: number;
}

function describe(skill: Skill, { names, fsEnabled, maxReadBytes }: AnswerBounds) {
  const folder = `@pkg/${skill.folder}`;
  const { allowedTools } = skill;
  const allowed = allowedTools &&
    names.filter((tool) => allowedTools.some((name) => toolsMeant(name, [tool]).length > 0));
  const files = skill.files.map(({ path, bytes }) => ({ path: `@pkg/${path}`, bytes }));
  return {
    ok: true as const,
    skill: skill.name,
    folder,
    ...instructions(skill, folder, maxReadBytes),
    ...(fsEnabled && { files: files.slice(0, MAX_FILES) }),
    ...(fsEnabled && files.length > MAX_FILES && { moreFiles: files.length - MAX_FILES }),
    ...(allowed && { allowedTools: allowed.map(toWireName) }),
    note: fsEnabled
      ? `Paths in the content are relative to ${folder}; read a file with fs_read when you need it.`
      : "The file tools are switched off for you, so the skill's other files cannot be read.",
  };
}

function instructions(skill: Skill, folder: string, maxBytes: number) {
  const text = new TextWindow({ maxBytes });
  text.push(new TextEncoder().encode(skill.body));
  const { text: content, truncated } = text.finish();
  if (!truncated) return { content };
  const hint =
    `The instructions are over the read limit; this is their beginning. Read the rest of ${folder}/SKILL.md with startLine and endLine`;
  return { truncated, contentPreview: content, hint };
}

function conflict(
  before: readonly ActiveSkill[],
  after: readonly ActiveSkill[],
  name: string,
): ToolResult | null {
  const own = after.find((skill) => skill.name === name)?.allowedTools ?? [];
  const hadTools = (toolsLeft(before) ?? []).length > 0;
  if (!hadTools || own.length === 0 || toolsLeft(after)?.length !== 0) return null;
  const others = before.map((skill) => `"${skill.name}"`).join(", ");
  return toolFailure(
    "E_PRECONDITION_FAILED",
    `"${name}" was not activated: with ${others}, which is active, no tool would be left to work with. Go on with what is active, and finish the node`,
  );
}
