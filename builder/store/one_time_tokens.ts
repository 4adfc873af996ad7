// Links that work once and for minutes: the first start's, and the launcher's login link.
import { AppError } from "../../schemas/error.ts";
import { type Clock, isoTime } from "./clock.ts";
import type { Database } from "./database.ts";
import type { Guard, Query } from "./database_protocol.ts";
import { textOrNull } from "./database_row.ts";
import { newSecret, secretHash } from "./secret.ts";

/** What a token is for; a token of one purpose is worth nothing for the other. */
export type OneTimePurpose = "first-start" | "login";

/** Single-use tokens of 256 random bits, of which only the SHA-256 is stored. */
export interface OneTimeTokens {
  /**
   * Makes a token. `first-start` (no user yet) lives 60 minutes and replaces the one before it;
   * `login` lives 5 minutes.
   */
  create(
    purpose: OneTimePurpose,
    userId: string | null,
  ): Promise<{ readonly token: string; readonly expiresAt: string }>;
  /** Whether `redeem` would succeed; uses nothing up. For pages that show a form first. */
  isValid(purpose: OneTimePurpose, token: string): Promise<boolean>;
  /**
   * Uses the token up. Of two calls at once, one gets it.
   * @returns the user that it was made for, `null` for `first-start`
   * @throws AppError `AUTH_TOKEN_INVALID` if unknown, used, expired or for another purpose
   */
  redeem(purpose: OneTimePurpose, token: string): Promise<string | null>;
}

const LIFE_MS: Readonly<Record<OneTimePurpose, number>> = {
  "first-start": 60 * 60_000,
  "login": 5 * 60_000,
};

/** The one-time tokens in a database. */
export function oneTimeTokensIn(database: Database, now: Clock): OneTimeTokens {
  const valid = (purpose: OneTimePurpose, token: string): Query => ({
    sql: `SELECT one_time_tokens.user_id FROM one_time_tokens LEFT JOIN users USING (user_id)
      WHERE token_sha256 = ? AND purpose = ? AND expires_at > ? AND disabled_at IS NULL`,
    args: [secretHash(token), purpose, isoTime(now())],
  });
  return {
    async create(purpose, userId) {
      const token = newSecret();
      const expiresAt = isoTime(now() + LIFE_MS[purpose]);
      await database.write([
        {
          sql:
            "DELETE FROM one_time_tokens WHERE expires_at <= ? OR purpose = 'first-start' AND ? = 'first-start'",
          args: [isoTime(now()), purpose],
        },
        {
          sql: `INSERT INTO one_time_tokens (token_sha256, purpose, user_id, expires_at)
            VALUES (?, ?, ?, ?)`,
          args: [secretHash(token), purpose, userId, expiresAt],
        },
      ]);
      return { token, expiresAt };
    },
    async isValid(purpose, token) {
      const { sql, args = [] } = valid(purpose, token);
      return await database.row(sql, args) !== undefined;
    },
    async redeem(purpose, token) {
      const query = valid(purpose, token);
      const row = await database.row(query.sql, query.args ?? []);
      // Judged again with the removal, so that of two calls at once only one finds it.
      const guard: Guard = { ...query, expects: "row" };
      const { refusedBy } = await database.write([{
        sql: "DELETE FROM one_time_tokens WHERE token_sha256 = ?",
        args: [secretHash(token)],
      }], [guard]);
      if (row && refusedBy === null) return textOrNull(row, "user_id");
      throw new AppError(
        "AUTH_TOKEN_INVALID",
        "This link is used up or too old: start CrewAgent again, or log in with name and password",
      );
    },
  };
}
