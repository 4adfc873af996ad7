// The wanted lines of a text that arrives in chunks, while the whole of it is hashed and counted.
import { createHash } from "node:crypto";
import type { LineWindow, ReadText } from "./worker_protocol.ts";

/** What is shown of lines that are over the limit, at most. */
const PREVIEW_BYTES = 16 * 1024;

const LF = 10;

/** Collects one window of lines. Memory is bounded by `maxBytes`, whatever the text's size. */
export class TextWindow {
  readonly #from: number;
  readonly #to: number;
  readonly #maxBytes: number;
  readonly #hash = createHash("sha256");
  readonly #kept: Uint8Array[] = [];
  #keptBytes = 0;
  #wantedBytes = 0;
  #bytes = 0;
  #newlines = 0;
  #endsInNewline = true;

  constructor({ startLine = 1, endLine = Infinity, maxBytes }: LineWindow & { maxBytes: number }) {
    this.#from = startLine;
    this.#to = endLine;
    this.#maxBytes = maxBytes;
  }

  /** Takes the next chunk; it may be reused afterwards. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
    this.#endsInNewline = chunk[chunk.length - 1] === LF;
    const firstLine = this.#newlines + 1;
    let from = firstLine >= this.#from && firstLine <= this.#to ? 0 : chunk.length;
    let to = chunk.length;
    for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, at + 1)) {
      this.#newlines++;
      if (this.#newlines + 1 === this.#from) from = at + 1;
      if (this.#newlines === this.#to) to = at + 1;
    }
    this.#keep(chunk.subarray(from, to));
  }

  /** Ends the text. `endLine` is the last line of the text if the window reaches behind it. */
  finish(): ReadText {
    const totalLines = this.#newlines + (this.#endsInNewline ? 0 : 1);
    const truncated = this.#wantedBytes > this.#maxBytes;
    const kept = concatenate(this.#kept, this.#keptBytes);
    const { text, damaged } = decode(truncated ? preview(kept) : kept, truncated);
    return {
      bytes: this.#bytes,
      sha256: this.#hash.digest("hex"),
      totalLines,
      startLine: this.#from,
      endLine: Math.min(this.#to, totalLines),
      text,
      truncated,
      damaged,
    };
  }

  #keep(part: Uint8Array): void {
    this.#wantedBytes += part.length;
    const piece = part.slice(0, this.#maxBytes - this.#keptBytes);
    this.#kept.push(piece);
    this.#keptBytes += piece.length;
  }
}

function concatenate(parts: readonly Uint8Array[], bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The beginning, cut behind a line where there is one. */
function preview(bytes: Uint8Array): Uint8Array {
  const head = bytes.subarray(0, PREVIEW_BYTES);
  return head.subarray(0, head.lastIndexOf(LF) + 1 || head.length);
}

/** `cut`: the last character may be torn; it is dropped and is no damage. */
function decode(bytes: Uint8Array, cut: boolean): { text: string; damaged: boolean } {
  const options = { ignoreBOM: true };
  try {
    const decoder = new TextDecoder("utf-8", { ...options, fatal: true });
    return { text: decoder.decode(bytes, { stream: cut }), damaged: false };
  } catch {
    return { text: new TextDecoder("utf-8", options).decode(bytes), damaged: true };
  }
}
