// All that `crewagent serve` keeps in its database: accounts, credentials, packages, edits, versions,
// settings, and whose a run is. This file only names the parts; each part is a file beside it.
import type { AccessTokens } from "./access_tokens.ts";
import type { ApiTokens } from "./api_tokens.ts";
import type { LoginLimit } from "./login_limit.ts";
import type { OneTimeTokens } from "./one_time_tokens.ts";
import type { Packages } from "./packages.ts";
import type { Revisions } from "./revisions.ts";
import type { RunOwners } from "./run_owners.ts";
import type { Sessions } from "./sessions.ts";
import type { Settings } from "./settings.ts";
import type { Users } from "./users.ts";
import type { Versions } from "./versions.ts";

/**
 * The open store of a data folder. What a method has answered survives a power cut. Every method that
 * takes a `userId` sees what belongs to that user; anything else is not found. Methods may be called
 * concurrently; they take effect one after another.
 *
 * Besides what is named at each method, all throw AppError `DATABASE_FAILED`: the disk is full, the
 * file is damaged, or the store is closed. Nothing is half-written then.
 */
export interface Store {
  readonly users: Users;
  readonly sessions: Sessions;
  readonly apiTokens: ApiTokens;
  readonly accessTokens: AccessTokens;
  readonly oneTimeTokens: OneTimeTokens;
  readonly loginLimit: LoginLimit;
  readonly packages: Packages;
  readonly revisions: Revisions;
  readonly versions: Versions;
  readonly settings: Settings;
  readonly runOwners: RunOwners;
  /** Waits for what is under way, closes the database and gives up the data folder. Again does no harm. */
  close(): Promise<void>;
}
