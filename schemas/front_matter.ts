// Front matter: YAML between `---` lines at the head of a Markdown file; reading YAML is
// `yaml_map.ts`, changing it `yaml_change.ts`.
import { stringify } from "yaml";
import { changedYaml, type YamlChange } from "./yaml_change.ts";
import { readYamlMap, type YamlMap } from "./yaml_map.ts";

/** A Markdown file taken apart. */
export interface FrontMatter extends YamlMap {
  /** Everything behind the closing line, byte for byte. */
  readonly body: string;
  /** 1-based line on which the body starts. */
  readonly bodyLine: number;
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
      around.head + changedYaml(yaml, changes, newlineOf(around.head)) + around.tail + around.body,
  };
}

function newlineOf(head: string): "\n" | "\r\n" {
  return head.endsWith("\r\n") ? "\r\n" : "\n";
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
