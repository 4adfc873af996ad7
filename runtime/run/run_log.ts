// The log of a run: one JSON object a line, append-only. It is the conversation, so what it does not
// hold did not happen. Not here: what the events mean (`conversation.ts`).
import type { RunEvent, RunEventBody } from "../../schemas/run_event.ts";

/** Where an event belongs. */
export interface EventPlace {
  readonly nodeId?: string;
  readonly turn?: number;
}

/** An open log; one process writes, any number read. */
export interface RunLog {
  /** Everything the log held when it was opened, in order. */
  readonly history: readonly RunEvent[];
  /** Writes one line and returns the event with its `seq`. On disk for good only after `sync`. */
  append(body: RunEventBody, place?: EventPlace): RunEvent;
  /** Forces what was appended to disk (fdatasync); cheap if nothing was. */
  sync(): void;
  close(): void;
}

/**
 * Opens a run's log for appending. A torn last line, left by a crash or a full disk, is cut off.
 * @throws SyntaxError if a line before the last cannot be read
 */
export function openRunLog(path: string, runId: string): RunLog {
  const { events, bytes } = readWholeLines(path);
  const file = Deno.openSync(path, { create: true, write: true, read: true });
  file.truncateSync(bytes);
  file.seekSync(0, Deno.SeekMode.End);
  const encoder = new TextEncoder();
  let seq = events.at(-1)?.seq ?? 0;
  let synced = true;
  return {
    history: events,
    append(body, place = {}) {
      const { type, ...rest } = body;
      const envelope = { seq: seq + 1, at: new Date().toISOString(), type, runId, ...place };
      const event = { ...envelope, ...rest } as RunEvent;
      writeAll(file, encoder.encode(`${JSON.stringify(event)}\n`));
      seq += 1;
      synced = false;
      return event;
    },
    sync() {
      if (synced) return;
      file.syncDataSync();
      synced = true;
    },
    close: () => file.close(),
  };
}

/** The events of a log on disk, without opening it for writing; a torn last line is left out. */
export function readRunLog(path: string): RunEvent[] {
  return readWholeLines(path).events;
}

function readWholeLines(path: string): { events: RunEvent[]; bytes: number } {
  let content: Uint8Array;
  try {
    content = Deno.readFileSync(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return { events: [], bytes: 0 };
    throw cause;
  }
  const end = content.lastIndexOf(0x0a) + 1;
  const lines = new TextDecoder().decode(content.subarray(0, end)).split("\n");
  lines.pop();
  return { events: lines.map((line, index) => parseLine(line, index)), bytes: end };
}

function parseLine(line: string, index: number): RunEvent {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new SyntaxError(`Line ${index + 1} of the run's log is not JSON`, { cause });
  }
}

function writeAll(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    written += file.writeSync(bytes.subarray(written));
  }
}
