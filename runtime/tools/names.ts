// Which tools change something, by their dotted names.

const WRITING_TOOLS: ReadonlySet<string> = new Set(["fs.write", "fs.edit", "fs.apply_patch"]);

/** True for the tools that change files of the project; dotted name. */
export function writesFiles(tool: string): boolean {
  return WRITING_TOOLS.has(tool);
}

const HARMLESS_TOOLS: ReadonlySet<string> = new Set([
  "fs.read",
  "fs.list",
  "fs.search",
  "csv.read",
  "js.run",
  "skill.activate",
]);

/** True for the tools that change nothing, neither files nor the state of a run; dotted name. */
export function changesNothing(tool: string): boolean {
  return HARMLESS_TOOLS.has(tool);
}
