// What the lines of one memory file add up to, read piece by piece as the file grows. Reading only, and
// in small calls that do not wait: `scope_log.ts` says why.
import { fstatSync, readSync } from "node:fs";
import { readMemoryLine } from "./memory_lines.ts";

const NEWLINE = 0x0a;
// Without state between calls; ours and others' lines are whole.
const DECODER = new TextDecoder();

interface LiveEntry {
  readonly value: unknown;
  readonly bytes: number;
}

/** The state of a scope as far as its file was read. Whoever holds one reads one open file with it. */
export class ScopeView {
  readonly #entries = new Map<string, LiveEntry>();
  readonly #damaged: string[] = [];
  #readBytes = 0;
  #liveBytes = 0;
  #sealed = false;
  #torn = false;

  /** A compaction has begun: what was appended since does not count. */
  get sealed(): boolean {
    return this.#sealed;
  }

  /** The file ended inside a line: it was cut off, or is being written. */
  get torn(): boolean {
    return this.#torn;
  }

  /** Lines that could not be read, as they are. */
  get damaged(): readonly string[] {
    return this.#damaged;
  }

  /** Bytes read so far. */
  get readBytes(): number {
    return this.#readBytes;
  }

  /** Bytes of the lines that still count. */
  get liveBytes(): number {
    return this.#liveBytes;
  }

  /** The last value of each key. */
  get entries(): ReadonlyMap<string, { readonly value: unknown }> {
    return this.#entries;
  }

  /**
   * Reads on from where it stopped.
   * @returns the lines it took in, in order, without what stands behind a seal
   */
  readOn(file: number): readonly string[] {
    const { size } = fstatSync(file);
    return this.#takeIn(readRange(file, this.#readBytes, size));
  }

  /**
   * Takes in what was just appended; reads it back only where somebody else wrote in between.
   * @returns as `readOn`
   */
  readOwn(file: number, appended: Uint8Array): readonly string[] {
    const { size } = fstatSync(file);
    const isAlone = size === this.#readBytes + appended.length;
    return isAlone ? this.#takeIn(appended) : this.readOn(file);
  }

  #takeIn(bytes: Uint8Array): readonly string[] {
    const taken: string[] = [];
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      const line = DECODER.decode(bytes.subarray(start, end));
      if (!this.#sealed) this.#take(line, end + 1 - start);
      if (!this.#sealed) taken.push(line);
      start = end + 1;
    }
    this.#readBytes += start;
    this.#torn = start < bytes.length;
    return taken;
  }

  #take(line: string, bytes: number): void {
    const read = readMemoryLine(line);
    if (read.kind === "seal") this.#sealed = true;
    if (read.kind === "damaged") this.#damaged.push(line);
    if (read.kind !== "change") return;
    const { change } = read;
    this.#liveBytes -= this.#entries.get(change.key)?.bytes ?? 0;
    this.#entries.delete(change.key);
    if ("deleted" in change) return;
    this.#entries.set(change.key, { value: change.value, bytes });
    this.#liveBytes += bytes;
  }
}

function readRange(file: number, from: number, to: number): Uint8Array {
  const bytes = new Uint8Array(Math.max(0, to - from));
  let filled = 0;
  while (filled < bytes.length) {
    const count = readSync(file, bytes, filled, bytes.length - filled, from + filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}
