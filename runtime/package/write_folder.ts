// Files → a folder on disk. Whoever reads the folder sees all of them or none.
import { dirname, join } from "node:path";
import { AppError } from "../../schemas/error.ts";
import type { PackageFiles } from "./archive.ts";
import { comparePaths } from "./entry_path.ts";
import { MANIFEST_PATH } from "./integrity.ts";

/** Writes files below a folder that exists. The paths have passed `PathRegistry`. */
export async function writeFiles(dir: string, files: PackageFiles): Promise<void> {
  const folders = new Set([...files.keys()].map((path) => dirname(join(dir, path))));
  for (const folder of folders) await Deno.mkdir(folder, { recursive: true });
  for (const [path, content] of files) {
    await Deno.writeFile(join(dir, path), content, { createNew: true });
  }
}

/**
 * Makes a folder with these files. It may exist if it is empty; parents are made. The manifest comes
 * last, so that a crash leaves nothing that passes for a package; a failure leaves nothing at all.
 * @throws AppError `FILE_EXISTS` for a folder that is not empty, `FILE_WRITE_FAILED`
 */
export async function writeNewFolder(dir: string, files: PackageFiles): Promise<void> {
  await refuseOccupied(dir);
  const made = await firstMissing(dir);
  const staging = join(dir, `.crewagent-${crypto.randomUUID()}`);
  const moved: string[] = [];
  try {
    await Deno.mkdir(staging, { recursive: true });
    await writeFiles(staging, files);
    for (const name of topNames(files)) {
      await Deno.rename(join(staging, name), join(dir, name));
      moved.push(join(dir, name));
    }
    await Deno.remove(staging);
  } catch (cause) {
    const leftovers = made === undefined ? [...moved, staging] : [made];
    for (const path of leftovers) await discard(path);
    throw new AppError("FILE_WRITE_FAILED", `The folder "${dir}" cannot be written`, { cause });
  }
}

/** Removes what is left of an attempt, as far as it can be: the attempt's own outcome is what counts. */
export async function discard(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch {
    // Not there, or not ours to remove.
  }
}

function topNames(files: PackageFiles): string[] {
  const names = new Set([...files.keys()].map((path) => path.split("/")[0] ?? path));
  names.delete(MANIFEST_PATH);
  const last = files.has(MANIFEST_PATH) ? [MANIFEST_PATH] : [];
  return [...[...names].sort(comparePaths), ...last];
}

async function refuseOccupied(dir: string): Promise<void> {
  try {
    for await (const { name } of Deno.readDir(dir)) {
      throw new AppError(
        "FILE_EXISTS",
        `The folder "${dir}" is not empty (it holds "${name}"); name a new or an empty folder`,
      );
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    if (error instanceof AppError) throw error;
    const message = `"${dir}" is no folder that can be read; name a new or an empty folder`;
    throw new AppError("FILE_EXISTS", message, { cause: error });
  }
}

/** The topmost folder of a path that does not exist yet; `undefined` if the whole path does. */
async function firstMissing(dir: string): Promise<string | undefined> {
  let missing: string | undefined;
  for (let path = dir;; path = dirname(path)) {
    try {
      await Deno.lstat(path);
      return missing;
    } catch {
      missing = path;
    }
    if (dirname(path) === path) return missing;
  }
}
