// Opens the store of a data folder: lock, database, signing key, parts.
import { join } from "node:path";
import { makeFolder, syncFolder, writeFileAtomic } from "../../runtime/disk/durable.ts";
import { accessTokensFor } from "./access_tokens.ts";
import { apiTokensIn } from "./api_tokens.ts";
import type { Clock } from "./clock.ts";
import { type DataFolderLock, lockDataFolder } from "./data_folder_lock.ts";
import { Database } from "./database.ts";
import { DATABASE_MIGRATIONS } from "./database_migrations.ts";
import { newLoginLimit } from "./login_limit.ts";
import { oneTimeTokensIn } from "./one_time_tokens.ts";
import { packagesIn } from "./packages.ts";
import { PASSWORD_COST, type PasswordCost } from "./password.ts";
import { runOwnersIn } from "./run_owners.ts";
import { newSecret } from "./secret.ts";
import { sessionsIn } from "./sessions.ts";
import { settingsIn } from "./settings.ts";
import type { Store } from "./store.ts";
import { revisionsIn } from "./stored_revisions.ts";
import { usersIn } from "./users.ts";
import { versionsIn } from "./versions.ts";

/** What tests set. */
export interface StoreOptions {
  /** The system's clock unless told. */
  readonly now?: Clock;
  /** `PASSWORD_COST` unless told. */
  readonly passwordCost?: PasswordCost;
}

/**
 * Opens the store of a data folder, made if missing and readable by this user only. Files in it:
 * `server.lock`, `store/crewagent.db` (with `-wal` and `-shm` beside it), `store/signing.key`.
 * @throws AppError `DATA_FOLDER_BUSY` if another server has the folder, `DATABASE_FAILED` if the
 * database is damaged, foreign, or of a newer version: it is then kept as it is
 */
export async function openStore(
  dataDir: string,
  { now = Date.now, passwordCost = PASSWORD_COST }: StoreOptions = {},
): Promise<Store> {
  const lock = await lockDataFolder(dataDir);
  try {
    return await openLocked(dataDir, { lock, now, passwordCost });
  } catch (thrown) {
    lock.release();
    throw thrown;
  }
}

async function openLocked(
  dataDir: string,
  { lock, now, passwordCost }: Required<StoreOptions> & { readonly lock: DataFolderLock },
): Promise<Store> {
  const folder = join(dataDir, "store");
  makeFolder(folder);
  const key = signingKey(join(folder, "signing.key"));
  const database = await openDatabase(folder);
  syncFolder(folder);
  const packages = packagesIn(database, now);
  try {
    await packages.purge();
  } catch (thrown) {
    await database.close();
    throw thrown;
  }
  let closed: Promise<void> | undefined;
  const close = async () => {
    await database.close();
    lock.release();
  };
  return {
    users: usersIn({ database, now, passwordCost }),
    sessions: sessionsIn(database, now),
    apiTokens: apiTokensIn(database, now),
    accessTokens: accessTokensFor({ database, key, now }),
    oneTimeTokens: oneTimeTokensIn(database, now),
    loginLimit: newLoginLimit(now),
    packages,
    revisions: revisionsIn({ database, packages, now }),
    versions: versionsIn(database, now),
    settings: settingsIn(database),
    runOwners: runOwnersIn(database),
    close: () => closed ??= close(),
  };
}

/** The key that signs access tokens, made at first. Without it all access tokens end, nothing else. */
function signingKey(path: string): string {
  try {
    const key = Deno.readTextFileSync(path);
    if (/^[\w-]{43}$/.test(key)) return key;
  } catch (thrown) {
    if (!(thrown instanceof Deno.errors.NotFound)) throw thrown;
  }
  const key = newSecret();
  writeFileAtomic(path, key);
  return key;
}

/**
 * The executable unpacks the driver's native half where the system keeps temporary files, under a name
 * that can be guessed. In a folder that only this user can write nobody else can put a file there.
 */
async function openDatabase(folder: string): Promise<Database> {
  const request = { path: join(folder, "crewagent.db"), migrations: DATABASE_MIGRATIONS };
  if (!Deno.build.standalone) return await Database.open(request);
  const native = join(folder, "native");
  await Deno.remove(native, { recursive: true }).catch(ignoreMissing);
  makeFolder(native);
  const variable = Deno.build.os === "windows" ? "TMP" : "TMPDIR";
  const before = Deno.env.get(variable);
  Deno.env.set(variable, native);
  try {
    return await Database.open(request);
  } finally {
    if (before === undefined) Deno.env.delete(variable);
    else Deno.env.set(variable, before);
    // Windows keeps a file that is in use; the next start removes it.
    if (Deno.build.os !== "windows") await Deno.remove(native, { recursive: true });
  }
}

function ignoreMissing(thrown: unknown): void {
  if (!(thrown instanceof Deno.errors.NotFound)) throw thrown;
}
