// Cuts a stream of bytes into lines of bounded length. Knows nothing about what they say.

const LF = 10;

/** Where the lines go. */
export interface LineSink {
  /** A whole line without its end; damaged UTF-8 is replaced. */
  line(text: string): void;
  /** A line went over the limit; it is dropped to its end. Told once a line, as soon as it is known. */
  tooLong(): void;
}

/** Collects chunks into lines. Memory is bounded by `maxBytes`, however long a line is. */
export class LineSplitter {
  readonly #maxBytes: number;
  readonly #sink: LineSink;
  #parts: Uint8Array[] = [];
  #bytes = 0;
  #dropping = false;

  constructor(maxBytes: number, sink: LineSink) {
    this.#maxBytes = maxBytes;
    this.#sink = sink;
  }

  /** Takes the next chunk, which must not be changed afterwards. */
  push(chunk: Uint8Array): void {
    let from = 0;
    for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, from)) {
      this.#keep(chunk.subarray(from, at));
      this.#endLine();
      from = at + 1;
    }
    this.#keep(chunk.subarray(from));
  }

  #keep(part: Uint8Array): void {
    if (this.#dropping || part.length === 0) return;
    this.#bytes += part.length;
    if (this.#bytes <= this.#maxBytes) {
      this.#parts.push(part);
      return;
    }
    this.#dropping = true;
    this.#parts = [];
    this.#sink.tooLong();
  }

  #endLine(): void {
    const parts = this.#parts;
    const dropped = this.#dropping;
    this.#parts = [];
    this.#bytes = 0;
    this.#dropping = false;
    if (!dropped) this.#sink.line(decode(parts));
  }
}

function decode(parts: readonly Uint8Array[]): string {
  const decoder = new TextDecoder();
  const text = parts.map((part) => decoder.decode(part, { stream: true })).join("");
  return (text + decoder.decode()).replace(/\r$/, "");
}
