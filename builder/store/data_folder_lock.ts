// Who owns a data folder: one server at a time, by a lock of the operating system that ends with its
// process. Commands that only read runs need none.
import { join } from "node:path";
import { AppError } from "../../schemas/error.ts";
import { makeFolder } from "../../runtime/disk/durable.ts";

/** The right to write the database of a data folder. */
export interface DataFolderLock {
  release(): void;
}

/**
 * Takes the data folder, made if missing.
 * @throws AppError `DATA_FOLDER_BUSY` if another process has it
 */
export async function lockDataFolder(dataDir: string): Promise<DataFolderLock> {
  makeFolder(dataDir);
  const file = await Deno.open(join(dataDir, "server.lock"), {
    create: true,
    write: true,
    mode: 0o600,
  });
  if (!await file.tryLock(true)) {
    file.close();
    throw new AppError(
      "DATA_FOLDER_BUSY",
      `Another CrewAgent server uses the data folder "${dataDir}". End it, or start this one with another folder: --data DIR`,
      { details: { dataFolder: dataDir } },
    );
  }
  // Closing the file gives the lock up; the file stays, since whoever waits for it has it open.
  return { release: () => file.close() };
}
