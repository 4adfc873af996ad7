// Front matter: YAML between `---` lines at the head of a Markdown file. The only file that imports
// the YAML library. Comments, key order and unknown keys survive a change.
import { Document, isMap, isSeq, LineCounter, parseDocument, stringify } from "yaml";

/** A Markdown file taken apart. */
export interface FrontMatter {
  /** The map as plain values; dates stay strings (core schema). */
  readonly data: Record<string, unknown>;
  /** Everything behind the closing line, byte for byte. */
  readonly body: string;
  /** 1-based line on which the body starts. */
  readonly bodyLine: number;
  /** Where a value stands in the file, 1-based, or `undefined` if the path does not exist. */
  locate(path: readonly (string | number)[]): { line: number; column: number } | undefined;
  /** The file with changed front matter; `mutate` edits the YAML document in place. */
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
export type FrontMatterResult =
  | { readonly ok: true; readonly value: FrontMatter }
  | { readonly ok: false; readonly problem: FrontMatterProblem };

const BOM = "\uFEFF";
const MAX_ALIASES = 100;

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
  const lines = new LineCounter();
  const document = parseYaml(yaml, lines);
  const [error] = document.errors;
  if (error) {
    const at = lines.linePos(error.pos[0]);
    const message = error.message.split("\n")[0] ?? error.message;
    return problem("FRONT_MATTER_YAML", message.replace(/ at line .*$/, ""), at.line + 1, at.col);
  }
  if (document.contents !== null && !isMap(document.contents)) {
    return problem("FRONT_MATTER_NOT_A_MAP", "The front matter is not a map of keys", 2, 1);
  }
  let data: Record<string, unknown>;
  try {
    data = (document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {}) as Record<string, unknown>;
  } catch (cause) {
    return problem(
      "FRONT_MATTER_YAML",
      cause instanceof Error ? cause.message : String(cause),
      2,
      1,
    );
  }
  return {
    ok: true,
    value: {
      data,
      body: around.body,
      bodyLine: countLines(around.head + yaml + around.tail) + 1,
      locate: (path) => locate(document, lines, path),
      withChanges: (changes) =>
        around.head + changedYaml(yaml, changes, around.head) + around.tail + around.body,
    },
  };
}

function parseYaml(yaml: string, lines?: LineCounter): Document.Parsed {
  return parseDocument(yaml, {
    schema: "core",
    uniqueKeys: true,
    prettyErrors: true,
    ...(lines && { lineCounter: lines }),
  });
}

function changedYaml(yaml: string, changes: readonly FrontMatterChange[], head: string): string {
  const document = parseYaml(yaml);
  for (const change of changes) {
    const path = [...change.path];
    if ("set" in change) {
      document.setIn(path, document.createNode(change.set));
      continue;
    }
    const list = document.getIn(path);
    if (isSeq(list)) {
      if (list.items.length === 0) list.flow = false;
      list.add(document.createNode(change.append));
    } else document.setIn(path, document.createNode([change.append]));
  }
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: false });
  return head.endsWith("\r\n") ? text.replace(/\r?\n/g, "\r\n") : text;
}

function locate(
  document: Document.Parsed,
  lines: LineCounter,
  path: readonly (string | number)[],
): { line: number; column: number } | undefined {
  const node = path.length === 0 ? document.contents : document.getIn([...path], true);
  const range = (node as { range?: [number, number, number] | null } | undefined)?.range;
  if (!range) return undefined;
  const { line, col } = lines.linePos(range[0]);
  return { line: line + 1, column: col };
}

/** Front matter and body as a new Markdown file, keys in the order given. */
export function writeFrontMatter(data: Readonly<Record<string, unknown>>, body: string): string {
  return `---\n${stringify(data, { lineWidth: 0, schema: "core" })}---\n${body}`;
}

/** A YAML document as plain values, for files that are YAML as a whole. Throws `SyntaxError`. */
export function readYaml(text: string): unknown {
  const document = parseYaml(text);
  const [error] = document.errors;
  if (error) throw new SyntaxError(error.message);
  return document.toJS({ maxAliasCount: MAX_ALIASES });
}

function problem(
  code: FrontMatterProblem["code"],
  message: string,
  line: number,
  column: number,
): FrontMatterResult {
  return { ok: false, problem: { code, message, line, column } };
}

function countLines(text: string): number {
  return text.split("\n").length - 1;
}
