// The last part of a stream of text, for people who ask why a server failed.

/** Keeps the end of what is pushed; older text falls out. */
export class TextRing {
  readonly #maxBytes: number;
  #chunks: Uint8Array[] = [];
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Takes the next chunk, which must not be changed afterwards. */
  push(chunk: Uint8Array): void {
    // A copy, so that a small rest does not keep a large buffer alive.
    const kept = chunk.slice(-this.#maxBytes);
    this.#chunks.push(kept);
    this.#bytes += kept.length;
    while (this.#bytes - (this.#chunks[0]?.length ?? 0) >= this.#maxBytes) {
      this.#bytes -= this.#chunks.shift()?.length ?? 0;
    }
    // Many tiny chunks would cost more than what they hold.
    if (this.#chunks.length > MAX_CHUNKS) this.#chunks = [concatenate(this.#chunks, this.#bytes)];
  }

  /** The end of the text, at most `maxBytes` of it. */
  text(): string {
    return new TextDecoder().decode(concatenate(this.#chunks, this.#bytes).slice(-this.#maxBytes));
  }
}

const MAX_CHUNKS = 256;

function concatenate(chunks: readonly Uint8Array[], bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
