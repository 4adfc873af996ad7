// Which server processes exist, on disk: so that those of a killed process are found and ended.
import { join } from "node:path";
import { makeFolder } from "../../disk/durable.ts";
import { identityOf, killGroup, killMarked } from "./process_identity.ts";

/** What is known of a server process. */
export interface PidRecord {
  readonly serverId: string;
  /** Also the process group's. */
  readonly pid: number;
  /** `identityOf(pid)`; missing in the moments after the start. */
  readonly identity?: string | undefined;
  /** What its environment carries; see `MARKER_VARIABLE`. */
  readonly marker: string;
  /** The process that started it and ends it. */
  readonly owner: Owner;
}

/** A process of ours, as `thisOwner` tells it. */
export interface Owner {
  readonly pid: number;
  readonly identity: string | undefined;
}

/** This process. */
export async function thisOwner(): Promise<Owner> {
  return { pid: Deno.pid, identity: await identityOf(Deno.pid) };
}

/**
 * Notes a process. Not synced: a power cut ends the process as well.
 * @param dir made if it is missing
 */
export function writePidFile(dir: string, record: PidRecord): void {
  makeFolder(dir);
  Deno.writeTextFileSync(pathOf(dir, record.pid), JSON.stringify(record), { mode: 0o600 });
}

/** Forgets a process that has ended. */
export function removePidFile(dir: string, pid: number): void {
  removeQuietly(pathOf(dir, pid));
}

/**
 * Ends the server processes whose owner is gone and forgets them. Those of a living owner stay, and a
 * pid that means another process by now is never touched.
 * @returns ids of the servers that were still running
 */
export async function reapOrphans(dir: string): Promise<string[]> {
  const reaped = await Promise.all(listPidFiles(dir).map(reap));
  return reaped.flatMap((id) => id ?? []);
}

async function reap(path: string): Promise<string | undefined> {
  const record = readRecord(path);
  // Where a system cannot tell processes apart, nothing is killed.
  if (record && (record.owner.identity === undefined || await isSame(record.owner))) {
    return undefined;
  }
  const running = record !== undefined && await isSame(record);
  if (running) await killGroup(record.pid);
  // The leader may be gone and its children not, or they left the group.
  if (record) await killMarked(record.marker);
  removeQuietly(path);
  return running ? record.serverId : undefined;
}

async function isSame({ pid, identity }: Pick<PidRecord, "pid" | "identity">): Promise<boolean> {
  return identity !== undefined && await identityOf(pid) === identity;
}

function listPidFiles(dir: string): string[] {
  try {
    return [...Deno.readDirSync(dir)].map(({ name }) => name)
      .filter((name) => /^mcp-\d+\.json$/.test(name)).map((name) => join(dir, name));
  } catch {
    return [];
  }
}

/** `undefined` for a file that was cut off while it was written. */
function readRecord(path: string): PidRecord | undefined {
  try {
    const record = JSON.parse(Deno.readTextFileSync(path)) as PidRecord;
    const isWhole = isPid(record.pid) && isPid(record.owner.pid) &&
      /^[0-9a-f-]{36}$/.test(record.marker);
    return isWhole ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Signals to 0, 1 and -1 would reach far more than a server. */
function isPid(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) > 1;
}

function pathOf(dir: string, pid: number): string {
  return join(dir, `mcp-${pid}.json`);
}

function removeQuietly(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // Another process that cleans up was faster.
  }
}
