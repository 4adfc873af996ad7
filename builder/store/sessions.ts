// Browser sessions: a random id in a cookie, of which only the SHA-256 is stored. Not here: the
// cookie itself.
import { type Clock, isoTime } from "./clock.ts";
import type { Database } from "./database.ts";
import { textOf } from "./database_row.ts";
import { newSecret, secretHash } from "./secret.ts";
import { type User, userOf } from "./user.ts";

/** A session just begun. `sessionId` goes into the cookie and is nowhere else. */
export interface NewSession {
  /** 256 random bits, base64url. */
  readonly sessionId: string;
  /** When it ends whatever happens; it ends earlier if it is not used. */
  readonly expiresAt: string;
}

/** Sessions end after 14 days without use, and 90 days after the login at the latest. */
export interface Sessions {
  /** Begins a session of a user who has just proved who they are. */
  create(userId: string): Promise<NewSession>;
  /** Whose session it is, and notes its use; undefined if unknown, ended or the account is shut. */
  find(sessionId: string): Promise<User | undefined>;
  /** Ends one session; an unknown one is no error. */
  revoke(sessionId: string): Promise<void>;
  /** Ends all sessions of a user. */
  revokeAll(userId: string): Promise<void>;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const IDLE_MS = 14 * DAY_MS;
const LIFE_MS = 90 * DAY_MS;

/** Use is noted no more often, so that a page view is no write. */
const NOTE_EVERY_MS = 60 * 60 * 1000;

/** The sessions in a database. */
export function sessionsIn(database: Database, now: Clock): Sessions {
  return {
    async create(userId) {
      const sessionId = newSecret();
      const createdAt = isoTime(now());
      const expiresAt = isoTime(now() + LIFE_MS);
      await database.write([
        {
          sql: `INSERT INTO sessions (session_sha256, user_id, created_at, last_used_at, expires_at)
            VALUES (?, ?, ?, ?, ?)`,
          args: [secretHash(sessionId), userId, createdAt, createdAt, expiresAt],
        },
        {
          sql: "DELETE FROM sessions WHERE expires_at <= ? OR last_used_at <= ?",
          args: [createdAt, isoTime(now() - IDLE_MS)],
        },
      ]);
      return { sessionId, expiresAt };
    },
    async find(sessionId) {
      const hash = secretHash(sessionId);
      const row = await database.row(
        `SELECT users.*, sessions.last_used_at FROM sessions JOIN users USING (user_id)
          WHERE session_sha256 = ? AND expires_at > ? AND last_used_at > ? AND disabled_at IS NULL`,
        [hash, isoTime(now()), isoTime(now() - IDLE_MS)],
      );
      if (!row) return undefined;
      if (textOf(row, "last_used_at") <= isoTime(now() - NOTE_EVERY_MS)) {
        await database.write([{
          sql: "UPDATE sessions SET last_used_at = ? WHERE session_sha256 = ?",
          args: [isoTime(now()), hash],
        }]);
      }
      return userOf(row);
    },
    async revoke(sessionId) {
      const args = [secretHash(sessionId)];
      await database.write([{ sql: "DELETE FROM sessions WHERE session_sha256 = ?", args }]);
    },
    async revokeAll(userId) {
      await database.write([{ sql: "DELETE FROM sessions WHERE user_id = ?", args: [userId] }]);
    },
  };
}
