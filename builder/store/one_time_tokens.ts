// Links that work once and for minutes: the first start's, and the launcher's login link.

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
