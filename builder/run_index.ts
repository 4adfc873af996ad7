// What lists of runs need of the run folders, kept in memory as long as the files are what they were: a
// page over thousands of runs reads only those that changed. Not here: whose a run is (`live_runs.ts`).
import { join } from "node:path";
import { readRecord, runFolder, type RunRecord } from "../runtime/run/run_folder.ts";
import { NOTHING_SPENT, spend, type Spent } from "../runtime/run/usage.ts";
import { RUN_ID_PATTERN } from "../schemas/ids.ts";
import { isRecord } from "../schemas/record.ts";
import type { RunEvent } from "../schemas/run_event.ts";

/** The runs of a data folder. Everything is as the files are at the moment of the call. */
export interface RunIndex {
  /** Newest first; folders without a readable record are left out. */
  records(): readonly RunRecord[];
  /** What a run's log counts; nothing, where there is no log that can be read. */
  spent(runId: string): Spent;
}

/** An index over a data folder; nothing is read before it is asked. */
export function openRunIndex(dataDir: string): RunIndex {
  const records = new Map<string, Kept<RunRecord>>();
  const counts = new Map<string, Kept<Spent>>();
  return {
    records() {
      const runIds = runIdsIn(dataDir);
      forgetOthers(runIds, records, counts);
      return runIds.flatMap((runId) => recordOf(dataDir, runId, records) ?? []);
    },
    spent: (runId) => spentOf(runFolder(dataDir, runId).logPath, runId, counts),
  };
}

interface Kept<Value> {
  readonly stamp: string;
  readonly bytes: number;
  readonly value: Value;
}

function runIdsIn(dataDir: string): readonly string[] {
  try {
    return [...Deno.readDirSync(join(dataDir, "runs"))]
      .filter(({ isDirectory, name }) => isDirectory && RUN_ID_PATTERN.test(name))
      .map(({ name }) => name)
      .sort()
      .reverse();
  } catch {
    return [];
  }
}

function forgetOthers(runIds: readonly string[], ...kept: readonly Map<string, unknown>[]): void {
  const present = new Set(runIds);
  for (const map of kept) {
    for (const runId of map.keys()) if (!present.has(runId)) map.delete(runId);
  }
}

function recordOf(
  dataDir: string,
  runId: string,
  kept: Map<string, Kept<RunRecord>>,
): RunRecord | undefined {
  const folder = runFolder(dataDir, runId);
  const file = statOf(folder.recordPath);
  if (file === undefined) return undefined;
  const known = kept.get(runId);
  // A record is replaced as a whole, so another content is another file, even of the same millisecond.
  const stamp = `${file.ino} ${file.mtime?.getTime()} ${file.size}`;
  if (known?.stamp === stamp) return known.value;
  try {
    const value = readRecord(folder);
    kept.set(runId, { stamp, bytes: file.size, value });
    return value;
  } catch {
    return undefined;
  }
}

/** A log only grows, except that a torn last line is cut off, which was not counted. */
function spentOf(path: string, runId: string, kept: Map<string, Kept<Spent>>): Spent {
  const file = statOf(path);
  if (file === undefined) return NOTHING_SPENT;
  const stamp = `${file.ino}`;
  const known = kept.get(runId);
  const isSame = known?.stamp === stamp && known.bytes <= file.size;
  const { bytes, value } = isSame ? known : { bytes: 0, value: NOTHING_SPENT };
  if (bytes === file.size) return value;
  try {
    const added = readFrom(path, bytes, file.size - bytes);
    const whole = added.subarray(0, added.lastIndexOf(NEWLINE) + 1);
    const sum = usagesIn(new TextDecoder().decode(whole)).reduce(spend, value);
    kept.set(runId, { stamp, bytes: bytes + whole.length, value: sum });
    return sum;
  } catch {
    return value;
  }
}

const NEWLINE = 0x0a;
const USAGE = '"type":"usage"';

/** Logs are long and few of their lines count anything, so only those are parsed. */
function usagesIn(text: string): (RunEvent & { type: "usage" })[] {
  const found: (RunEvent & { type: "usage" })[] = [];
  for (let at = text.indexOf(USAGE); at >= 0; at = text.indexOf(USAGE, at + 1)) {
    const end = text.indexOf("\n", at);
    const line: unknown = JSON.parse(text.slice(text.lastIndexOf("\n", at) + 1, end));
    // The words may stand in the arguments of a tool call, too.
    if (isRecord(line) && line.type === "usage") {
      found.push(line as unknown as RunEvent & { type: "usage" });
    }
    at = end;
  }
  return found;
}

function readFrom(path: string, offset: number, bytes: number): Uint8Array {
  using file = Deno.openSync(path, { read: true });
  file.seekSync(offset, Deno.SeekMode.Start);
  const content = new Uint8Array(bytes);
  let length = 0;
  while (length < bytes) {
    const read = file.readSync(content.subarray(length));
    if (read === null) break;
    length += read;
  }
  return content.subarray(0, length);
}

function statOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch {
    return undefined;
  }
}
