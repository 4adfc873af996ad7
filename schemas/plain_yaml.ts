// A fast reader for the plain YAML that nearly all front matter consists of. It gives up at the first
// line it is not sure of, and then the YAML library decides; where it answers, both agree (a test
// compares them). The library needs about 0.15 ms a step file, which is 150 ms for 1,000 nodes.

import { readPlainFlow } from "./plain_flow.ts";

interface Line {
  readonly indent: number;
  readonly text: string;
}

type Scalar = string | number | boolean | null;

/** Anything but the plain subset. Thrown inside this file only. */
const GIVE_UP = Symbol("not plain");

const KEY = /^([A-Za-z][A-Za-z0-9_-]*):(?: +(\S.*))?$/;
// A ":" or "#" only inside a word, so that no plain scalar can be a map or carry a comment.
const PLAIN =
  // deno-lint-ignore no-control-regex -- a control character is never plain
  /^[A-Za-z](?:[^:#\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]|:(?=[\w/])|(?<=\w)#)*$/;
// The times that every change of a state document writes; a text in the core schema.
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;
// deno-lint-ignore no-control-regex -- nor does it stand in quotes
const QUOTED = /^(?:"([^"\\\u0000-\u001f]*)"|'([^'\u0000-\u001f]*)')$/;
const INTEGER = /^(?:0|-?[1-9]\d{0,14})$/;
const WORDS: ReadonlyMap<string, Scalar> = new Map<string, Scalar>([
  ...["true", "True", "TRUE"].map((word) => [word, true] as const),
  ...["false", "False", "FALSE"].map((word) => [word, false] as const),
  ...["null", "Null", "NULL"].map((word) => [word, null] as const),
]);

/**
 * The map that the YAML text holds, or `undefined` if it needs a real YAML reader: comments, flow
 * collections of more than plain words, escapes, anchors, multi-line text, floats, repeated keys, faults.
 */
export function readPlainYaml(yaml: string): Record<string, unknown> | undefined {
  const lines: Line[] = [];
  for (const raw of yaml.split("\n")) {
    const text = raw.trim();
    if (raw.endsWith(" ") || /[\t\r]/.test(raw)) return undefined;
    if (text !== "") lines.push({ indent: raw.length - text.length, text });
  }
  try {
    const reader = new PlainReader(lines);
    return lines[0]?.indent === 0 ? reader.readAll() : undefined;
  } catch (thrown) {
    if (thrown === GIVE_UP) return undefined;
    throw thrown;
  }
}

class PlainReader {
  #next = 0;

  constructor(readonly lines: Line[]) {}

  readAll(): Record<string, unknown> {
    const map = this.#map(0);
    return this.#next === this.lines.length ? map : giveUp();
  }

  #map(indent: number): Record<string, unknown> {
    const entries = new Map<string, unknown>();
    for (
      let line = this.lines[this.#next];
      line?.indent === indent;
      line = this.lines[this.#next]
    ) {
      const [, key, value] = KEY.exec(line.text) ?? giveUp();
      if (key === undefined || entries.has(key) || key === "__proto__" || WORDS.has(key)) giveUp();
      this.#next++;
      entries.set(key, value === undefined ? this.#block(indent) : this.#inline(value, indent));
    }
    return Object.fromEntries(entries);
  }

  /** What stands below a key with nothing behind it. */
  #block(parent: number): unknown {
    const line = this.lines[this.#next];
    if (line === undefined || line.indent < parent) return null;
    if (line.text.startsWith("- ")) return this.#list(line.indent);
    return line.indent > parent ? this.#map(line.indent) : null;
  }

  #list(indent: number): unknown[] {
    const items: unknown[] = [];
    for (
      let line = this.lines[this.#next];
      line?.indent === indent;
      line = this.lines[this.#next]
    ) {
      if (!line.text.startsWith("- ")) break;
      const text = line.text.slice(2).trimStart();
      if (KEY.test(text)) {
        const inner = indent + line.text.length - text.length;
        this.lines[this.#next] = { indent: inner, text };
        items.push(this.#map(inner));
      } else {
        this.#next++;
        items.push(this.#inline(text, indent));
      }
    }
    return items;
  }

  #inline(text: string, indent: number): unknown {
    const following = this.lines[this.#next];
    // A deeper line would belong to this value.
    if (following !== undefined && following.indent > indent) giveUp();
    if (text.startsWith("[") || text.startsWith("{")) {
      return readPlainFlow(text, wordMeaning) ?? giveUp();
    }
    return scalar(text);
  }
}

function scalar(text: string): Scalar {
  const quoted = QUOTED.exec(text);
  if (quoted) return quoted[1] ?? quoted[2] ?? "";
  if (INTEGER.test(text)) return Number(text);
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  return PLAIN.test(text) || TIME.test(text) ? text : giveUp();
}

/** What a word in brackets stands for. */
function wordMeaning(word: string): Scalar {
  const value = WORDS.get(word);
  return value === undefined ? word : value;
}

function giveUp(): never {
  throw GIVE_UP;
}
