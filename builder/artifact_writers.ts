// Who wrote the files of a project: for the artifacts of one run, and for a file over several runs. Not
// here: whose the runs are, which the caller has to know.
import { type FileWrite, fileWrites, type Writer } from "../runtime/run/file_writes.ts";
import { type LineRange, lineWriters } from "../runtime/run/line_writers.ts";
import { readBlob } from "../runtime/run/changes.ts";
import { runFolder, type RunRecord } from "../runtime/run/run_folder.ts";
import { parseRunLog, readRunLog } from "../runtime/run/run_log.ts";
import { openProjectFiles } from "../runtime/tools/project_files.ts";
import { readableText } from "./readable_text.ts";
import type { ChangedRun } from "./run_changes.ts";

/** A file that a run left in its project. */
export interface Artifact {
  /** Mount path. */
  readonly path: string;
  /** `null`: the file is gone. */
  readonly sizeBytes: number | null;
  readonly sha256: string | null;
  /** It does not hold what the run left. */
  readonly isForeign: boolean;
  /** How many calls wrote it. */
  readonly writes: number;
  readonly madeBy: Writer;
  readonly lastWriter: Writer;
}

/** Every file that the run wrote and did not remove or put back, in the order of the first write. */
export async function artifactsOfRun({ dataDir, record }: ChangedRun): Promise<Artifact[]> {
  const events = readRunLog(runFolder(dataDir, record.runId).logPath);
  const left = [...Map.groupBy(fileWrites(events), ({ path }) => path)]
    .map(([path, writes]) => ({ path, writes: sinceMade(writes) }))
    .filter(({ writes }) => writes.length > 0);
  if (left.length === 0) return [];
  const files = openProjectFiles(record.projectDir, dataDir);
  try {
    return await Promise.all(left.map(async ({ path, writes }) => {
      const now = await files.load(path);
      const [first, last] = [writes[0], writes.at(-1)] as [FileWrite, FileWrite];
      return {
        path,
        sizeBytes: now?.bytes.length ?? null,
        sha256: now?.sha256 ?? null,
        isForeign: (now?.sha256 ?? null) !== last.sha256After,
        writes: writes.length,
        madeBy: first.writer,
        lastWriter: last.writer,
      };
    }));
  } finally {
    files.close();
  }
}

/** What made the file that is there: nothing, if the last that happened removed it or put it back. */
function sinceMade(writes: readonly FileWrite[]): readonly FileWrite[] {
  const gone = writes.findLastIndex(({ sha256After, writer }) =>
    sha256After === null || writer.isRevert
  );
  return writes.slice(gone + 1);
}

/** A file with who wrote it. */
export interface WrittenFile {
  readonly path: string;
  /** What it holds now; `null` if it is gone. */
  readonly bytes: Uint8Array<ArrayBuffer> | null;
  readonly sha256: string | null;
  /** Of all the runs asked for; `null` if none of them wrote it. */
  readonly lastWriter: Writer | null;
  /** Who wrote each line; `null` for what is no text, or too large. */
  readonly lines: readonly LineRange[] | null;
}

/** Runs on one project, and a file there. */
export interface WrittenFileRequest {
  readonly dataDir: string;
  readonly projectDir: string;
  /** Those that are asked; each has to be on this project. */
  readonly runs: readonly RunRecord[];
  /** Mount path. */
  readonly path: string;
}

/**
 * A file of a project, and which call of these runs wrote each of its lines; the latest counts.
 * @throws AppError `FILE_WRITE_FAILED` for a path that is none of the project
 */
export async function writtenFile(request: WrittenFileRequest): Promise<WrittenFile> {
  const { dataDir, projectDir, runs, path } = request;
  const writes = await writesTo(request);
  const files = openProjectFiles(projectDir, dataDir);
  try {
    const now = await files.load(path);
    const text = now === null ? null : textOf(now.bytes);
    const folders = runs.map(({ runId }) => runFolder(dataDir, runId));
    const kept = (sha256: string) =>
      folders.map((folder) => keptText(() => readBlob(folder, sha256)))
        .find((found) => found !== undefined);
    const lines = now === null || text === undefined || text === null
      ? null
      : lineWriters({ writes, present: { sha256: now.sha256, text }, textOf: kept });
    return {
      path,
      bytes: now?.bytes ?? null,
      sha256: now?.sha256 ?? null,
      lastWriter: writes.at(-1)?.writer ?? null,
      lines,
    };
  } finally {
    files.close();
  }
}

/** The changes of a file by these runs, oldest first. A run whose log is gone tells nothing. */
export async function writesTo(
  { dataDir, runs, path }: Pick<WrittenFileRequest, "dataDir" | "runs" | "path">,
): Promise<FileWrite[]> {
  // Most runs never touched the file: their logs are searched, not read event by event.
  const quoted = JSON.stringify(path);
  const writes: FileWrite[] = [];
  for (const { runId } of runs) {
    const text = await logText(runFolder(dataDir, runId).logPath);
    if (!text.includes('"type":"file_changed"') || !text.includes(quoted)) continue;
    writes.push(...fileWrites(parseRunLog(text)).filter((write) => write.path === path));
  }
  return writes.sort(({ writer: a }, { writer: b }) =>
    a.at.localeCompare(b.at) || a.runId.localeCompare(b.runId) || a.seq - b.seq
  );
}

async function logText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch {
    // A run whose log is gone tells nothing; the others still do.
    return "";
  }
}

/** More than this is not gone through line by line. */
const MOST_TRACED_BYTES = 1 << 20;

function textOf(bytes: Uint8Array): string | undefined {
  return bytes.length > MOST_TRACED_BYTES ? undefined : readableText(bytes);
}

function keptText(read: () => Uint8Array): string | undefined {
  try {
    return textOf(read());
  } catch {
    return undefined;
  }
}
