// JSON as text: where a value stands, and what is wrong with text that does not parse. Not a parser:
// values come from `JSON.parse`. Without recursion, since a package may nest as deep as it likes.

/** A place in a text, both 1-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Why a text is no JSON. */
export interface JsonFault extends Place {
  readonly message: string;
}

/** Deeper values have no place of their own: no rule of ours points there. */
const MAX_DEPTH = 32;
const WHITE = /[ \t\r\n]*/y;
const WORD = /[^\s{}[\],:"']+/y;
const SCALAR = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

/** The first fault of a text that `JSON.parse` refuses. */
export function jsonFault(text: string): JsonFault {
  const fault = new JsonScan(text).run() ?? { offset: 0, message: "The document is no JSON" };
  return { message: fault.message, ...placeIn(lineStarts(text), fault.offset) };
}

/**
 * Where values stand in a JSON text that parses; a member of an object stands where its key does. What
 * is not asked for is skipped: of a graph of 2,500 nodes and edges a few have findings.
 */
export function jsonPlaces(text: string): (pointer: string) => Place | undefined {
  const opened = new Map<number, ReadonlyMap<string, Member>>();
  const membersAt = (offset: number) => {
    const known = opened.get(offset) ?? membersOf(text, offset);
    opened.set(offset, known);
    return known;
  };
  let starts: readonly number[] | undefined;
  return (pointer) => {
    const names = pointer.split("/").slice(1);
    if (names.length > MAX_DEPTH) return undefined;
    const root = matchEnd(WHITE, text, 0);
    let member: Member | undefined = { offset: root, value: root };
    for (const name of names) {
      member = membersAt(member.value).get(name.replaceAll("~1", "/").replaceAll("~0", "~"));
      if (member === undefined) return undefined;
    }
    return placeIn(starts ??= lineStarts(text), member.offset);
  };
}

/** Where a member of a list or object begins, with its key if it has one, and where its value does. */
interface Member {
  readonly offset: number;
  readonly value: number;
}

/** The members of the value at an offset, by key or index; of two with one key the last. */
function membersOf(text: string, start: number): Map<string, Member> {
  const members = new Map<string, Member>();
  const isObject = text[start] === "{";
  if (!isObject && text[start] !== "[") return members;
  let at = matchEnd(WHITE, text, start + 1);
  for (let index = 0; text[at] !== "}" && text[at] !== "]"; index++) {
    const offset = at;
    if (isObject) at = matchEnd(COLON, text, endOfString(text, at));
    const key = isObject ? JSON.parse(text.slice(offset, endOfString(text, offset))) : index;
    members.set(String(key), { offset, value: at });
    at = matchEnd(COMMA, text, endOfValue(text, at));
  }
  return members;
}

const COLON = /[ \t\r\n]*:[ \t\r\n]*/y;
const COMMA = /[ \t\r\n]*,?[ \t\r\n]*/y;

/** Behind the value that begins at an offset, in a text that parses. */
function endOfValue(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return endOfString(text, start);
  if (first !== "{" && first !== "[") return matchEnd(WORD, text, start);
  let depth = 0;
  for (let at = start;; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfString(text, at) - 1;
    else if (code === 0x7b || code === 0x5b) depth++;
    else if ((code === 0x7d || code === 0x5d) && --depth === 0) return at + 1;
  }
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1;; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code === 0x5c) at++;
  }
}

type Expected = "value" | "key" | "colon" | "comma" | "end";

interface Fault {
  readonly offset: number;
  readonly message: string;
}

/** Looks for the first fault, by the rules of RFC 8259. */
class JsonScan {
  /** What closes the lists and objects that are open. */
  readonly #stack: ("}" | "]")[] = [];
  #expected: Expected = "value";
  /** Right behind an opening bracket, where the closing one may follow. */
  #mayClose = false;
  #at = 0;

  constructor(readonly text: string) {}

  run(): Fault | undefined {
    for (;;) {
      this.#at = matchEnd(WHITE, this.text, this.#at);
      const char = this.text[this.#at];
      if (char === undefined) {
        return this.#expected === "end" ? undefined : this.#fault(this.#endMessage());
      }
      const message = this.#step(char);
      if (message !== undefined) return this.#fault(message);
    }
  }

  /** Reads one token; answers what is wrong with it. */
  #step(char: string): string | undefined {
    if (char === "/") return "JSON has no comments";
    if (char === "'") return 'JSON strings stand in double quotes ("…")';
    if (char === "}" || char === "]") return this.#close(char);
    switch (this.#expected) {
      case "end":
        return "There is text behind the end of the document";
      case "colon":
        return this.#expect(char, ":", "value", "A colon is missing behind the key");
      case "comma": {
        const inObject = this.#stack.at(-1) === "}";
        return this.#expect(char, ",", inObject ? "key" : "value", "A comma is missing");
      }
      case "key":
        return this.#key(char);
      case "value":
        return this.#value(char);
    }
  }

  #expect(char: string, wanted: string, next: Expected, message: string): string | undefined {
    if (char !== wanted) return message;
    this.#at++;
    this.#mayClose = false;
    this.#expected = next;
    return undefined;
  }

  #close(char: string): string | undefined {
    const close = this.#stack.at(-1);
    if (close === undefined) return `"${char}" closes nothing`;
    if (close !== char) return `"${char}" stands where "${close}" belongs`;
    const isComplete = this.#expected === "comma" || this.#mayClose;
    if (!isComplete) {
      return this.#expected === "colon"
        ? "A value is missing behind the key"
        : `A comma or colon stands before "${char}" with nothing behind it`;
    }
    this.#stack.pop();
    this.#at++;
    this.#finishValue();
    return undefined;
  }

  #key(char: string): string | undefined {
    if (char !== '"') return "A key in double quotes belongs here";
    const fault = this.#string();
    if (fault) return fault;
    this.#mayClose = false;
    this.#expected = "colon";
    return undefined;
  }

  #value(char: string): string | undefined {
    if (char === "{" || char === "[") {
      this.#open(char);
      return undefined;
    }
    if (char === '"') {
      const fault = this.#string();
      if (fault) return fault;
    } else {
      const end = matchEnd(WORD, this.text, this.#at);
      const word = this.text.slice(this.#at, end);
      if (!SCALAR.test(word)) return `A value belongs here, not ${JSON.stringify(word || char)}`;
      this.#at = end;
    }
    this.#finishValue();
    return undefined;
  }

  #open(char: "{" | "["): void {
    const isObject = char === "{";
    this.#stack.push(isObject ? "}" : "]");
    this.#expected = isObject ? "key" : "value";
    this.#mayClose = true;
    this.#at++;
  }

  #finishValue(): void {
    this.#expected = this.#stack.length > 0 ? "comma" : "end";
    this.#mayClose = false;
  }

  #string(): string | undefined {
    for (let at = this.#at + 1; at < this.text.length; at++) {
      const code = this.text.charCodeAt(at);
      if (code === 0x22) {
        this.#at = at + 1;
        return undefined;
      }
      if (code < 0x20) {
        this.#at = at;
        return "A string ends in the line where it starts; write a line break as \\n";
      }
      if (code !== 0x5c) continue;
      const escape = /^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(this.text.slice(at, at + 6));
      if (!escape) {
        this.#at = at;
        return "A backslash in a string is written as \\\\";
      }
      at += escape[0].length - 1;
    }
    return 'A string is not closed with "';
  }

  #endMessage(): string {
    const close = this.#stack.at(-1);
    return close ? `The document ends before "${close}"` : "The document is empty";
  }

  #fault(message: string): Fault {
    return { offset: this.#at, message };
  }
}

function matchEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function placeIn(starts: readonly number[], offset: number): Place {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}
