// Lists and maps of plain words on one line of YAML, such as `[analyst, reviewer]` and `{agents: [a]}`:
// for the fast reader of front matter (`plain_yaml.ts`), which leaves everything else to the library.

/** What stands in brackets: a word, or what it is a name for. */
export type FlowScalar = string | number | boolean | null;

type Flow = FlowScalar | readonly Flow[] | { readonly [key: string]: Flow };

/** Words with single spaces between them; nothing that YAML gives a meaning to. */
const WORDS = /[A-Za-z][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./-]+)*/y;
// deno-lint-ignore no-control-regex -- a control character is never plain
const QUOTED = /"([^"\\\u0000-\u001f]*)"|'([^'\u0000-\u001f]*)'/y;
const KEY = /([A-Za-z][A-Za-z0-9_-]*): /y;
const MAX_DEPTH = 4;

/**
 * The value of a text that begins with a bracket; `undefined` if it is not certain what it means.
 * @param meaning what a plain word stands for
 */
export function readPlainFlow(
  text: string,
  meaning: (word: string) => FlowScalar,
): Flow | undefined {
  const reader = new FlowReader(text, meaning);
  const value = reader.value(0);
  return reader.isAtEnd ? value : undefined;
}

/** Once it is not certain of something, it stands at no end any more. */
class FlowReader {
  readonly #text: string;
  readonly #meaning: (word: string) => FlowScalar;
  #at = 0;

  constructor(text: string, meaning: (word: string) => FlowScalar) {
    this.#text = text;
    this.#meaning = meaning;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#text.length;
  }

  value(depth: number): Flow | undefined {
    if (depth > MAX_DEPTH) return this.#giveUp();
    if (this.#takes("[")) return this.#list(depth);
    if (this.#takes("{")) return this.#map(depth);
    const word = this.#match(WORDS);
    if (word) return this.#meaning(word[0]);
    const quoted = this.#match(QUOTED);
    return quoted ? quoted[1] ?? quoted[2] ?? "" : this.#giveUp();
  }

  #list(depth: number): Flow | undefined {
    const items: Flow[] = [];
    if (this.#takes("]")) return items;
    do {
      const item = this.value(depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
    } while (this.#takes(", "));
    return this.#takes("]") ? items : this.#giveUp();
  }

  #map(depth: number): Flow | undefined {
    const entries = new Map<string, Flow>();
    if (this.#takes("}")) return {};
    do {
      const key = this.#match(KEY)?.[1];
      const isText = key !== undefined && this.#meaning(key) === key;
      const value = isText && !entries.has(key) ? this.value(depth + 1) : this.#giveUp();
      if (key === undefined || value === undefined) return undefined;
      entries.set(key, value);
    } while (this.#takes(", "));
    return this.#takes("}") ? Object.fromEntries(entries) : this.#giveUp();
  }

  #takes(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  #giveUp(): undefined {
    this.#at = -1;
    return undefined;
  }
}
