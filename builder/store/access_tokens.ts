// Short-lived JWTs for the API: HS256 with a key of this installation, and nothing else is accepted.
import type { User } from "./user.ts";

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
