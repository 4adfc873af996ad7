// The log of a run as it grows, read by who does not write it: each byte once. Not here: one look at a
// whole log (`run_log.ts`).
import type { RunEvent } from "../../schemas/run_event.ts";
import { logDamaged, parseLogLine } from "./run_log.ts";

/** What is known of a log. */
export interface LogTail {
  /** In order and without gaps; grows, and is another array only if the log was cut shorter. */
  readonly events: readonly RunEvent[];
  /**
   * Reads whole lines that were added.
   * @throws AppError `RUN_FOLDER_DAMAGED` naming the first line that is no event; what comes before it is told
   */
  catchUp(): void;
  /** Takes an event that the writer told of, if it is the next one. */
  add(event: RunEvent): void;
}

/** Opens a log that need not be there yet. Nothing is read before it is asked. */
export function openLogTail(path: string): LogTail {
  return new Tail(path);
}

class Tail implements LogTail {
  readonly #path: string;
  #events: RunEvent[] = [];
  /** Where the first line begins that was not read from disk. */
  #offset = 0;
  #linesRead = 0;

  constructor(path: string) {
    this.#path = path;
  }

  get events(): readonly RunEvent[] {
    return this.#events;
  }

  add(event: RunEvent): void {
    if (event.seq === this.#events.length + 1) this.#events.push(event);
  }

  catchUp(): void {
    const added = this.#readAdded();
    let begin = 0;
    for (let end = 0; (end = added.indexOf(NEWLINE, begin)) >= 0; begin = end + 1) {
      const isKnown = this.#linesRead < this.#events.length;
      if (!isKnown) this.#take(DECODER.decode(added.subarray(begin, end)));
      this.#linesRead += 1;
      this.#offset += end + 1 - begin;
    }
  }

  #take(line: string): void {
    const event = parseLogLine(line);
    const number = this.#events.length + 1;
    if (event?.seq !== number) throw logDamaged(number);
    this.#events.push(event);
  }

  #readAdded(): Uint8Array {
    using file = openIfThere(this.#path);
    const size = file?.statSync().size ?? 0;
    if (size < this.#offset) [this.#events, this.#offset, this.#linesRead] = [[], 0, 0];
    const content = new Uint8Array(size - this.#offset);
    if (!file || content.length === 0) return content;
    file.seekSync(this.#offset, Deno.SeekMode.Start);
    let length = 0;
    while (length < content.length) {
      const read = file.readSync(content.subarray(length));
      if (read === null) break;
      length += read;
    }
    return content.subarray(0, length);
  }
}

const NEWLINE = 0x0a;
const DECODER = new TextDecoder();

function openIfThere(path: string): Deno.FsFile | undefined {
  try {
    return Deno.openSync(path, { read: true });
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return undefined;
    throw thrown;
  }
}
