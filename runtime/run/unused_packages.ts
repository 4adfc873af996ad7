// Unpacked copies of packages that no run needs any more. A run in the trash needs its copy, too: it
// may be put back.
import { join } from "node:path";
import { AppError } from "../../schemas/error.ts";
import { discard } from "../package/write_folder.ts";
import { foldersIn, folderSize } from "./folder_size.ts";
import { runFolder } from "./run_folder.ts";
import { trashFolder } from "./trash.ts";

/** A copy without a run. */
export interface UnusedPackage {
  /** The name of its folder: the package's hash, or what an installation that was cut off has left. */
  readonly name: string;
  readonly bytes: number;
}

/** A run is written down after its package is installed; a copy as young as this may be waiting for it. */
const YOUNG_MS = 60 * 60 * 1000;

/**
 * The copies that can go.
 * @throws AppError `RUN_FOLDER_DAMAGED` if a run cannot be asked which one it needs
 */
export async function unusedPackages(dataDir: string, now: Date): Promise<UnusedPackage[]> {
  const folder = join(dataDir, "packages");
  const needed = neededHashes(dataDir);
  const names = foldersIn(folder).filter((name) =>
    !needed.has(name) && !isYoung(join(folder, name), now)
  );
  const unused: UnusedPackage[] = [];
  for (const name of names) {
    const { bytes } = await folderSize(join(folder, name));
    unused.push({ name, bytes });
  }
  return unused;
}

/**
 * Removes the copies that can go.
 * @returns those that are gone
 * @throws AppError as `unusedPackages`; then nothing is removed
 */
export async function removeUnusedPackages(dataDir: string, now: Date): Promise<UnusedPackage[]> {
  const folder = join(dataDir, "packages");
  const gone: UnusedPackage[] = [];
  for (const unused of await unusedPackages(dataDir, now)) {
    const aside = join(folder, `.tmp-${crypto.randomUUID()}`);
    if (!isMoved(join(folder, unused.name), aside)) continue;
    // A run that begins at this moment has made it look new; from here on it installs its own.
    if (isYoung(aside, now)) Deno.renameSync(aside, join(folder, unused.name));
    else {
      await discard(aside);
      gone.push(unused);
    }
  }
  return gone;
}

/** Whatever looks like a hash in a run's record: rather one copy too many than one too few. */
function neededHashes(dataDir: string): ReadonlySet<string> {
  const records = [dataDir, trashFolder(dataDir)].flatMap((place) =>
    foldersIn(join(place, "runs")).map((runId) => runFolder(place, runId).recordPath)
  );
  return new Set(records.flatMap((path) => readText(path).match(/[0-9a-f]{64}/g) ?? []));
}

function readText(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return "";
    throw new AppError(
      "RUN_FOLDER_DAMAGED",
      `Which packages are needed cannot be told: the record "${path}" cannot be read`,
      { cause },
    );
  }
}

/** Another process may have been faster. */
function isMoved(from: string, to: string): boolean {
  try {
    Deno.renameSync(from, to);
    return true;
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return false;
    throw thrown;
  }
}

function isYoung(path: string, now: Date): boolean {
  const { mtime } = Deno.lstatSync(path);
  return mtime === null || now.getTime() - mtime.getTime() < YOUNG_MS;
}
