// The log of a run: one JSON object a line, append-only. It is the conversation, so what it does not
// hold did not happen. Not here: what the events mean (`conversation.ts`).
import { dirname } from "node:path";
import { AppError } from "../../schemas/error.ts";
import type { RunEvent, RunEventBody } from "../../schemas/run_event.ts";
import { syncFolder, writeAll, writeFileAtomic } from "../disk/durable.ts";

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
 * Opens a run's log for appending. A torn last line, left by a crash or a full disk, is cut off. Where a
 * line before it is damaged, the whole log is kept beside it, and what follows that line is left out:
 * `log_damaged` tells so, and the run goes on from its state document.
 */
export function openRunLog(path: string, runId: string): RunLog {
  const { events, bytes, damagedLine } = readWholeLines(path);
  if (damagedLine !== undefined) {
    writeFileAtomic(`${path}.damaged-${Date.now()}`, Deno.readFileSync(path));
  }
  const file = Deno.openSync(path, { create: true, write: true, read: true });
  file.truncateSync(bytes);
  file.seekSync(0, Deno.SeekMode.End);
  if (bytes === 0) syncFolder(dirname(path));
  const encoder = new TextEncoder();
  let { seq, at: lastAt } = events.at(-1) ?? { seq: 0, at: "" };
  let synced = true;
  const log: RunLog = {
    history: events,
    append(body, place = {}) {
      const { type, ...rest } = body;
      const envelope = { seq: seq + 1, at: latest(lastAt), type, runId, ...place };
      const event = { ...envelope, ...rest } as RunEvent;
      writeAll(file, encoder.encode(`${JSON.stringify(event)}\n`));
      seq += 1;
      lastAt = event.at;
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
  if (damagedLine !== undefined) {
    events.push(log.append({ type: "log_damaged", line: damagedLine }));
  }
  return log;
}

/**
 * The events of a log on disk, without opening it for writing; a torn last line is left out.
 * @throws AppError `RUN_FOLDER_DAMAGED` naming the first line before it that is no event
 */
export function readRunLog(path: string): RunEvent[] {
  const { events, damagedLine } = readWholeLines(path);
  if (damagedLine === undefined) return events;
  throw logDamaged(damagedLine);
}

/** `RUN_FOLDER_DAMAGED` for a line, 1-based, that is no event. */
export function logDamaged(line: number): AppError {
  return new AppError(
    "RUN_FOLDER_DAMAGED",
    `Line ${line} of the run's log is damaged. "crewagent resume" sets it aside and goes on from the state document`,
  );
}

/** The events of a log's text, as far as they can be read. */
export function parseRunLog(text: string): RunEvent[] {
  return text.split("\n").filter((line) => line !== "").flatMap((line) => parseLogLine(line) ?? []);
}

/** Now, but never before the last event: a clock that is set back must not turn the story round. */
function latest(lastAt: string): string {
  const now = new Date().toISOString();
  return now > lastAt ? now : lastAt;
}

interface ReadLog {
  readonly events: RunEvent[];
  /** Length of what was read: whole lines, up to the first that is damaged. */
  readonly bytes: number;
  /** 1-based; some line before the last is no event. */
  readonly damagedLine?: number;
}

function readWholeLines(path: string): ReadLog {
  let content: Uint8Array;
  try {
    content = Deno.readFileSync(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return { events: [], bytes: 0 };
    throw cause;
  }
  const end = content.lastIndexOf(NEWLINE) + 1;
  const lines = new TextDecoder().decode(content.subarray(0, end)).split("\n");
  lines.pop();
  const events: RunEvent[] = [];
  for (const line of lines) {
    const event = parseLogLine(line);
    if (event?.seq !== events.length + 1) {
      return { events, bytes: lengthOf(content, events.length), damagedLine: events.length + 1 };
    }
    events.push(event);
  }
  return { events, bytes: end };
}

const NEWLINE = 0x0a;

function lengthOf(content: Uint8Array, lines: number): number {
  let end = 0;
  for (let line = 0; line < lines; line++) end = content.indexOf(NEWLINE, end) + 1;
  return end;
}

/** The event of a line; `undefined` for what is no JSON. */
export function parseLogLine(line: string): RunEvent | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
