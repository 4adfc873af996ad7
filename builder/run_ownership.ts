// Whose runs are: a run belongs to the user who began it, and one that was begun without the builder to
// the owner of the installation.
import { type RunFolder, runFolder } from "../runtime/run/run_folder.ts";
import { AppError } from "../schemas/error.ts";
import { RUN_ID_PATTERN } from "../schemas/ids.ts";
import type { RunUser } from "./projects.ts";
import type { RunOwners } from "./store/run_owners.ts";

/** Whose the runs of one data folder are. */
export class RunOwnership {
  readonly #runOwners: RunOwners;
  readonly #dataDir: string;
  /** Run id → user id, of those that were asked for: it never changes, and a stream asks again and again. */
  readonly #known = new Map<string, string>();

  constructor(runOwners: RunOwners, dataDir: string) {
    this.#runOwners = runOwners;
    this.#dataDir = dataDir;
  }

  /** Tells which runs are the user's. */
  async ofUser(user: RunUser): Promise<(runId: string) => boolean> {
    const owners = await this.#runOwners.all();
    return (runId) => isOwn(user, owners.get(runId));
  }

  /**
   * The folder of a run of the user.
   * @throws AppError `RUN_NOT_FOUND` for any other id, whatever it is
   */
  async folderOf(user: RunUser, runId: string): Promise<RunFolder> {
    if (RUN_ID_PATTERN.test(runId)) {
      const ownerId = await this.#ownerOf(runId);
      const folder = runFolder(this.#dataDir, runId);
      if (isOwn(user, ownerId) && hasRecord(folder)) return folder;
    }
    throw new AppError("RUN_NOT_FOUND", "There is no such run among yours");
  }

  async #ownerOf(runId: string): Promise<string | undefined> {
    const ownerId = this.#known.get(runId) ?? await this.#runOwners.ownerOf(runId);
    if (ownerId !== undefined) this.#known.set(runId, ownerId);
    return ownerId;
  }
}

function isOwn({ userId, role }: RunUser, ownerId: string | undefined): boolean {
  return ownerId === undefined ? role === "owner" : ownerId === userId;
}

function hasRecord({ recordPath }: RunFolder): boolean {
  try {
    return Deno.statSync(recordPath).isFile;
  } catch {
    return false;
  }
}
