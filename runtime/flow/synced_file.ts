// Durable writes with `node:` APIs, since a generated project runs under Node too; the same promises as
// `runtime/disk/durable.ts`, but without blocking: many stories are served at once.
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";

/** How files are made that only this user may read. */
export const PRIVATE_FILE = 0o600;
/** How files are made that a person asked for; their umask tightens this. */
export const SHARED_FILE = 0o666;

/**
 * Writes a whole file so that a crash or a power cut leaves the old content or the new, never a part;
 * once it resolves, the new, though a power cut right then may still leave the old. Missing folders are
 * made. A failure leaves the old file and no other.
 * @param options.mode permission bits of the file
 * @param options.beforeRename asked last; when it rejects, the old file stays
 */
export async function writeFileSynced(
  path: string,
  content: string,
  options: { readonly mode: number; readonly beforeRename?: () => Promise<void> },
): Promise<void> {
  const folder = dirname(path);
  await makeFolder(folder);
  const temporary = join(folder, `.crewagent-${crypto.randomUUID()}.tmp`);
  try {
    await writeNew(temporary, content, options.mode);
    await options.beforeRename?.();
    await rename(temporary, path);
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
}

async function writeNew(path: string, content: string, mode: number): Promise<void> {
  const file = await open(path, "wx", mode);
  try {
    await file.writeFile(content);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** Makes a folder with its parents; each new name is on disk when it resolves. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = path; made !== dirname(first); made = dirname(made)) {
    await syncFolder(dirname(made));
  }
}

/** Makes the names in a folder survive a power cut. Windows journals them and opens no folders. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** True for an error of the file system with this code, such as `ENOENT`. */
export function isFileError(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === code;
}
