// Whose a run is. The run itself is in its folder, which the command line reads and writes too; a run
// that is not listed here was made there.
import type { Database } from "./database.ts";
import { textOf } from "./database_row.ts";

/** Who started which run in the browser or over the API. */
export interface RunOwners {
  /** Notes a new run. Durable when it resolves. */
  add(runId: string, userId: string): Promise<void>;
  /** Forgets runs that are gone for good. */
  remove(runIds: readonly string[]): Promise<void>;
  /** The user's id; `undefined` for a run that the command line made. */
  ownerOf(runId: string): Promise<string | undefined>;
  /** Run id → user id, of all that are noted. */
  all(): Promise<ReadonlyMap<string, string>>;
}

/** The owners in a database. */
export function runOwnersIn(database: Database): RunOwners {
  return {
    async add(runId, userId) {
      await database.write([{
        sql: "INSERT INTO run_owners (run_id, user_id) VALUES (?, ?)",
        args: [runId, userId],
      }]);
    },
    async remove(runIds) {
      if (runIds.length === 0) return;
      await database.write(runIds.map((runId) => ({
        sql: "DELETE FROM run_owners WHERE run_id = ?",
        args: [runId],
      })));
    },
    async ownerOf(runId) {
      const row = await database.row("SELECT user_id FROM run_owners WHERE run_id = ?", [runId]);
      return row && textOf(row, "user_id");
    },
    async all() {
      const rows = await database.rows("SELECT run_id, user_id FROM run_owners", []);
      return new Map(rows.map((row) => [textOf(row, "run_id"), textOf(row, "user_id")]));
    },
  };
}
