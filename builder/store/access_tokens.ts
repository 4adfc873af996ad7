// Short-lived JWTs for the API: HS256 with a key of this installation, and nothing else is accepted.
import { sign, verify } from "hono/jwt";
import { AppError } from "../../schemas/error.ts";
import { type Clock, isoTime } from "./clock.ts";
import type { Database } from "./database.ts";
import { integerOf } from "./database_row.ts";
import { type User, userOf } from "./user.ts";

/** A JWT for `Authorization: Bearer …`. */
export interface AccessToken {
  readonly token: string;
  readonly expiresAt: string;
}

/** JWTs with issuer, audience, subject and expiry (one hour). Not stored; a password change ends them. */
export interface AccessTokens {
  /** A token for a user who has just proved who they are. */
  issue(userId: string): Promise<AccessToken>;
  /**
   * Whose token it is.
   * @throws AppError `AUTH_TOKEN_INVALID`: forged, `alg` other than HS256, other issuer or audience,
   * expired, issued before the last password change, or the account is shut
   */
  verify(token: string): Promise<User>;
}

const ISSUER = "crewagent";
const AUDIENCE = "crewagent-api";
const LIFE_SECONDS = 60 * 60;

/** Longer than any token of ours; more is not even read. */
const MOST_CHARACTERS = 2048;

interface Claims {
  readonly userId: string;
  /** The account's count of password changes when the token was made. */
  readonly epoch: number;
  readonly expiresAtSeconds: number;
}

/**
 * Access tokens signed with the installation's key.
 * @param key 256 random bits as text
 */
export function accessTokensFor(
  { database, key, now }: {
    readonly database: Database;
    readonly key: string;
    readonly now: Clock;
  },
): AccessTokens {
  const account = (userId: string) =>
    database.row("SELECT * FROM users WHERE user_id = ? AND disabled_at IS NULL", [userId]);
  return {
    async issue(userId) {
      const row = await account(userId);
      if (!row) throw invalid();
      const iat = Math.floor(now() / 1000);
      const exp = iat + LIFE_SECONDS;
      const claims = { iss: ISSUER, aud: AUDIENCE, sub: userId, iat, exp };
      const token = await sign({ ...claims, epoch: integerOf(row, "epoch") }, key, "HS256");
      return { token, expiresAt: isoTime(exp * 1000) };
    },
    async verify(token) {
      const { userId, epoch, expiresAtSeconds } = await claimsOf(token, key);
      if (expiresAtSeconds <= now() / 1000) throw invalid();
      const row = await account(userId);
      if (!row || integerOf(row, "epoch") !== epoch) throw invalid();
      return userOf(row);
    },
  };
}

/** What a token with our signature says; times are judged by the store's clock afterwards. */
async function claimsOf(token: string, key: string): Promise<Claims> {
  if (token.length > MOST_CHARACTERS) throw invalid();
  const payload = await verify(token, key, {
    alg: "HS256",
    iss: ISSUER,
    aud: AUDIENCE,
    exp: false,
    iat: false,
  }).catch((cause) => {
    throw invalid(cause);
  });
  const { sub, exp, epoch } = payload;
  if (typeof sub !== "string" || typeof exp !== "number" || typeof epoch !== "number") {
    throw invalid();
  }
  return { userId: sub, epoch, expiresAtSeconds: exp };
}

function invalid(cause?: unknown): AppError {
  return new AppError(
    "AUTH_TOKEN_INVALID",
    "The access token is not valid any more, or never was: log in again for a new one",
    { cause },
  );
}
