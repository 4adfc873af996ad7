// What a program wrote, whatever its size: the beginning, the end, and how much is missing between.

/** Keeps the first and the last half of `maxBytes`. */
export class HeadAndTail {
  readonly #head: Uint8Array;
  readonly #tail: Uint8Array;
  #bytes = 0;

  constructor(maxBytes: number) {
    const half = Math.floor(maxBytes / 2);
    this.#head = new Uint8Array(maxBytes - half);
    this.#tail = new Uint8Array(half);
  }

  /** Takes the next chunk. */
  push(chunk: Uint8Array): void {
    const room = this.#head.length - this.#bytes;
    if (room > 0) this.#head.set(chunk.subarray(0, room), this.#bytes);
    this.#keepEnd(chunk.subarray(Math.max(0, room)));
    this.#bytes += chunk.length;
  }

  /** Of all that was pushed. */
  get bytes(): number {
    return this.#bytes;
  }

  get isCut(): boolean {
    return this.#bytes > this.#head.length + this.#tail.length;
  }

  /** As UTF-8; what is left out is named in a line of its own. */
  text(): string {
    const head = this.#head.subarray(0, this.#bytes);
    const tail = this.#end();
    if (!this.isCut) return decode(joined(head, tail));
    const missing = this.#bytes - head.length - tail.length;
    const note = `\n… ${missing} bytes are left out here …\n`;
    return new TextDecoder().decode(head, { stream: true }) + note + decode(afterTorn(tail));
  }

  /** The tail is a ring: byte `n` behind the head lies at `n` modulo its size. */
  #keepEnd(chunk: Uint8Array): void {
    const size = this.#tail.length;
    if (size === 0 || chunk.length === 0) return;
    const behindHead = Math.max(0, this.#bytes - this.#head.length);
    const kept = chunk.subarray(-size);
    const start = (behindHead + chunk.length - kept.length) % size;
    const first = kept.subarray(0, size - start);
    this.#tail.set(first, start);
    this.#tail.set(kept.subarray(first.length), 0);
  }

  #end(): Uint8Array {
    const size = this.#tail.length;
    const behindHead = Math.max(0, this.#bytes - this.#head.length);
    if (behindHead <= size) return this.#tail.subarray(0, behindHead);
    const start = behindHead % size;
    return joined(this.#tail.subarray(start), this.#tail.subarray(0, start));
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first, 0);
  whole.set(second, first.length);
  return whole;
}

/** Without the rest of a character whose beginning is missing. */
function afterTorn(bytes: Uint8Array): Uint8Array {
  const start = bytes.findIndex((byte) => (byte & 0xc0) !== 0x80);
  return start < 0 ? bytes.subarray(0, 0) : bytes.subarray(start);
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
