// Finds a text or a regular expression in lines. Regular expressions run in linear time (RE2), so no
// pattern can hang.
import {
  compileExpression,
  quoteExpression,
  type RegularExpression,
} from "../../schemas/regular_expression.ts";
import { FileProblem } from "./file_problem.ts";
import type { SearchRequest } from "./worker_protocol.ts";

/** 0-based column of the first match in a line, or -1. */
export type LineFinder = (line: string) => number;

/**
 * Compiles what to find. A query without capital letters ignores case; a pattern never does, unless it
 * begins with `(?i)`. Throws `FileProblem` `E_TOOL_ARGS` for a pattern that RE2 does not take.
 */
export function createFinder(find: SearchRequest["find"]): LineFinder {
  if ("query" in find) return queryFinder(find.query);
  const expression = compile(find.pattern);
  return (line) => expression.find(line);
}

/** A glob as a test of whole mount paths; `*` stays inside a name, `**` crosses folders. */
export function compileGlob(glob: string): (path: string) => boolean {
  const expression = compile(`^${globSource(glob)}$`, glob);
  return (path) => expression.test(path);
}

function queryFinder(query: string): LineFinder {
  if (query !== query.toLowerCase()) return (line) => line.indexOf(query);
  // Lower case may be longer than the original; then the column is that of the first letter.
  return (line) => {
    const at = line.toLowerCase().indexOf(query);
    return Math.min(at, line.length - 1);
  };
}

function compile(pattern: string, shown = pattern): RegularExpression {
  const compiled = compileExpression(pattern);
  if (compiled.ok) return compiled.expression;
  throw new FileProblem(
    "E_TOOL_ARGS",
    `The pattern ${
      JSON.stringify(shown.slice(0, 200))
    } is no regular expression of RE2 syntax (${compiled.message}). Lookaround and backreferences do not exist there; to find plain text use "query"`,
  );
}

function globSource(glob: string): string {
  const tokens = glob.match(/\*\*\/|\*\*|\*|\?|[{},]|[^*?{},]+/g) ?? [];
  let open = 0;
  return tokens.map((token) => {
    if (token === "{") return ++open && "(?:";
    if (token === "}" && open > 0) return open-- && ")";
    if (token === "," && open > 0) return "|";
    return GLOB_TOKENS.get(token) ?? quoteExpression(token);
  }).join("") + ")".repeat(open);
}

const GLOB_TOKENS: ReadonlyMap<string, string> = new Map([
  ["**/", "(?:.*/)?"],
  ["**", ".*"],
  ["*", "[^/]*"],
  ["?", "[^/]"],
]);
