// How often somebody may try to log in: per account and per address, in memory and bounded.

/** Who tries, and from where. */
export interface LoginAttempt {
  readonly username: string;
  /** The peer's address without port. */
  readonly address: string;
}

/**
 * Per account 10 failures, per address 30, in 15 minutes. Counts are lost on restart: whoever can
 * restart the server needs no password, and guessing while it starts gains a handful of tries.
 */
export interface LoginLimit {
  /**
   * Counts an attempt as failed before it is judged, so that attempts at once cannot pass together.
   * @throws AppError `AUTH_RATE_LIMITED` with `details.retryAfterSeconds`
   */
  begin(attempt: LoginAttempt): void;
  /** The attempt was right: its account starts again from zero, its address gets the try back. */
  succeed(attempt: LoginAttempt): void;
}
