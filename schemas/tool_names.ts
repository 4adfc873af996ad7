// Tool names: dotted inside (`fs.read`), without dots on the wire (`fs_read`), and what models and
// authors make of them. Names of MCP tools (`mcp__server__tool`) pass untouched.

/** Every tool of the program itself, dotted; `runtime/tools/definitions.ts` describes them. */
export const BUILT_IN_TOOLS = [
  "fs.read",
  "fs.list",
  "fs.search",
  "csv.read",
  "js.run",
  "fs.write",
  "fs.edit",
  "fs.apply_patch",
  "terminal.run",
  "skill.activate",
  "state.complete_node",
  "ui.ask_user",
] as const;

/** The name as a model gets to see it; OpenAI-compatible servers refuse dots. */
export function toWireName(tool: string): string {
  return isMcp(tool) ? tool : tool.replaceAll(".", "_");
}

/**
 * The offered tool that a model means: by exact name, wire name, or another spelling (`fs-read`,
 * `FS_Read`, `fsRead`, `functions.fs__read`, a lone `read`) if exactly one tool fits; else `null`.
 * A lone name means a tool for any file before one for tables: `read` is `fs.read`, not `csv.read`.
 * @param offered dotted names
 */
export function toToolName(written: string, offered: readonly string[]): string | null {
  const exact = offered.find((tool) => tool === written || toWireName(tool) === written);
  if (exact !== undefined) return exact;
  const name = written.trim().replace(NAMESPACE, "");
  const inside = offered.filter((tool) => tool === name || toWireName(tool) === name);
  const spelled = inside.length > 0 ? inside : offered.filter((tool) => fold(tool) === fold(name));
  return onlyOne(spelled.length > 0 ? spelled : namedAlone(name, offered));
}

function onlyOne(tools: readonly string[]): string | null {
  return tools.length === 1 ? tools[0] ?? null : null;
}

function namedAlone(name: string, offered: readonly string[]): string[] {
  const fitting = offered.filter((tool) => !isMcp(tool) && fold(lastPart(tool)) === fold(name));
  const general = fitting.filter((tool) => !tool.startsWith("csv."));
  return general.length === 1 ? general : fitting;
}

/** What chat templates put in front of a name. */
const NAMESPACE = /^(functions?|tools?|default_api)[.:/]+/i;

function isMcp(tool: string): boolean {
  return tool.startsWith("mcp__");
}

/** MCP names keep their separators: `a_b` and `ab` may be two tools of one server. */
function fold(name: string): string {
  const lower = name.toLowerCase();
  return isMcp(lower) ? lower : lower.replace(/[^a-z0-9]/g, "");
}

function lastPart(tool: string): string {
  return tool.slice(tool.indexOf(".") + 1);
}
