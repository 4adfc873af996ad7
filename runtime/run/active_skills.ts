// Which skills are active at a node, and what they leave of its tools. Pure: the log decides, so that a
// resume finds the same. Not here: activating one (`activate_skill.ts`).
import type { ToolAnswered } from "../../schemas/run_event.ts";
import { toWireName } from "../../schemas/tool_names.ts";
import { type ToolFailure, toolFailure } from "../../schemas/tool.ts";
import { type RawArguments, readArguments } from "../tools/arguments.ts";
import { definitionOf } from "../tools/definitions.ts";
import { nameOf, parsePlace } from "../tools/mounts.ts";

/** A skill that was taken up in the present visit of a node. */
export interface ActiveSkill {
  readonly name: string;
  /** Mount path. */
  readonly folder: string;
  /** Wire names; missing where the skill narrows nothing. */
  readonly allowedTools?: readonly string[];
}

/** What no skill takes away: the ways to go on, to ask and to finish. */
const ALWAYS: readonly string[] = ["skill.activate", "state.complete_node", "ui.ask_user"];

/** The active skills after a result; `skill.activate` alone adds one, and only where it succeeds. */
export function withActivation(
  active: readonly ActiveSkill[],
  { tool, result }: Pick<ToolAnswered, "tool" | "result">,
): readonly ActiveSkill[] {
  if (tool !== "skill.activate" || !result.ok) return active;
  const { skill, folder, allowedTools } = result;
  if (typeof skill !== "string" || typeof folder !== "string") return active;
  const allowed = Array.isArray(allowedTools) ? allowedTools.map(String) : undefined;
  const added = { name: skill, folder, ...(allowed && { allowedTools: allowed }) };
  return [...active.filter(({ name }) => name !== skill), added];
}

/** Wire names that every active skill allows; `undefined` if none of them narrows. */
export function toolsLeft(active: readonly ActiveSkill[]): readonly string[] | undefined {
  const lists = active.flatMap(({ allowedTools }) => allowedTools ? [allowedTools] : []);
  if (lists.length === 0) return undefined;
  return lists.reduce((left, list) => left.filter((name) => list.includes(name)));
}

/** Whether a model is told of a tool. `fs.read` stays: a skill's own files can always be read. */
export function isLeft(tool: string, left: readonly string[] | undefined): boolean {
  return left === undefined || tool === "fs.read" || ALWAYS.includes(tool) ||
    left.includes(toWireName(tool));
}

/** A call as the skills see it; `stepFile` is the mount path of the node's own. */
export interface NarrowedCall {
  readonly tool: string;
  readonly args: RawArguments;
  readonly stepFile: string;
}

/** Why the active skills refuse a call, or `null`: `E_TOOL_DENIED` with the tools that are allowed. */
export function refusedBySkills(
  active: readonly ActiveSkill[],
  { tool, args, stepFile }: NarrowedCall,
): ToolFailure | null {
  const left = toolsLeft(active);
  if (left === undefined || ALWAYS.includes(tool) || left.includes(toWireName(tool))) return null;
  if (tool === "fs.read" && mayRead(args, { active, stepFile })) return null;
  const narrowing = active.filter(({ allowedTools }) => allowedTools).map(({ name }) => name);
  const what = tool === "fs.read"
    ? "This file may not be read"
    : `${toWireName(tool)} may not be called`;
  const message = `${what} while ${described(narrowing)} active. ${allowedSentence(active)}`;
  return toolFailure("E_TOOL_DENIED", message, {
    skills: narrowing,
    allowed: [...left, ...ALWAYS.map(toWireName)],
  });
}

/** What may be called until the node ends, as a sentence. */
export function allowedSentence(active: readonly ActiveSkill[]): string {
  const left = toolsLeft(active);
  if (left === undefined) return "The skill leaves all your tools as they are.";
  const names = [...new Set([...left, ...ALWAYS.map(toWireName)])].join(", ");
  if (left.includes("fs_read")) return `Until this node ends you may call: ${names}.`;
  const folders = active.map(({ folder }) => folder).join(" and ");
  return `Until this node ends you may call: ${names}; and fs_read for files below ${folders} and for the step file.`;
}

function described(names: readonly string[]): string {
  const quoted = names.map((name) => `"${name}"`).join(", ");
  return names.length === 1 ? `the skill ${quoted} is` : `the skills ${quoted} are`;
}

/** Arguments that the tool itself refuses are left to it: its answer says what is wrong with them. */
function mayRead(
  args: RawArguments,
  { active, stepFile }: { active: readonly ActiveSkill[]; stepFile: string },
): boolean {
  const read = readArguments(definitionOf("fs.read"), args);
  if (!read.ok) return true;
  const found = parsePlace(String(read.values.path), "read");
  if (!found.ok) return true;
  const path = nameOf(found.place);
  return path === stepFile || active.some(({ folder }) => path.startsWith(`${folder}/`));
}
