// API tokens that scripts and other programs hold: `cwa_…`, of which only the SHA-256 is stored.
import type { User } from "./user.ts";

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
