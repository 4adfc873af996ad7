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
const MAX_KEY_CHARS = 256;
const WHITE = /[ \t\r\n]*/y;
const WORD = /[^\s{}[\],:"']+/y;
const SCALAR = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

/** The first fault of a text that `JSON.parse` refuses. */
export function jsonFault(text: string): JsonFault {
  const fault = scan(text, () => {}) ?? { offset: 0, message: "The document is no JSON" };
  return { message: fault.message, ...placeIn(lineStarts(text), fault.offset) };
}

/** Where values stand in a JSON text that parses; a member of an object stands where its key does. */
export function jsonPlaces(text: string): (pointer: string) => Place | undefined {
  const offsets = new Map<string, number>();
  scan(text, (pointer, offset) => offsets.set(pointer, offset));
  const starts = lineStarts(text);
  return (pointer) => {
    const offset = offsets.get(pointer);
    return offset === undefined ? undefined : placeIn(starts, offset);
  };
}

type Expected = "value" | "key" | "colon" | "comma" | "end";

interface Frame {
  readonly close: "}" | "]";
  /** `undefined` where places are no longer kept. */
  readonly pointer: string | undefined;
  /** Key or index of the member that is being read. */
  member: string | number;
}

interface Fault {
  readonly offset: number;
  readonly message: string;
}

type OnValue = (pointer: string, offset: number) => void;

function scan(text: string, onValue: OnValue): Fault | undefined {
  return new JsonScan(text, onValue).run();
}

class JsonScan {
  readonly #stack: Frame[] = [];
  #expected: Expected = "value";
  /** Right behind an opening bracket, where the closing one may follow. */
  #mayClose = false;
  #at = 0;

  constructor(readonly text: string, readonly onValue: OnValue) {}

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
        const inObject = this.#stack.at(-1)?.close === "}";
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
    const frame = this.#stack.at(-1);
    if (frame === undefined) return `"${char}" closes nothing`;
    if (frame.close !== char) return `"${char}" stands where "${frame.close}" belongs`;
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
    const start = this.#at;
    const fault = this.#string();
    if (fault) return fault;
    const frame = this.#stack.at(-1);
    if (frame) frame.member = JSON.parse(this.text.slice(start, this.#at)) as string;
    this.#report(start);
    this.#mayClose = false;
    this.#expected = "colon";
    return undefined;
  }

  #value(char: string): string | undefined {
    const frame = this.#stack.at(-1);
    if (frame?.close !== "}") this.#report(this.#at);
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
    this.#stack.push({
      close: isObject ? "}" : "]",
      pointer: this.#pointer(),
      member: isObject ? "" : 0,
    });
    this.#expected = isObject ? "key" : "value";
    this.#mayClose = true;
    this.#at++;
  }

  #finishValue(): void {
    const frame = this.#stack.at(-1);
    if (typeof frame?.member === "number") frame.member++;
    this.#expected = frame ? "comma" : "end";
    this.#mayClose = false;
  }

  #report(offset: number): void {
    const pointer = this.#pointer();
    if (pointer !== undefined) this.onValue(pointer, offset);
  }

  #pointer(): string | undefined {
    const frame = this.#stack.at(-1);
    if (frame === undefined) return "";
    const member = String(frame.member);
    if (this.#stack.length > MAX_DEPTH || member.length > MAX_KEY_CHARS) return undefined;
    const escaped = member.replaceAll("~", "~0").replaceAll("/", "~1");
    return frame.pointer === undefined ? undefined : `${frame.pointer}/${escaped}`;
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
    const frame = this.#stack.at(-1);
    return frame ? `The document ends before "${frame.close}"` : "The document is empty";
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
