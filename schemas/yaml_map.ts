// YAML maps with the places of their values, bounded against hostile texts. Together with
// `front_matter.ts`, which builds on it, the only file that imports the YAML library.
import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
} from "yaml";
import { isTooDeep } from "./depth.ts";
import { readPlainYaml } from "./plain_yaml.ts";

const MAX_ALIASES = 100;
const MAX_YAML_CHARS = 1_048_576;

/** A map of YAML as plain values; dates stay strings (core schema). */
export interface YamlMap {
  readonly data: Record<string, unknown>;
  /** The YAML holds anchors (`&name`): a change of one value would change others. */
  readonly hasAnchors: boolean;
  /** Where a value stands, 1-based, or `undefined` if the path does not exist. */
  locate(path: readonly (string | number)[]): { line: number; column: number } | undefined;
}

/** Why a text is no map. Line and column are 1-based. */
export interface YamlProblem {
  readonly kind: "yaml" | "not a map";
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** Outcome of `readYamlMap`. */
export type YamlMapResult =
  | { readonly ok: true; readonly value: YamlMap }
  | { readonly ok: false; readonly problem: YamlProblem };

/** What the text is called in messages (`The front matter`), and lines of its file before it. */
export interface YamlOrigin {
  readonly subject: string;
  readonly linesBefore: number;
}

/** Reads a text that is one map; an empty one has no keys. Never throws. */
export function readYamlMap(yaml: string, origin: YamlOrigin): YamlMapResult {
  if (yaml.length > MAX_YAML_CHARS) {
    const most = `at most ${MAX_YAML_CHARS.toLocaleString("en")} characters are read`;
    return problem("yaml", `${origin.subject} is too long; ${most}`, firstPlace(origin));
  }
  const plain = readPlainYaml(yaml);
  const locate = locator(yaml, origin);
  if (plain) return { ok: true, value: { data: plain, hasAnchors: false, locate } };
  return parseMap(yaml, origin);
}

/** Reads by the library. Deep nesting exhausts the stack inside it, hence the wide `catch`. */
function parseMap(yaml: string, origin: YamlOrigin): YamlMapResult {
  const { subject, linesBefore } = origin;
  try {
    const lines = new LineCounter();
    const document = parseYaml(yaml, lines);
    const fault = document.errors[0] ?? repeatedKey(document.contents);
    if (fault) {
      const at = lines.linePos(fault.pos[0]);
      const place = { line: at.line + linesBefore, column: at.col };
      return problem("yaml", faultText(fault.message, subject), place);
    }
    if (document.contents !== null && !isMap(document.contents)) {
      return problem("not a map", `${subject} is not a map of keys`, firstPlace(origin));
    }
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    if (isTooDeep(value)) throw new Error("call stack");
    const data = (value ?? {}) as Record<string, unknown>;
    const hasAnchors = anchorNames(document).size > 0;
    return { ok: true, value: { data, hasAnchors, locate: locator(yaml, origin) } };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    return problem("yaml", faultText(message, subject), firstPlace(origin));
  }
}

/** The library's message without its excerpt, and in our words where its own mislead. */
function faultText(message: string, subject: string): string {
  const [text = ""] = message.split(/ at line |\n/);
  if (text.includes("call stack")) return `${subject} is nested too deeply`;
  if (text.includes("multiple documents")) return `${subject} is cut in two by a line "..."`;
  if (text.includes("alias count")) return `${subject} repeats its anchors too often`;
  return text;
}

function problem(
  kind: YamlProblem["kind"],
  message: string,
  place: { line: number; column: number },
): YamlMapResult {
  return { ok: false, problem: { kind, message, ...place } };
}

function firstPlace({ linesBefore }: YamlOrigin): { line: number; column: number } {
  return { line: linesBefore + 1, column: 1 };
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

/** A document as the library sees it; its errors are in it. */
export function parseYaml(yaml: string, lines?: LineCounter): Document.Parsed {
  return parseDocument(yaml, {
    schema: "core",
    uniqueKeys: false,
    prettyErrors: true,
    logLevel: "error",
    ...(lines && { lineCounter: lines }),
  });
}

/** Places are asked for when something is wrong: only then the library has to read plain YAML too. */
function locator(yaml: string, { linesBefore }: YamlOrigin): YamlMap["locate"] {
  const lines = new LineCounter();
  let document: Document.Parsed | undefined;
  return (path) => {
    document ??= parseYaml(yaml, lines);
    const node = path.length === 0 ? document.contents : document.getIn([...path], true);
    const range = (node as { range?: [number, number, number] | null } | undefined)?.range;
    if (!range) return undefined;
    const { line, col } = lines.linePos(range[0]);
    return { line: line + linesBefore, column: col };
  };
}

/** A YAML document as plain values, for files that are YAML as a whole. Throws `SyntaxError`. */
export function readYaml(text: string): unknown {
  const document = parseYaml(text);
  const fault = document.errors[0] ?? repeatedKey(document.contents);
  if (fault) throw new SyntaxError(fault.message);
  return document.toJS({ maxAliasCount: MAX_ALIASES });
}
