// What the lines of one memory file add up to, read piece by piece as the file grows. Reading only.
import type { FileHandle } from "node:fs/promises";
import { readMemoryLine } from "./memory_lines.ts";

const NEWLINE = 0x0a;

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
  async readOn(file: FileHandle): Promise<readonly string[]> {
    const { size } = await file.stat();
    const bytes = await readRange(file, this.#readBytes, size);
    const taken: string[] = [];
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      const line = new TextDecoder().decode(bytes.subarray(start, end));
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

async function readRange(file: FileHandle, from: number, to: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.max(0, to - from));
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
