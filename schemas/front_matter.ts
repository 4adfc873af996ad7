// Front matter: YAML between `---` lines at the head of a Markdown file; reading YAML is
// `yaml_map.ts`. Comments, key order and unknown keys survive a change.
import { type Document, isAlias, isMap, isScalar, isSeq, stringify } from "yaml";
import { isRecord } from "./record.ts";
import { parseYaml, readYamlMap, type YamlMap } from "./yaml_map.ts";

/** A Markdown file taken apart. */
export interface FrontMatter extends YamlMap {
  /** Everything behind the closing line, byte for byte. */
  readonly body: string;
  /** 1-based line on which the body starts. */
  readonly bodyLine: number;
  /** The file with changed front matter. Comments, key order and body survive, spacing may not. */
  withChanges(changes: readonly FrontMatterChange[]): string;
}

/** A change of front matter: set the value at a path (parents are made), or append to the list there. */
export type FrontMatterChange =
  | { readonly path: readonly string[]; readonly set: unknown }
  | { readonly path: readonly string[]; readonly append: unknown };

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
  return readMap(yaml, {
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

function readMap(yaml: string, around: Surroundings): FrontMatterResult {
  const read = readYamlMap(yaml, { subject: "The front matter", linesBefore: 1 });
  if (!read.ok) {
    const { kind, message, line, column } = read.problem;
    const code = kind === "yaml" ? "FRONT_MATTER_YAML" : "FRONT_MATTER_NOT_A_MAP";
    return problem(code, message, line, column);
  }
  return { ok: true, value: frontMatterOf(yaml, read.value, around) };
}

function frontMatterOf(yaml: string, read: YamlMap, around: Surroundings): FrontMatter {
  return {
    ...read,
    body: around.body,
    get bodyLine() {
      return countLines(around.head + yaml + around.tail) + 1;
    },
    withChanges: (changes) =>
      around.head + changedYaml(yaml, changes, around.head) + around.tail + around.body,
  };
}

function changedYaml(yaml: string, changes: readonly FrontMatterChange[], head: string): string {
  const document = parseYaml(yaml);
  for (const change of changes) {
    const path = [...change.path];
    openParents(document, path);
    if ("set" in change) document.setIn(path, replacement(document, path, change.set));
    else append(document, path, change.append);
  }
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: false });
  return head.endsWith("\r\n") ? text.replace(/\r?\n/g, "\r\n") : text;
}

/** The node for a new value, with the comments and the quotes of the one before it. */
function replacement(document: Document.Parsed, path: readonly string[], value: unknown): unknown {
  const before = document.getIn(path, true);
  const node = document.createNode(value);
  if (!isScalar(before)) return node;
  if (before.comment) node.comment = before.comment;
  if (before.commentBefore) node.commentBefore = before.commentBefore;
  const { type } = before;
  const isQuoted = type === "QUOTE_DOUBLE" || type === "QUOTE_SINGLE";
  if (isQuoted && isScalar(node) && typeof value === "string") node.type = type;
  return node;
}

function append(document: Document.Parsed, path: readonly string[], value: unknown): void {
  const list = document.getIn(path, true);
  if (isSeq(list)) {
    if (list.items.length === 0) list.flow = false;
    list.add(document.createNode(value));
    return;
  }
  const before = aliased(document, list);
  const items = Array.isArray(before) ? [...before, value] : [value];
  document.setIn(path, replacement(document, path, items));
}

/** The way to a path has to be maps, or items a list holds: an empty or wrong value gives way, an alias becomes a copy. */
function openParents(document: Document.Parsed, path: readonly string[]): void {
  for (let length = 1; length < path.length; length++) {
    const parent = path.slice(0, length);
    const node = document.getIn(parent, true);
    if (node === undefined) return;
    if (isMap(node) || (isSeq(node) && node.has(path[length]))) continue;
    const copy = aliased(document, node);
    document.setIn(parent, document.createNode(isRecord(copy) ? copy : {}));
  }
}

/** The plain value behind an alias; `undefined` for any other node. */
function aliased(document: Document.Parsed, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document)?.toJS(document) : undefined;
}

/** Front matter and body as a new Markdown file, keys in the order given. */
export function writeFrontMatter(data: Readonly<Record<string, unknown>>, body: string): string {
  return `---\n${stringify(data, { lineWidth: 0, schema: "core" })}---\n${body}`;
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
