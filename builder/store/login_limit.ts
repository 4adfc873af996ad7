// How often somebody may try to log in: per account and per address, in memory and bounded.
import { AppError } from "../../schemas/error.ts";
import { usernameKey } from "./account_rules.ts";
import type { Clock } from "./clock.ts";

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

const WINDOW_MS = 15 * 60_000;
const MOST_FAILURES = { account: 10, address: 30 } as const;

/** Names and addresses that are remembered; beyond, the oldest are forgotten. */
const MOST_ENTRIES = 10_000;

interface Failures {
  count: number;
  readonly endsAtMs: number;
}

/** A limit that starts from zero. */
export function newLoginLimit(now: Clock): LoginLimit {
  const failures = new Map<string, Failures>();

  function current(key: string): Failures {
    const found = failures.get(key);
    if (found && found.endsAtMs > now()) return found;
    failures.delete(key);
    const fresh = { count: 0, endsAtMs: now() + WINDOW_MS };
    failures.set(key, fresh);
    for (const oldest of failures.keys()) {
      if (failures.size <= MOST_ENTRIES) break;
      failures.delete(oldest);
    }
    return fresh;
  }

  return {
    begin(attempt) {
      const account = current(accountKey(attempt));
      const address = current(addressKey(attempt));
      if (account.count >= MOST_FAILURES.account) throw tooMany(account.endsAtMs - now());
      if (address.count >= MOST_FAILURES.address) throw tooMany(address.endsAtMs - now());
      account.count += 1;
      address.count += 1;
    },
    succeed(attempt) {
      failures.delete(accountKey(attempt));
      const address = current(addressKey(attempt));
      address.count = Math.max(0, address.count - 1);
    },
  };
}

/** A name of any length must not fill the memory. */
function accountKey({ username }: LoginAttempt): string {
  return `account ${usernameKey(username.slice(0, 64))}`;
}

function addressKey({ address }: LoginAttempt): string {
  return `address ${address.slice(0, 64)}`;
}

function tooMany(waitMs: number): AppError {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new AppError(
    "AUTH_RATE_LIMITED",
    `There were too many failed logins. Try again in ${Math.ceil(retryAfterSeconds / 60)} minutes`,
    { details: { retryAfterSeconds } },
  );
}
