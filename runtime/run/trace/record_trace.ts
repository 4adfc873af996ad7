// A finished run → a trace: its log, and the project files that it found.
import { AppError } from "../../../schemas/error.ts";
import { basename } from "node:path";
import type { RunEvent } from "../../../schemas/run_event.ts";
import type { ProjectFiles } from "../../tools/project_files.ts";
import { readBlob } from "../changes.ts";
import { readRecord, type RunFolder } from "../run_folder.ts";
import { readRunLog } from "../run_log.ts";
import type { Trace, TracedFile } from "./trace.ts";

const MOST_FILE_BYTES = 5 * 1024 * 1024;

/**
 * Makes a trace of a run that one process drove from its start.
 * @throws AppError `USAGE` if the run was resumed or its files are too large for a trace
 */
export async function recordTrace(folder: RunFolder, files: ProjectFiles): Promise<Trace> {
  const { projectDir, options, input } = readRecord(folder);
  const events = readRunLog(folder.logPath);
  if (events.some(({ type }) => type === "run_resumed")) {
    throw new AppError("USAGE", "A run that was resumed makes no trace; record one in a single go");
  }
  return {
    header: {
      type: "trace",
      formatVersion: 1,
      projectName: basename(projectDir),
      ...(input !== undefined && { input }),
      options,
      files: await filesBefore(events, folder, files),
    },
    events,
  };
}

/** A file that was changed had the pre-image of its first change; one only read has what it holds. */
async function filesBefore(
  events: readonly RunEvent[],
  folder: RunFolder,
  files: ProjectFiles,
): Promise<Record<string, TracedFile>> {
  const found = new Map<string, TracedFile | null>();
  let bytes = 0;
  const keep = (path: string, content: Uint8Array) => {
    bytes += content.length;
    found.set(path, encode(content));
  };
  for (const event of events) {
    if (event.type === "file_changed" && !found.has(event.path)) {
      if (event.sha256Before === null) found.set(event.path, null);
      else keep(event.path, readBlob(folder, event.sha256Before));
    }
    const path = readPath(event);
    if (path === undefined || found.has(path)) continue;
    const changed = events.find((other) => other.type === "file_changed" && other.path === path);
    if (changed) continue;
    const present = await files.load(path);
    if (present) keep(path, present.bytes);
  }
  if (bytes > MOST_FILE_BYTES) {
    throw new AppError(
      "USAGE",
      "The project files that the run used are larger than 5 MiB, too much for a trace. Record it on a smaller project",
    );
  }
  const kept = [...found].flatMap(([path, file]) => file ? [[path, file] as const] : []);
  return Object.fromEntries(kept);
}

function readPath(event: RunEvent): string | undefined {
  if (event.type !== "tool_result" || event.tool !== "fs.read" || !event.result.ok) {
    return undefined;
  }
  const path = String(event.result.path);
  return path.startsWith("@project/") ? path : undefined;
}

function encode(content: Uint8Array): TracedFile {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content) };
  } catch {
    return { base64: new Uint8Array(content).toBase64() };
  }
}
