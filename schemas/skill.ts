// What the head of a SKILL.md says: whether a name is one, and which tools `allowed-tools` means.
// Not here: finding and reading skills (`runtime/package/skills.ts`).
import { BUILT_IN_TOOLS, toToolName, toWireName } from "./tool_names.ts";

/** The names a skill may have, by the public Agent Skills format: 1 to 64 of these characters. */
export const SKILL_NAME = /^(?=.{1,64}$)[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * The single names of `allowed-tools`: a list, or one text with spaces or commas between them, where
 * `Bash(git add:*)` is one. `undefined` means that nothing is narrowed, an empty list that all is.
 */
export function allowedToolNames(
  value: string | readonly string[] | undefined,
): string[] | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "string") return value.map((name) => name.trim()).filter(Boolean);
  return splitNames(value).filter(Boolean);
}

/** Text in brackets is part of a name, spaces and commas included. */
function splitNames(text: string): string[] {
  const names = [""];
  let depth = 0;
  for (const char of text) {
    if (char === "(") depth++;
    if (char === ")" && depth > 0) depth--;
    if (depth === 0 && /[\s,]/.test(char)) names.push("");
    else names[names.length - 1] += char;
  }
  return names;
}

/**
 * Which of these tools a name of `allowed-tools` means: a tool in any spelling a model may use, or with
 * `*` at its end all that begin so (`mcp__github__*`). A bound in brackets is not understood, so such a
 * name allows nothing rather than too much.
 * @param tools dotted names
 */
export function toolsMeant(name: string, tools: readonly string[]): string[] {
  if (/[()]/.test(name)) return [];
  if (name.endsWith("*")) {
    const start = toWireName(name.slice(0, -1));
    return tools.filter((tool) => toWireName(tool).startsWith(start));
  }
  const meant = toToolName(name, BUILT_IN_TOOLS) ?? name;
  return tools.filter((tool) => tool === meant);
}

/** Whether a name can mean a tool: one of the program's own, or any of an MCP server. */
export function isToolName(name: string): boolean {
  if (name.length > MAX_NAME_CHARS) return false;
  return MCP_NAME.test(name) || toolsMeant(name, BUILT_IN_TOOLS).length > 0;
}

const MAX_NAME_CHARS = 128;
const MCP_NAME = /^mcp__(?:\*|[\w-]+__(?:\*|[\w-]+\*?))$/;
