// Front matter: YAML between `---` lines at the head of a Markdown file. Comments, key order and unknown
// keys survive a change, which is made in `yaml_change.ts`.
import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  stringify,
  visit,
} from "yaml";
import { isTooDeep } from "./depth.ts";
import { readPlainYaml } from "./plain_yaml.ts";
import { changedYaml, parseYaml, type YamlChange } from "./yaml_change.ts";

/** A Markdown file taken apart. */
export interface FrontMatter {
  /** The map as plain values; dates stay strings (core schema). */
  readonly data: Record<string, unknown>;
  /** The YAML holds anchors (`&name`): a change of one value would change others. */
  readonly hasAnchors: boolean;
  /** Everything behind the closing line, byte for byte. */
  readonly body: string;
  /** 1-based line on which the body starts. */
  readonly bodyLine: number;
  /** Where a value stands in the file, 1-based, or `undefined` if the path does not exist. */
  locate(path: readonly (string | number)[]): { line: number; column: number } | undefined;
  /** The file with changed front matter. Comments, key order and body survive, spacing may not. */
  withChanges(changes: readonly YamlChange[]): string;
}

/** A change of front matter. */
export type FrontMatterChange = YamlChange;

/** Why front matter could not be read. Line and column are 1-based. */
export interface FrontMatterProblem {
  readonly code:
    | "FRONT_MATTER_MISSING"
    | "FRONT_MATTER_NOT_CLOSED"
    | "FRONT_MATTER_YAML"
    | "FRONT_MATTER_NOT_A_MAP";
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** Outcome of `readFrontMatter`. */
export type FrontMatterResult = { readonly ok: true; readonly value: FrontMatter } | Refusal;

interface Refusal {
  readonly ok: false;
  readonly problem: FrontMatterProblem;
}

const BOM = "\uFEFF";
const MAX_ALIASES = 100;
const MAX_FRONT_MATTER_CHARS = 1_048_576;

/** Reads the front matter at byte 0 of a Markdown file (a BOM is allowed; LF or CRLF). Never throws. */
export function readFrontMatter(text: string): FrontMatterResult {
  const start = text.startsWith(BOM) ? 1 : 0;
  const opening = /^---[ \t]*(\r?\n)/.exec(text.slice(start, start + 64));
  if (!opening) {
    return problem("FRONT_MATTER_MISSING", 'The file does not start with a "---" line', 1, 1);
  }
  const yamlStart = start + opening[0].length;
  const closing = /^---[ \t]*(?:\r?\n|$)/m;
  const closed = closing.exec(text.slice(yamlStart));
  if (!closed) {
    return problem(
      "FRONT_MATTER_NOT_CLOSED",
      'The front matter is not closed by a second "---" line',
      1,
      1,
    );
  }
  const yamlEnd = yamlStart + closed.index;
  const yaml = text.slice(yamlStart, yamlEnd);
  return readYamlMap(yaml, {
    head: text.slice(0, yamlStart),
    tail: text.slice(yamlEnd, yamlEnd + closed[0].length),
    body: text.slice(yamlEnd + closed[0].length),
  });
}

interface Surroundings {
  readonly head: string;
  readonly tail: string;
  readonly body: string;
}

function readYamlMap(yaml: string, around: Surroundings): FrontMatterResult {
  if (yaml.length > MAX_FRONT_MATTER_CHARS) {
    const most = `at most ${MAX_FRONT_MATTER_CHARS.toLocaleString("en")} characters are read`;
    return problem("FRONT_MATTER_YAML", `The front matter is too long; ${most}`, 2, 1);
  }
  const plain = readPlainYaml(yaml);
  if (plain) {
    return { ok: true, value: frontMatterOf(yaml, { data: plain, hasAnchors: false }, around) };
  }
  const parsed = parseMap(yaml);
  return parsed.ok ? { ok: true, value: frontMatterOf(yaml, parsed.value, around) } : parsed;
}

type ReadYaml = Pick<FrontMatter, "data" | "hasAnchors">;

function frontMatterOf(
  yaml: string,
  read: ReadYaml,
  around: Surroundings,
): FrontMatter {
  return {
    ...read,
    body: around.body,
    get bodyLine() {
      return countLines(around.head + yaml + around.tail) + 1;
    },
    locate: locator(yaml),
    withChanges: (changes) =>
      around.head + changedYaml(yaml, changes, newlineOf(around.head)) + around.tail + around.body,
  };
}

function newlineOf(head: string): "\n" | "\r\n" {
  return head.endsWith("\r\n") ? "\r\n" : "\n";
}

/** Reads by the library. Deep nesting exhausts the stack inside it, hence the wide `catch`. */
function parseMap(yaml: string): { ok: true; value: ReadYaml } | Refusal {
  try {
    const lines = new LineCounter();
    const document = parseYaml(yaml, lines);
    const fault = document.errors[0] ?? repeatedKey(document.contents);
    if (fault) {
      const at = lines.linePos(fault.pos[0]);
      return problem("FRONT_MATTER_YAML", faultText(fault.message), at.line + 1, at.col);
    }
    if (document.contents !== null && !isMap(document.contents)) {
      return problem("FRONT_MATTER_NOT_A_MAP", "The front matter is not a map of keys", 2, 1);
    }
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    if (isTooDeep(value)) throw new Error("call stack");
    const data = (value ?? {}) as Record<string, unknown>;
    return { ok: true, value: { data, hasAnchors: anchorNames(document).size > 0 } };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    return problem("FRONT_MATTER_YAML", faultText(message), 2, 1);
  }
}

/** The library's message without its excerpt, and in our words where its own mislead. */
function faultText(message: string): string {
  const [text = ""] = message.split(/ at line |\n/);
  if (text.includes("call stack")) return "The front matter is nested too deeply";
  if (text.includes("multiple documents")) return 'The front matter is cut in two by a line "..."';
  if (text.includes("alias count")) return "The front matter repeats its anchors too often";
  return text;
}

function anchorNames(document: Document.Parsed): Set<string> {
  const names = new Set<string>();
  visit(document, {
    Node(_key, node) {
      if (!isAlias(node) && node.anchor) names.add(node.anchor);
    },
  });
  return names;
}

interface YamlFault {
  readonly message: string;
  readonly pos: readonly [number, number];
}

/** The library's own check compares every pair of keys, which takes minutes for a hostile file. */
function repeatedKey(node: unknown): YamlFault | undefined {
  const seen = new Set<unknown>();
  const items: readonly unknown[] = isMap(node) || isSeq(node) ? node.items : [];
  for (const item of items) {
    if (isPair(item)) {
      const name = isScalar(item.key) ? item.key.value : item.key;
      if (seen.has(name)) {
        const start = isScalar(item.key) ? item.key.range?.[0] ?? 0 : 0;
        return { message: `The key "${name}" stands twice in one map`, pos: [start, start] };
      }
      seen.add(name);
    }
    const fault = repeatedKey(isPair(item) ? item.value : item);
    if (fault) return fault;
  }
  return undefined;
}

/** Places are asked for when something is wrong: only then the library has to read plain YAML too. */
function locator(yaml: string): FrontMatter["locate"] {
  const lines = new LineCounter();
  let document: Document.Parsed | undefined;
  return (path) => {
    document ??= parseYaml(yaml, lines);
    const node = path.length === 0 ? document.contents : document.getIn([...path], true);
    const range = (node as { range?: [number, number, number] | null } | undefined)?.range;
    if (!range) return undefined;
    const { line, col } = lines.linePos(range[0]);
    return { line: line + 1, column: col };
  };
}

/** Front matter and body as a new Markdown file, keys in the order given. */
export function writeFrontMatter(data: Readonly<Record<string, unknown>>, body: string): string {
  return `---\n${stringify(data, { lineWidth: 0, schema: "core" })}---\n${body}`;
}

/** A YAML document as plain values, for files that are YAML as a whole. Throws `SyntaxError`. */
export function readYaml(text: string): unknown {
  const document = parseYaml(text);
  const fault = document.errors[0] ?? repeatedKey(document.contents);
  if (fault) throw new SyntaxError(fault.message);
  return document.toJS({ maxAliasCount: MAX_ALIASES });
}

function problem(
  code: FrontMatterProblem["code"],
  message: string,
  line: number,
  column: number,
): Refusal {
  return { ok: false, problem: { code, message, line, column } };
}

function countLines(text: string): number {
  return text.split("\n").length - 1;
}
