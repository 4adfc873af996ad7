// `fs.search`: a text or a regular expression in the files of a mount.
import type { ToolFailure, ToolResult } from "../../schemas/tool.ts";
import { argumentFailure } from "./arguments.ts";
import { type CallContext, findTarget } from "./call_context.ts";
import { nameOf, parsePlace, type Place } from "./mounts.ts";
import type { SearchHits, SearchRequest } from "./worker_protocol.ts";

/** Arguments of `fs.search`; one of `query` and `pattern`. */
export interface SearchArguments {
  readonly query?: string;
  readonly pattern?: string;
  readonly path?: string;
  readonly globs?: readonly string[];
  readonly before?: number;
  readonly after?: number;
  readonly maxMatches?: number;
}

const DEFAULT_MATCHES = 50;

/** Matches are for finding a place; reading is what `fs.read` is for. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** Answers `matches` with path, line, column, text and context; `truncated` with a `hint` if cut. */
export async function searchFor(args: SearchArguments, context: CallContext): Promise<ToolResult> {
  const find = whatToFind(args);
  if ("error" in find) return find;
  const scope = findScope(args, context);
  if ("error" in scope) return scope;
  const { before = 0, after = 0, maxMatches = DEFAULT_MATCHES } = args;
  const maxBytes = Math.min(context.options.policy.maxReadBytes, MAX_ANSWER_BYTES);
  const request = { ...scope, find, before, after, maxMatches, maxBytes };
  const searched = await context.files.run("search", request, context.limits);
  return searched.ok ? describe(searched.value) : searched;
}

function whatToFind({ query, pattern }: SearchArguments): SearchRequest["find"] | ToolFailure {
  if (query && pattern) {
    return argumentFailure(
      'fs_search: give "query" (plain text) or "pattern" (regular expression), not both',
    );
  }
  if (query) {
    return /[\r\n]/.test(query)
      ? argumentFailure('fs_search: "query" has a line break, but lines are searched one by one')
      : { query };
  }
  if (pattern) return { pattern };
  return argumentFailure('fs_search: "query" is missing; it has to be the text to find');
}

/** Where to search, and the globs as mount paths. */
function findScope(
  { path, globs = [] }: SearchArguments,
  context: CallContext,
): Pick<SearchRequest, "places" | "globs"> | ToolFailure {
  const found = findTarget(path ?? "@project", "read", context);
  if (!found.ok) return found;
  const { kind, place, name } = found.target;
  if (kind !== "file") {
    return argumentFailure(
      `"${name}" cannot be searched. It is short: read "${context.state.path}"`,
    );
  }
  const mounted = globs.map((glob) => mountGlob(glob, name));
  const roots = path === undefined ? mounted.flatMap(rootOf) : [];
  const places = roots.length > 0 ? uniqueRoots(roots) : [place];
  return { places, globs: mounted };
}

/** A glob below the searched folder as a glob of mount paths; a bare name pattern stays as it is. */
function mountGlob(glob: string, base: string): string {
  const not = glob.startsWith("!") ? "!" : "";
  const bare = glob.slice(not.length).replaceAll("\\", "/").replace(/^\.?\//, "");
  if (!bare.includes("/")) return not + bare;
  const [first = "", ...rest] = bare.split("/");
  const mounted = parsePlace(first, "read");
  return not + [mounted.ok ? nameOf(mounted.place) : `${base}/${first}`, ...rest].join("/");
}

function rootOf(glob: string): Place[] {
  const mount = /^@(project|pkg)\//.exec(glob)?.[1] as "project" | "pkg" | undefined;
  return mount ? [{ mount, parts: [] }] : [];
}

function uniqueRoots(places: readonly Place[]): Place[] {
  return [...new Map(places.map((place) => [place.mount, place])).values()];
}

const HINTS = {
  matches: "There are more matches. Narrow the search by path or globs, or raise maxMatches",
  bytes: "There are more matches than fit an answer. Narrow the search, or ask for less context",
  time: "The search was stopped after 20 s. Narrow it by path or globs",
} as const;

function describe({ matches, filesSearched, truncatedBy }: SearchHits): ToolResult {
  const answer = { ok: true as const, matches, filesSearched };
  return truncatedBy ? { ...answer, truncated: true, hint: HINTS[truncatedBy] } : answer;
}
