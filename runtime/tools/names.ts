// Which tools change files of the project.

const WRITING_TOOLS: ReadonlySet<string> = new Set(["fs.write", "fs.edit", "fs.apply_patch"]);

/** True for the tools that change files of the project; dotted name. */
export function writesFiles(tool: string): boolean {
  return WRITING_TOOLS.has(tool);
}
