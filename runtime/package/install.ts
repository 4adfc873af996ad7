// Installed packages: `<data>/packages/<hash>/`, unpacked once, read-only, shared by all runs.
import { dirname, join } from "node:path";
import { AppError } from "../../schemas/error.ts";
import { makeFolder, syncFolder, writeAll } from "../disk/durable.ts";
import type { PackageFiles } from "./archive.ts";
import { readFolder } from "./folder.ts";
import { packageHash } from "./integrity.ts";
import type { LoadedPackage } from "./load.ts";
import { discard } from "./write_folder.ts";

const READ_ONLY = 0o444;
const ATTEMPTS = 3;

/** The folder of an installed package, whether it is there or not. */
export function installedDir(dataDir: string, hash: string): string {
  return join(dataDir, "packages", hash);
}

/**
 * Unpacks a package into the data folder, unless it is there and intact; a damaged one is replaced.
 * Atomic, also when two processes do it at once; a crash leaves at most a hidden temporary folder. Once
 * it returns, the copy survives a power cut: a run could not be resumed without it.
 * @returns the folder
 * @throws AppError `FILE_WRITE_FAILED`
 */
export async function installPackage(loaded: LoadedPackage, dataDir: string): Promise<string> {
  const dir = installedDir(dataDir, loaded.hash);
  if (isIntact(dir, loaded.hash) && isClaimed(dir)) {
    // Whoever put it there may have been killed before it synced the folder.
    syncFolder(dirname(dir));
    return dir;
  }
  const temporary = join(dataDir, "packages", `.tmp-${crypto.randomUUID()}`);
  try {
    makeFolder(temporary);
    writeReadOnly(temporary, loaded.files);
    await moveInto(dir, temporary, loaded.hash);
    syncFolder(dirname(dir));
    return dir;
  } catch (cause) {
    const message = `The package "${loaded.manifest.name}" cannot be installed in "${dataDir}"`;
    throw new AppError("FILE_WRITE_FAILED", message, { cause });
  } finally {
    await discard(temporary);
  }
}

/** Makes a copy look new, so that it is not tidied away before its next run is written down. */
function isClaimed(dir: string): boolean {
  try {
    const now = new Date();
    Deno.utimeSync(dir, now, now);
    return true;
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return false;
    throw thrown;
  }
}

function writeReadOnly(dir: string, files: PackageFiles): void {
  for (const [path, content] of files) {
    makeFolder(dirname(join(dir, path)));
    using file = Deno.openSync(join(dir, path), { createNew: true, write: true, mode: READ_ONLY });
    writeAll(file, content);
    file.syncDataSync();
  }
  const folders = new Set([...files.keys()].map((path) => dirname(join(dir, path))));
  for (const folder of folders) syncFolder(folder);
}

/** A folder can only be renamed to a name that is free, so whoever comes second finds it taken. */
async function moveInto(dir: string, temporary: string, hash: string): Promise<void> {
  for (let attempt = 1;; attempt++) {
    try {
      await Deno.rename(temporary, dir);
      return;
    } catch (error) {
      if (isIntact(dir, hash)) return;
      if (attempt === ATTEMPTS) throw error;
      await moveAside(dir);
    }
  }
}

async function moveAside(dir: string): Promise<void> {
  const damaged = `${dir}.damaged-${crypto.randomUUID()}`;
  try {
    await Deno.rename(dir, damaged);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  await discard(damaged);
}

function isIntact(dir: string, hash: string): boolean {
  try {
    return packageHash(readFolder(dir, "The installed package")) === hash;
  } catch {
    return false;
  }
}
