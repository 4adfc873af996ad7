// What a run did to the project, by its log, and how to undo it.
import { join } from "node:path";
import { AppError } from "../../schemas/error.ts";
import type { RunEvent } from "../../schemas/run_event.ts";
import type { ProjectFiles } from "../tools/project_files.ts";
import { lockRun, type RunFolder, storeBlob } from "./run_folder.ts";
import { openRunLog, readRunLog, type RunLog } from "./run_log.ts";

/** Begins the call id of a revert's events; each revert has one of its own. */
const REVERT = "revert-";

/** Whether a change of this call is a revert's, so of no tool call. */
export function isRevertCall(callId: string): boolean {
  return callId.startsWith(REVERT);
}

/** A file that a run changed, with every content it is known to have had since. */
export interface FileHistory {
  /** Mount path. */
  readonly path: string;
  /** What it held before the run (or the point that is asked for); `null`: there was no file. */
  readonly before: string | null;
  /** What the run left there. */
  readonly after: string | null;
  /** All of them: a file that holds none of these was changed by somebody else. */
  readonly known: ReadonlySet<string | null>;
}

/** The net changes of a log from the event numbered `fromSeq` on; what ends as it began is left out. */
export function changedFiles(events: readonly RunEvent[], fromSeq = 1): FileHistory[] {
  const known = new Map<string, Set<string | null>>();
  const net = new Map<string, { before: string | null; after: string | null }>();
  for (const event of events) {
    if (event.type !== "file_changed") continue;
    const { path, sha256Before, sha256After } = event;
    known.set(path, (known.get(path) ?? new Set()).add(sha256Before).add(sha256After));
    // `before` is always the pre-image of an event, so its content is among the blobs.
    if (event.seq >= fromSeq) {
      const { before } = net.get(path) ?? { before: sha256Before };
      net.set(path, { before, after: sha256After });
    }
  }
  return [...net].filter(([, { before, after }]) => before !== after)
    .map(([path, change]) => ({ path, ...change, known: known.get(path) ?? new Set() }));
}

/**
 * The number of the event with which a turn began.
 * @throws AppError `USAGE` naming the last turn
 */
export function turnStart(events: readonly RunEvent[], turn: number): number {
  const request = events.find((event) => event.type === "request_sent" && event.turn === turn);
  if (request) return request.seq;
  const last = events.findLast((event) => event.turn !== undefined)?.turn ?? 0;
  throw new AppError("USAGE", `The run has no turn ${turn}; its last is ${last}`);
}

/**
 * The number of the event with which the last revert began, for taking it back.
 * @throws AppError `USAGE` if nothing was reverted
 */
export function lastRevert(events: readonly RunEvent[]): number {
  const reverts = events.flatMap((event) =>
    event.type === "file_changed" && isRevertCall(event.callId) ? [event] : []
  );
  const callId = reverts.at(-1)?.callId;
  const first = reverts.find((event) => event.callId === callId);
  if (first) return first.seq;
  throw new AppError(
    "USAGE",
    "Nothing of this run was reverted, so there is no revert to take back",
  );
}

/** What a blob of the run holds, by its SHA-256. */
export function readBlob(folder: RunFolder, sha256: string): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(join(folder.blobsDir, sha256));
}

/** How a revert went about. */
export interface RevertRequest {
  readonly folder: RunFolder;
  readonly files: ProjectFiles;
  /** Back to how files were before this event; 1 is the beginning of the run. */
  readonly fromSeq: number;
  /** Files that others changed since are put back too. */
  readonly force: boolean;
}

/**
 * Puts every file back that the run changed. All is checked before anything is touched; each step is
 * logged with its own pre-image and synced before its effect, so a revert can be reverted, and one that
 * was cut off can be made again.
 * @returns the paths that were put back
 * @throws AppError `RUN_BUSY`, `FILE_EXISTS` naming files that others changed since
 */
export async function revertChanges(
  { folder, files, fromSeq, force }: RevertRequest,
): Promise<string[]> {
  using _lock = lockRun(folder);
  const runId = readRunLog(folder.logPath)[0]?.runId ?? "";
  const log = openRunLog(folder.logPath, runId);
  try {
    return await revertInLog(log, { folder, files, fromSeq, force });
  } finally {
    log.close();
  }
}

/** `revertChanges` by whoever has the run's lock and its log open. @throws AppError `FILE_EXISTS` */
export async function revertInLog(
  log: RunLog,
  { folder, files, fromSeq, force }: RevertRequest,
): Promise<string[]> {
  const histories = changedFiles(log.history, fromSeq);
  const present = new Map<string, Awaited<ReturnType<ProjectFiles["load"]>>>();
  for (const { path } of histories) present.set(path, await files.load(path));
  const foreign = histories.filter(({ path, known }) =>
    !known.has(present.get(path)?.sha256 ?? null)
  );
  if (foreign.length > 0 && !force) throw changedByOthers(foreign);
  const due = histories.filter(({ path, before }) =>
    (present.get(path)?.sha256 ?? null) !== before
  );
  const callId = `${REVERT}${log.history.length + 1}`;
  for (const { path, before } of due) {
    const now = present.get(path) ?? null;
    const sha256Before = now && storeBlob(folder, now.bytes);
    log.append({ type: "file_changed", callId, path, sha256Before, sha256After: before });
    log.sync();
    await files.restore(path, before === null ? null : readBlob(folder, before), sha256Before);
  }
  return due.map(({ path }) => path);
}

function changedByOthers(foreign: readonly FileHistory[]): AppError {
  const paths = foreign.map(({ path }) => path).join(", ");
  return new AppError(
    "FILE_EXISTS",
    `Changed since by somebody else: ${paths}. Nothing was put back. Use --force to put these back too`,
  );
}
