// Wall 1, the part without a file system: what a path of a model means, and what it may not name.
// Where the place really lies (links, case) is `confine.ts`, inside the file worker.
import { RESERVED_NAMES } from "../../schemas/ids.ts";
import { type ToolFailure, toolFailure } from "../../schemas/tool.ts";

/** A folder a model can name. */
export type Mount = "project" | "pkg" | "state";

/** A parsed path: mount and names below it; no `.`, `..`, separators or denied names. */
export interface Place {
  readonly mount: Mount;
  readonly parts: readonly string[];
}

/** What a tool wants to do with a path. */
export type Access = "read" | "write";

/** Outcome of `parsePlace`. */
export type PlaceResult = { readonly ok: true; readonly place: Place } | ToolFailure;

const MAX_PATH_BYTES = 1000;
const MAX_NAME_BYTES = 255;

const MOUNTS_HINT =
  'Paths begin with a mount: "@project/…" (read and write), "@pkg/…" (read only) or "@state/workflow.md"';

/** First names that need no mount (`runtime.md`, "Three mounts"). */
const SHORTHANDS: ReadonlyMap<string, readonly string[]> = new Map([
  ["@project", ["@project"]],
  ["@pkg", ["@pkg"]],
  ["@state", ["@state"]],
  ["artifacts", ["@project", "artifacts"]],
  ["steps", ["@pkg", "steps"]],
  ["assets", ["@pkg", "assets"]],
  ["workflows", ["@pkg", "workflows"]],
  ["{project-root}", ["@project"]],
  ["{artifacts-root}", ["@project", "artifacts"]],
  ["{package-root}", ["@pkg"]],
  ["{state-root}", ["@state"]],
]);

/**
 * Reads a path as a model wrote it. Backslashes count as `/`, `..` may not leave the mount, and
 * nothing is decoded. Refuses with `E_SANDBOX_VIOLATION`, or `E_TOOL_ARGS` where a mount is missing;
 * a message never repeats an absolute path.
 */
export function parsePlace(path: string, access: Access): PlaceResult {
  const fault = textFault(path);
  if (fault) return fault;
  const names = path.replaceAll("\\", "/").split("/").filter((name) => name !== "." && name !== "");
  const [first = "", ...rest] = names;
  const mounted = path === "workflow.md"
    ? ["@state", "workflow.md"]
    : SHORTHANDS.get(first.toLowerCase())?.concat(rest);
  if (!mounted) return withoutMount(names);
  const parts = normalise(mounted.slice(1));
  if (!parts) {
    return violation(`${quoted(path)} leads out of ${mounted[0]} by "..". ${MOUNTS_HINT}`);
  }
  const place: Place = { mount: mounted[0]?.slice(1) as Mount, parts };
  const denied = deniedName(parts, access);
  if (denied) return violation(`${quoted(path)} is refused: ${denied}`);
  if (place.mount === "pkg" && access === "write") {
    return violation(
      `${quoted(path)} is refused: @pkg is read only. Write below @project/artifacts/`,
    );
  }
  return { ok: true, place };
}

/** The mount path of a place, as models and people see it. */
export function nameOf({ mount, parts }: Place): string {
  return [`@${mount}`, ...parts].join("/");
}

/** Why a path below a mount may not be used, or `undefined`. Applied to real names, too. */
export function deniedName(parts: readonly string[], access: Access): string | undefined {
  for (const name of parts) {
    const reason = nameFault(name, access);
    if (reason) return `the name ${quoted(name)} ${reason}`;
  }
  return undefined;
}

/** True for names that the tools neither show nor touch: `.git` and our own `.crewagent*`. */
export function isProtected(name: string): boolean {
  const folded = name.normalize("NFKC").replace(INVISIBLE, "").toLowerCase().replace(/[. ]+$/, "");
  // `git~1` and `crewag~1` are the short names that Windows gives to the two.
  return folded === ".git" || folded.startsWith(".crewagent") || /^(git|crewag)~\d+$/.test(folded);
}

/** Characters that some file systems drop from names (soft hyphen, zero width, direction marks). */
const INVISIBLE = /[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF]/g;

function nameFault(name: string, access: Access): string | undefined {
  if (isProtected(name)) return "is closed to tools";
  if (name.includes(":")) return 'holds ":", which names a drive or a hidden stream on Windows';
  if (/[. ]$/.test(name)) return "ends in a dot or a space, which Windows drops";
  if (RESERVED_NAMES.test(name)) return "is reserved for a device on Windows";
  if (/%(2e|2f|5c|00)/i.test(name)) return "is percent-escaped. Write paths plainly";
  if (new TextEncoder().encode(name).length > MAX_NAME_BYTES) {
    return `is longer than ${MAX_NAME_BYTES} bytes`;
  }
  if (access === "write" && /[<>"|?*]/.test(name)) return 'holds one of < > " | ? *';
  return undefined;
}

function textFault(path: string): ToolFailure | undefined {
  if (path.trim() === "") return toolFailure("E_TOOL_ARGS", `The path is empty. ${MOUNTS_HINT}`);
  if (new TextEncoder().encode(path).length > MAX_PATH_BYTES) {
    return violation(`The path is longer than ${MAX_PATH_BYTES} bytes. Use a shorter one`);
  }
  // deno-lint-ignore no-control-regex
  if (/[\x00-\x1f\x7f]/.test(path)) {
    return violation(`The path ${JSON.stringify(path)} holds a control character. ${MOUNTS_HINT}`);
  }
  if (/^([/\\~]|[a-z][a-z0-9+.-]*:)/i.test(path)) {
    return violation(`Absolute paths, drives and URLs are closed to tools. ${MOUNTS_HINT}`);
  }
  return undefined;
}

function withoutMount(names: readonly string[]): ToolFailure {
  const path = names.join("/");
  if (names.includes("..")) return violation(`${quoted(path)} names no mount. ${MOUNTS_HINT}`);
  const suggestion = path.startsWith("@") ? "." : `. Did you mean ${quoted(`@project/${path}`)}?`;
  return toolFailure("E_TOOL_ARGS", `${quoted(path)} names no mount${suggestion} ${MOUNTS_HINT}`);
}

/** Takes `..` out; `undefined` if it leads above the mount. */
function normalise(names: readonly string[]): string[] | undefined {
  const parts: string[] = [];
  for (const name of names) {
    if (name !== "..") parts.push(name);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts;
}

function violation(message: string): ToolFailure {
  return toolFailure("E_SANDBOX_VIOLATION", message);
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
}
