// Installed packages: `<data>/packages/<hash>/`, unpacked once, read-only, shared by all runs.
import { join } from "node:path";
import { AppError } from "../../schemas/error.ts";
import { readFolder } from "./folder.ts";
import { packageHash } from "./integrity.ts";
import type { LoadedPackage } from "./load.ts";
import { discard, writeFiles } from "./write_folder.ts";

const READ_ONLY = 0o444;
const ATTEMPTS = 3;

/** The folder of an installed package, whether it is there or not. */
export function installedDir(dataDir: string, hash: string): string {
  return join(dataDir, "packages", hash);
}

/**
 * Unpacks a package into the data folder, unless it is there and intact; a damaged one is replaced.
 * Atomic, also when two processes do it at once; a crash leaves at most a hidden temporary folder.
 * @returns the folder
 * @throws AppError `FILE_WRITE_FAILED`
 */
export async function installPackage(loaded: LoadedPackage, dataDir: string): Promise<string> {
  const dir = installedDir(dataDir, loaded.hash);
  if (isIntact(dir, loaded.hash)) return dir;
  const temporary = join(dataDir, "packages", `.tmp-${crypto.randomUUID()}`);
  try {
    await Deno.mkdir(temporary, { recursive: true });
    await writeFiles(temporary, loaded.files, READ_ONLY);
    await moveInto(dir, temporary, loaded.hash);
    return dir;
  } catch (cause) {
    const message = `The package "${loaded.manifest.name}" cannot be installed in "${dataDir}"`;
    throw new AppError("FILE_WRITE_FAILED", message, { cause });
  } finally {
    await discard(temporary);
  }
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
