// Finds a text or a regular expression in lines. Regular expressions run in linear time (RE2), so no
// pattern can hang. The only importer of re2js.
import { RE2JS, RE2JSException } from "re2js";
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
  return (line) => {
    // `test` takes a fraction of the time of a matcher, and most lines do not match.
    if (!expression.test(line)) return -1;
    const matcher = expression.matcher(line);
    return matcher.find() ? matcher.start() : -1;
  };
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

function compile(pattern: string, shown = pattern): RE2JS {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(pattern));
  } catch (thrown) {
    if (!(thrown instanceof RE2JSException)) throw thrown;
    throw new FileProblem(
      "E_TOOL_ARGS",
      `The pattern ${
        JSON.stringify(shown.slice(0, 200))
      } is no regular expression of RE2 syntax (${thrown.message}). Lookaround and backreferences do not exist there; to find plain text use "query"`,
    );
  }
}

function globSource(glob: string): string {
  const tokens = glob.match(/\*\*\/|\*\*|\*|\?|[{},]|[^*?{},]+/g) ?? [];
  let open = 0;
  return tokens.map((token) => {
    if (token === "{") return ++open && "(?:";
    if (token === "}" && open > 0) return open-- && ")";
    if (token === "," && open > 0) return "|";
    return GLOB_TOKENS.get(token) ?? RE2JS.quote(token);
  }).join("") + ")".repeat(open);
}

const GLOB_TOKENS: ReadonlyMap<string, string> = new Map([
  ["**/", "(?:.*/)?"],
  ["**", ".*"],
  ["*", "[^/]*"],
  ["?", "[^/]"],
]);
