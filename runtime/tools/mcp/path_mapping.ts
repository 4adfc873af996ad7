// Real paths and mount paths, for servers that know only the one and models that know only the other.
import { isAbsolute, join } from "node:path";
import { type ToolFailure, toolFailure } from "../../../schemas/tool.ts";
import { parsePlace } from "../mounts.ts";

/** A folder and its mount; more than one spelling of a folder may lead to a mount. */
export interface MountRoot {
  readonly mount: "@project" | "@pkg";
  readonly path: string;
}

/** Outcome of `toRealPaths`. */
export type RealPaths =
  | { readonly ok: true; readonly args: Readonly<Record<string, unknown>> }
  | ToolFailure;

/** Maps both ways. */
export interface PathMapping {
  /** Puts real paths for strings that are mount paths, at any depth. `E_SANDBOX_VIOLATION`. */
  toRealPaths(args: Readonly<Record<string, unknown>>): RealPaths;
  /** Puts mounts for the folders wherever they stand in a text. */
  toMounts(text: string): string;
  /** `toMounts` for every string and key of a JSON value; what is nested too deeply is cut. */
  valueToMounts(value: unknown): unknown;
}

/** A server may nest a value so deeply that a recursive walk would end the process. */
const MAX_DEPTH = 64;
/** `/` and `C:\` cannot be told from any other slash. */
const MIN_ROOT_CHARS = 3;

/** A mapping; of two roots with one mount the first is what a mount path becomes. */
export function mapPaths(roots: readonly MountRoot[]): PathMapping {
  const spellings = roots.filter(({ path }) => path.length > MIN_ROOT_CHARS && isAbsolute(path))
    .flatMap(({ mount, path }) =>
      [...new Set([path, path.replaceAll("\\", "/"), encodeURI(path)])].map((spelling) => ({
        mount,
        // Not inside a longer name on either side: "/a/b" is neither in "/x/a/b" nor in "/a/bc".
        pattern: new RegExp(
          `(?<![\\w.-])${RegExp.escape(spelling)}(?![\\w-]|\\.[\\w])`,
          Deno.build.os === "windows" ? "gi" : "g",
        ),
        length: spelling.length,
      }))
    ).sort((a, b) => b.length - a.length);
  const toMounts = (text: string) =>
    spellings.reduce((mapped, { pattern, mount }) => mapped.replace(pattern, mount), text);
  return {
    toMounts,
    valueToMounts: (value) => mapStrings(value, toMounts, 0),
    toRealPaths(args) {
      const failures: ToolFailure[] = [];
      const mapped = mapStrings(args, (text) => {
        const real = toRealPath(text, roots);
        if (typeof real === "string") return real;
        failures.push(real);
        return text;
      }, 0);
      return failures[0] ?? { ok: true, args: mapped as Readonly<Record<string, unknown>> };
    },
  };
}

function toRealPath(text: string, roots: readonly MountRoot[]): string | ToolFailure {
  if (!/^@(project|pkg|state)(?=$|[/\\])/i.test(text)) return text;
  const parsed = parsePlace(text, "read");
  // A sentence may begin with a path; it is passed on as it is.
  if (!parsed.ok) return /\s/.test(text) ? text : parsed;
  const root = roots.find(({ mount }) => mount === `@${parsed.place.mount}`);
  if (root) return join(root.path, ...parsed.place.parts);
  return toolFailure(
    "E_SANDBOX_VIOLATION",
    `"@${parsed.place.mount}" is closed to MCP servers. Give it a path below @project`,
  );
}

function mapStrings(value: unknown, map: (text: string) => string, depth: number): unknown {
  if (typeof value === "string") return map(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH) return "(nested too deeply)";
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, map, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [map(key), mapStrings(item, map, depth + 1)]),
  );
}
