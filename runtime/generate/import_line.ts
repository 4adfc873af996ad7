// Import statements as `deno fmt` writes them.

const WIDTH = 100;

/** Imports names from a file; one name a line where one line is too short. */
export function importLine(names: readonly string[], from: string): string {
  const line = `import { ${names.join(", ")} } from ${JSON.stringify(from)};`;
  if (line.length <= WIDTH) return line;
  return `import {\n${names.map((name) => `  ${name},\n`).join("")}} from ${JSON.stringify(from)};`;
}
