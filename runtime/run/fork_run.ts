// A new run that begins with the state another run had when it came to a node. The other run is only
// read; the project is left as it is.
import { AppError } from "../../schemas/error.ts";
import type { ForkPoint, RunEvent } from "../../schemas/run_event.ts";
import { readBlob } from "./changes.ts";
import {
  type ConnectionRecord,
  createRunFolder,
  newestRunId,
  readRecord,
  type RunFolder,
  type RunRecord,
  saveRecord,
} from "./run_folder.ts";
import { readRunLog } from "./run_log.ts";
import { type StateSnapshot, writeSnapshot } from "./snapshot.ts";

/** Where to fork, and what is to be different. */
export interface ForkRequest {
  readonly dataDir: string;
  /** The run to fork. */
  readonly folder: RunFolder;
  /** The last visit of this node is where the fork begins. */
  readonly nodeId: string;
  /** Another model; the run's own unless told. */
  readonly connection?: ConnectionRecord | undefined;
  /** What you want, told to the model at the start; only the first visit of a run keeps its own. */
  readonly input?: string | undefined;
  readonly allowAll: boolean;
}

/**
 * Makes the fork's folder, phase `idle`; nothing is executed.
 * @throws AppError `USAGE` if the run never came to the node, `RUN_NOT_FOUND`, `RUN_FOLDER_DAMAGED`
 */
export function forkRun(request: ForkRequest): RunFolder {
  const { dataDir, folder, nodeId, connection, allowAll } = request;
  const source = readRecord(folder);
  const events = readRunLog(folder.logPath);
  const visit = lastVisit(events, nodeId);
  const isFirst = events.find(({ type }) => type === "node_entered")?.seq === visit.seq;
  const input = request.input ?? (isFirst ? source.input : undefined);
  const { code: _code, reason: _reason, input: _input, ...kept } = source;
  const now = new Date();
  const record: RunRecord = {
    ...kept,
    runId: newestRunId(dataDir, now),
    connection: connection ?? source.connection,
    options: { ...source.options, allowAll: source.options.allowAll || allowAll },
    ...(input !== undefined && { input }),
    forkedFrom: { runId: source.runId, nodeId, seq: visit.seq },
    startedAt: now.toISOString(),
    updatedAt: now.toISOString(),
    phase: "idle",
  };
  const fork = createRunFolder(dataDir, record);
  writeSnapshot(fork, readVisit(folder, visit), record.runId);
  saveRecord(fork, record);
  return fork;
}

interface Visit extends Omit<ForkPoint, "runId"> {
  readonly snapshot: string | undefined;
}

/**
 * The last visit of a node.
 * @throws AppError `USAGE` naming the nodes there are
 */
export function lastVisit(events: readonly RunEvent[], nodeId: string): Visit {
  const entered = events.flatMap((event) => event.type === "node_entered" ? [event] : []);
  const visit = entered.findLast(({ node }) => node.id === nodeId);
  if (visit) return { nodeId, seq: visit.seq, snapshot: visit.snapshot };
  const nodes = [...new Set(entered.map(({ node }) => node.id))].join(", ");
  throw new AppError(
    "USAGE",
    `The run never came to a node "${nodeId}". It was at: ${nodes || "no node yet"}`,
  );
}

/**
 * The state that a run had when a visit began.
 * @throws AppError `RUN_FOLDER_DAMAGED`
 */
export function readVisit(
  folder: RunFolder,
  { nodeId, snapshot }: Pick<Visit, "nodeId" | "snapshot">,
): StateSnapshot {
  try {
    return JSON.parse(new TextDecoder().decode(readBlob(folder, String(snapshot))));
  } catch (cause) {
    throw new AppError(
      "RUN_FOLDER_DAMAGED",
      `The state that the run had at "${nodeId}" is missing among its blobs`,
      { cause },
    );
  }
}
