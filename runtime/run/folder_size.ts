// How large folders are. Links are not followed.
import { join } from "node:path";

/** What lies below a folder. */
export interface FolderSize {
  readonly bytes: number;
  readonly fileCount: number;
}

/** The size of a folder or file; nothing where there is none. What vanishes meanwhile is not counted. */
export async function folderSize(path: string): Promise<FolderSize> {
  const info = await unlessGone(() => Deno.lstat(path));
  if (info === undefined) return { bytes: 0, fileCount: 0 };
  if (!info.isDirectory) return { bytes: info.size, fileCount: 1 };
  const entries = await unlessGone(() => Array.fromAsync(Deno.readDir(path))) ?? [];
  let [bytes, fileCount] = [0, 0];
  for (const { name } of entries) {
    const size = await folderSize(join(path, name));
    bytes += size.bytes;
    fileCount += size.fileCount;
  }
  return { bytes, fileCount };
}

async function unlessGone<Value>(ask: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await ask();
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return undefined;
    throw thrown;
  }
}

/** The names of the folders in a folder; none where there is none. */
export function foldersIn(path: string): string[] {
  try {
    return [...Deno.readDirSync(path)].filter((entry) => entry.isDirectory).map(({ name }) => name);
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return [];
    throw thrown;
  }
}
