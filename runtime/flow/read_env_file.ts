// Reads `.env` files: NAME=value lines. No finding ever shows a value, which may be a secret.
import type { FindingList } from "./finding_list.ts";

const LINE = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$/;

/**
 * The variables of a text. Values may stand in quotes; in double ones `\n`, `\"` and `\\` are read.
 * Outside of quotes ` #` begins a comment. Nothing is expanded.
 */
export function readEnvFile(
  text: string,
  file: string,
  findings: FindingList,
): Readonly<Record<string, string>> {
  const variables = new Map<string, string>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const [, name, value] = LINE.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      findings.warning({
        code: "FLOW_ENV_LINE",
        file,
        message: "This line is no NAME=value",
        hint: "It is ignored; write NAME=value, or # before a comment",
        place: { line: index + 1, column: 1 },
      });
    } else variables.set(name, valueOf(value));
  }
  return Object.fromEntries(variables);
}

function valueOf(text: string): string {
  const [, single] = /^'([^']*)'/.exec(text) ?? [];
  if (single !== undefined) return single;
  const [, double] = /^"((?:[^"\\]|\\.)*)"/.exec(text) ?? [];
  if (double === undefined) return text.replace(/(?:^|\s+)#.*$/, "");
  return double.replace(/\\(.)/g, (_, char: string) => char === "n" ? "\n" : char);
}
