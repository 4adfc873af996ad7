// A run's folder on disk: `run.json`, state documents, log, blobs, and the lock of its driver.
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { AppError } from "../../schemas/error.ts";
import { newRunId, RUN_ID_PATTERN, startOfRunId } from "../../schemas/ids.ts";
import type { ModelPrices } from "../../schemas/profile.ts";
import type { ForkPoint, PackageIdentity, RunPhase } from "../../schemas/run_event.ts";
import type { ToolRule } from "../../schemas/tool_policy.ts";
import { makeFolder, syncFolder, writeFileAtomic } from "../disk/durable.ts";
import type { DataContext } from "./data_context.ts";
import type { Talk } from "./talk.ts";

/** What a run was started with; fixed for its life, except by resume options. */
export interface RunOptions {
  readonly strictness: "strict" | "compatible";
  /** Missing declared outputs refuse a transition, or only warn. */
  readonly outputs: "required" | "warn";
  readonly conditionsBinding: boolean;
  /** Each node begins a conversation of its own, or one grows through the run. */
  readonly context: "node" | "run";
  /** What needs consent is allowed (`--yes`). */
  readonly allowAll: boolean;
  /** The run's own rules for tools, besides those of the settings. */
  readonly rules?: readonly ToolRule[];
  /** Agents whose policy has `terminal` may run the programs it names (`--terminal`). */
  readonly terminal?: boolean;
  readonly maxTurns: number;
  readonly maxTurnsPerNode: number;
  /** Budgets, since the run was last taken up; resuming grants as much again. */
  readonly maxTokens?: number;
  /** US dollars, by the prices of the profile. */
  readonly maxCostUsd?: number;
  readonly maxMinutes?: number;
}

/** Options of a run when nothing else is said (`runtime.md`). */
export const DEFAULT_RUN_OPTIONS: RunOptions = {
  strictness: "strict",
  outputs: "required",
  conditionsBinding: false,
  context: "node",
  allowAll: false,
  maxTurns: 200,
  maxTurnsPerNode: 20,
};

/** `run.json`: the only file of a run that names places on this machine; never shown to a model. */
export interface RunRecord {
  readonly formatVersion: 1;
  readonly runId: string;
  readonly projectDir: string;
  readonly package: PackageIdentity;
  /** The workflow the run began with. */
  readonly workflowId: string;
  readonly agentId?: string;
  readonly connection: ConnectionRecord;
  readonly options: RunOptions;
  readonly input?: string;
  /** A chat or a script in place of a workflow of the package. */
  readonly talk?: Talk;
  /** What a menu item loaded before the start. */
  readonly data?: DataContext;
  readonly forkedFrom?: ForkPoint;
  readonly startedAt: string;
  readonly updatedAt: string;
  readonly phase: RunPhase;
  readonly code?: string;
  readonly reason?: string;
}

/** How to reach the model again on resume; keys are never stored. */
export interface ConnectionRecord {
  readonly provider: string;
  readonly model: string;
  readonly baseUrl?: string;
  /** The profile that says all else; its connection goes before what is kept here. */
  readonly profile?: string;
  /** As they were when the run began; without them a run has no cost. */
  readonly prices?: ModelPrices;
}

/** Paths inside a run's folder. */
export interface RunFolder {
  readonly dir: string;
  readonly recordPath: string;
  readonly stateDir: string;
  readonly logPath: string;
  readonly blobsDir: string;
  readonly lockPath: string;
}

/** The folder of a run; nothing is made. */
export function runFolder(dataDir: string, runId: string): RunFolder {
  const dir = join(dataDir, "runs", runId);
  return {
    dir,
    recordPath: join(dir, "run.json"),
    stateDir: join(dir, "state"),
    logPath: join(dir, "log.jsonl"),
    blobsDir: join(dir, "blobs"),
    lockPath: join(dir, "lock"),
  };
}

/** Makes the folder and writes its record; the record comes last, so a half-made run is none. */
export function createRunFolder(dataDir: string, record: RunRecord): RunFolder {
  const folder = runFolder(dataDir, record.runId);
  makeFolder(folder.stateDir);
  makeFolder(folder.blobsDir);
  return folder;
}

/**
 * Makes every name in a run's folder durable. A process that finds a file there cannot know whether the
 * one that made it was killed before it synced the folder.
 */
export function settleRunFolder({ dir, blobsDir, stateDir }: RunFolder): void {
  const workflows = join(stateDir, "workflows");
  const documents = [...Deno.readDirSync(workflows)].map(({ name }) => join(workflows, name));
  for (const folder of [...documents, workflows, stateDir, blobsDir, dir, dirname(dir)]) {
    syncFolder(folder);
  }
}

/** Saves `run.json` atomically. */
export function saveRecord(folder: RunFolder, record: RunRecord): void {
  writeFileAtomic(folder.recordPath, `${JSON.stringify(record, null, 2)}\n`);
}

/** Mirrors a phase in `run.json`, with why the run stopped. The log is the truth, this its shortcut. */
export function savePhase(
  folder: RunFolder,
  { phase, code, reason }: Pick<RunRecord, "phase" | "code" | "reason">,
): void {
  const { code: _code, reason: _reason, ...record } = readRecord(folder);
  saveRecord(folder, {
    ...record,
    phase,
    ...(code !== undefined && { code }),
    ...(reason !== undefined && { reason }),
    updatedAt: new Date().toISOString(),
  });
}

/** Reads `run.json`. @throws AppError `RUN_NOT_FOUND`, `RUN_FOLDER_DAMAGED` */
export function readRecord(folder: RunFolder): RunRecord {
  let text: string;
  try {
    text = Deno.readTextFileSync(folder.recordPath);
  } catch (cause) {
    throw new AppError("RUN_NOT_FOUND", "There is no such run. List them with: crewagent runs", {
      cause,
    });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("RUN_FOLDER_DAMAGED", "The run's record run.json is not JSON", { cause });
  }
}

/** All runs, newest first; folders without a readable record are left out. */
export function listRuns(dataDir: string): RunRecord[] {
  return runIds(dataDir).flatMap((runId) => {
    try {
      return [readRecord(runFolder(dataDir, runId))];
    } catch {
      return [];
    }
  });
}

/**
 * The run a person means: its whole id, an unambiguous beginning or end of it, or `last`.
 * @throws AppError `RUN_NOT_FOUND` with what would fit
 */
export function findRun(dataDir: string, wanted: string): RunFolder {
  const all = runIds(dataDir);
  const matches = wanted === "last"
    ? all.slice(0, 1)
    : all.filter((runId) => runId === wanted || runId.startsWith(wanted) || runId.endsWith(wanted));
  const exact = matches.find((runId) => runId === wanted);
  const [only] = exact ? [exact] : matches;
  if (only !== undefined && (exact || matches.length === 1)) return runFolder(dataDir, only);
  throw new AppError(
    "RUN_NOT_FOUND",
    matches.length > 1
      ? `"${wanted}" fits ${matches.length} runs: ${
        matches.slice(0, 5).join(", ")
      }. Give more of the id`
      : `No run "${wanted}". List them with: crewagent runs`,
  );
}

/** Beyond this, a date has no four-digit year; an id that claims it is no model for others. */
const LAST_MOMENT = Date.UTC(9999, 0);

/** A new run id that sorts behind all others, even if the clock was set back since. */
export function newestRunId(dataDir: string, now: Date): string {
  const [newest] = runIds(dataDir);
  const next = newest === undefined ? 0 : startOfRunId(newest).getTime() + 1;
  return newRunId(next > now.getTime() && next < LAST_MOMENT ? new Date(next) : now);
}

/** Newest first. A folder without a record is no run: the program died before it was made. */
function runIds(dataDir: string): string[] {
  try {
    return [...Deno.readDirSync(join(dataDir, "runs"))]
      .filter((entry) => entry.isDirectory && RUN_ID_PATTERN.test(entry.name))
      .map((entry) => entry.name)
      .filter((runId) => sizeOf(runFolder(dataDir, runId).recordPath) !== undefined)
      .sort()
      .reverse();
  } catch {
    return [];
  }
}

/**
 * Takes the right to drive a run. The lock belongs to the process: it dies with it, so a dead owner
 * never blocks and a sleeping one never loses it.
 * @throws AppError `RUN_BUSY` if another process drives the run
 */
export function lockRun(folder: RunFolder): Deno.FsFile {
  const file = Deno.openSync(folder.lockPath, { create: true, write: true, read: true });
  if (file.tryLockSync(true)) {
    file.truncateSync(0);
    file.writeSync(new TextEncoder().encode(`${Deno.pid}\n`));
    return file;
  }
  const owner = Deno.readTextFileSync(folder.lockPath).trim();
  file.close();
  throw new AppError(
    "RUN_BUSY",
    `Another process${owner && ` (pid ${owner})`} drives this run. Wait for it or stop it first`,
  );
}

/**
 * Whether a process drives the run now. For a moment it holds a lock of its own, so ask only of a run
 * that says of itself that it is running.
 */
export function isDriven({ lockPath }: RunFolder): boolean {
  try {
    using file = Deno.openSync(lockPath, { read: true });
    return !file.tryLockSync(false);
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return false;
    throw thrown;
  }
}

/** Stores bytes under their SHA-256, durable before it returns; storing them again costs a look. */
export function storeBlob(folder: RunFolder, bytes: Uint8Array): string {
  const sha256 = sha256Of(bytes);
  const path = join(folder.blobsDir, sha256);
  if (sizeOf(path) !== bytes.length) writeFileAtomic(path, bytes);
  return sha256;
}

function sizeOf(path: string): number | undefined {
  try {
    return Deno.lstatSync(path).size;
  } catch {
    return undefined;
  }
}

/** SHA-256 as 64 hex digits. */
export function sha256Of(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
