// What the data folder holds, part by part. Not here: what may go (`trash.ts`, `unused_packages.ts`).
import { join } from "node:path";
import { readDisk } from "../sandbox/disk_space.ts";
import { machineTools } from "../sandbox/sandbox_tools.ts";
import { foldersIn, type FolderSize, folderSize } from "./folder_size.ts";

/** The parts of a data folder; `other` is what is left: settings, locks, memory of flows. */
export const DATA_PARTS = ["runs", "packages", "database", "caches", "trash", "other"] as const;

/** A word of `DATA_PARTS`. */
export type DataPart = (typeof DATA_PARTS)[number];

/** A part and its size. */
export interface PartUse extends FolderSize {
  readonly part: DataPart;
  /** Absolute; that of `other` is the data folder. */
  readonly path: string;
}

/** What the data folder holds. */
export interface DataUse {
  /** Absolute. */
  readonly dataDir: string;
  readonly bytes: number;
  readonly parts: readonly PartUse[];
  /** Contents that runs keep so that a change can be put back; they are part of `runs`. */
  readonly keptContents: FolderSize;
  /** Of its file system; `null` where the system does not tell. */
  readonly freeBytes: number | null;
}

const FOLDERS: readonly (readonly [DataPart, string])[] = [
  ["runs", "runs"],
  ["packages", "packages"],
  ["database", "store"],
  ["caches", "mcp-cache"],
  ["trash", "trash"],
];

/** Measures the data folder; a part that is not there is empty. */
export async function dataUse(dataDir: string): Promise<DataUse> {
  const named: PartUse[] = [];
  for (const [part, folder] of FOLDERS) {
    const path = join(dataDir, folder);
    named.push({ part, path, ...await folderSize(path) });
  }
  const whole = await folderSize(dataDir);
  const rest = {
    bytes: whole.bytes - sum(named, "bytes"),
    fileCount: whole.fileCount - sum(named, "fileCount"),
  };
  return {
    dataDir,
    bytes: whole.bytes,
    parts: [...named, { part: "other", path: dataDir, ...notNegative(rest) }],
    keptContents: await keptContents(join(dataDir, "runs")),
    freeBytes: readDisk(dataDir, machineTools)?.freeBytes ?? null,
  };
}

async function keptContents(runsDir: string): Promise<FolderSize> {
  let [bytes, fileCount] = [0, 0];
  for (const name of foldersIn(runsDir)) {
    const size = await folderSize(join(runsDir, name, "blobs"));
    bytes += size.bytes;
    fileCount += size.fileCount;
  }
  return { bytes, fileCount };
}

function sum(parts: readonly FolderSize[], key: keyof FolderSize): number {
  return parts.reduce((total, part) => total + part[key], 0);
}

/** Runs write while they are measured. */
function notNegative({ bytes, fileCount }: FolderSize): FolderSize {
  return { bytes: Math.max(0, bytes), fileCount: Math.max(0, fileCount) };
}
