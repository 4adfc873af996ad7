// API tokens that scripts and other programs hold: `cwa_…`, of which only the SHA-256 is stored.
import { AppError } from "../../schemas/error.ts";
import { type Clock, isoTime } from "./clock.ts";
import type { Database } from "./database.ts";
import type { Row } from "./database_protocol.ts";
import { textOf, textOrNull } from "./database_row.ts";
import { newRowId, newSecret, secretHash } from "./secret.ts";
import { type User, userOf } from "./user.ts";

/** An API token as it is listed; the token itself was shown once. */
export interface ApiToken {
  readonly tokenId: string;
  /** What its maker calls it. */
  readonly name: string;
  readonly createdAt: string;
  /** To the minute; `null` if never. */
  readonly lastUsedAt: string | null;
  /** `null`: until it is revoked. */
  readonly expiresAt: string | null;
}

/** API tokens; a user sees only their own. */
export interface ApiTokens {
  /**
   * Makes a token; `token` is in no other place and cannot be shown again.
   * @param options `name` 1–64 characters; `expiresAt` ISO time in the future, or `null`
   * @throws AppError `ACCOUNT_INVALID`
   */
  create(
    userId: string,
    options: { readonly name: string; readonly expiresAt: string | null },
  ): Promise<{ readonly token: string; readonly record: ApiToken }>;
  /** Whose token it is, and notes its use; undefined if unknown, expired, revoked or account shut. */
  authenticate(token: string): Promise<User | undefined>;
  /** Newest first. Revoked tokens are gone. */
  list(userId: string): Promise<readonly ApiToken[]>;
  /** @throws AppError `AUTH_TOKEN_INVALID` if this user has no such token */
  revoke(userId: string, tokenId: string): Promise<void>;
}

/** What every API token begins with, so that a scanner finds one that leaked. */
export const API_TOKEN_PREFIX = "cwa_";

const NOTE_EVERY_MS = 60_000;

/** The API tokens in a database. */
export function apiTokensIn(database: Database, now: Clock): ApiTokens {
  return {
    async create(userId, { name, expiresAt }) {
      const record: ApiToken = {
        tokenId: newRowId(),
        name: checkedName(name),
        createdAt: isoTime(now()),
        lastUsedAt: null,
        expiresAt: checkedExpiry(expiresAt, now()),
      };
      const token = API_TOKEN_PREFIX + newSecret();
      await database.write([{
        sql: `INSERT INTO api_tokens (token_id, token_sha256, user_id, name, created_at, expires_at)
          VALUES (?, ?, ?, ?, ?, ?)`,
        args: [
          record.tokenId,
          secretHash(token),
          userId,
          record.name,
          record.createdAt,
          record.expiresAt,
        ],
      }]);
      return { token, record };
    },
    async authenticate(token) {
      if (!token.startsWith(API_TOKEN_PREFIX)) return undefined;
      const row = await database.row(
        `SELECT users.*, token_id, last_used_at FROM api_tokens JOIN users USING (user_id)
          WHERE token_sha256 = ? AND disabled_at IS NULL AND (expires_at IS NULL OR expires_at > ?)`,
        [secretHash(token), isoTime(now())],
      );
      if (!row) return undefined;
      const lastUsedAt = textOrNull(row, "last_used_at");
      if (lastUsedAt === null || lastUsedAt <= isoTime(now() - NOTE_EVERY_MS)) {
        await database.write([{
          sql: "UPDATE api_tokens SET last_used_at = ? WHERE token_id = ?",
          args: [isoTime(now()), textOf(row, "token_id")],
        }]);
      }
      return userOf(row);
    },
    async list(userId) {
      const rows = await database.rows(
        "SELECT * FROM api_tokens WHERE user_id = ? ORDER BY created_at DESC, token_id",
        [userId],
      );
      return rows.map(apiTokenOf);
    },
    async revoke(userId, tokenId) {
      const { changed } = await database.write([{
        sql: "DELETE FROM api_tokens WHERE user_id = ? AND token_id = ?",
        args: [userId, tokenId],
      }]);
      if (changed[0] === 1) return;
      throw new AppError("AUTH_TOKEN_INVALID", "There is no such API token any more");
    },
  };
}

function apiTokenOf(row: Row): ApiToken {
  return {
    tokenId: textOf(row, "token_id"),
    name: textOf(row, "name"),
    createdAt: textOf(row, "created_at"),
    lastUsedAt: textOrNull(row, "last_used_at"),
    expiresAt: textOrNull(row, "expires_at"),
  };
}

function checkedName(name: string): string {
  const trimmed = name.trim();
  if (trimmed.length >= 1 && trimmed.length <= 64) return trimmed;
  throw new AppError(
    "ACCOUNT_INVALID",
    `The name of an API token has ${trimmed.length} characters; it needs 1 to 64`,
    { details: { field: "name" } },
  );
}

function checkedExpiry(expiresAt: string | null, nowMs: number): string | null {
  if (expiresAt === null) return null;
  const time = Date.parse(expiresAt);
  if (time > nowMs) return isoTime(time);
  throw new AppError(
    "ACCOUNT_INVALID",
    `The expiry ${JSON.stringify(expiresAt.slice(0, 40))} is no time in the future: write it like ${
      isoTime(nowMs)
    }`,
    { details: { field: "expiresAt" } },
  );
}
