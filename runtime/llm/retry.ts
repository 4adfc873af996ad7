// Tries again what may succeed the next time. Not here: which failures those are (`provider_error.ts`).
import { AppError } from "../../schemas/error.ts";
import type { LlmRetry } from "./llm.ts";

/** Why one attempt failed, and whether another one may help. */
export class AttemptFailure extends Error {
  readonly error: AppError;
  readonly retryable: boolean;
  /** What the server asked for, from now on. */
  readonly retryAfterMs: number | undefined;

  constructor(error: AppError, options: { retryable: boolean; retryAfterMs?: number | undefined }) {
    super(error.message, { cause: error });
    this.name = "AttemptFailure";
    this.error = error;
    this.retryable = options.retryable;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Time and chance, so that tests need not wait. */
export interface RetryClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** From 0 up to, not including, 1. */
  random(): number;
  /** Resolves after `ms`, or at once when `signal` aborts; never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The clock of the machine. */
export const SYSTEM_CLOCK: RetryClock = { now: Date.now, random: Math.random, sleep };

/** How long to wait: `firstMs` after the first failure, twice as long each time, up to `maxMs`. */
export interface RetryBackoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** How often to try again, and who is told. */
export interface RetryOptions {
  /** 0 tries once. */
  readonly maxRetries: number;
  /** Half a second up to 30 s unless told. */
  readonly backoff?: RetryBackoff | undefined;
  readonly signal: AbortSignal;
  readonly clock: RetryClock;
  /** Told of each retry before its wait; `undefined` tells nobody. */
  readonly onRetry: ((retry: LlmRetry) => void) | undefined;
}

const BACKOFF: RetryBackoff = { firstMs: 500, maxMs: 30_000 };
/** A server that asks for more patience than this is tried again after this. */
const MAX_RETRY_AFTER_MS = 120_000;

/**
 * Runs `attempt` until it succeeds, fails for good or the retries are used up. The wait doubles each
 * time, up to a bound, of which a random part of up to a half is taken off; a `Retry-After` counts
 * instead if it is longer, up to two minutes.
 * @throws AppError of the last attempt, `ENGINE_ABORTED` as soon as the signal aborts
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  { maxRetries, backoff = BACKOFF, signal, clock, onRetry }: RetryOptions,
): Promise<T> {
  for (let tries = 1;; tries += 1) {
    if (signal.aborted) throw aborted(signal);
    try {
      return await attempt();
    } catch (thrown) {
      if (signal.aborted) throw aborted(signal);
      if (!(thrown instanceof AttemptFailure)) throw thrown;
      if (!thrown.retryable || tries > maxRetries) throw finalError(thrown, tries);
      const delayMs = delayBefore(tries, thrown, { clock, backoff });
      const { code, message } = thrown.error;
      onRetry?.({ attempt: tries, delayMs, code, message });
      await clock.sleep(delayMs, signal);
    }
  }
}

/** The error of an aborted request. */
export function aborted(signal: AbortSignal): AppError {
  return new AppError("ENGINE_ABORTED", "The request to the model was stopped", {
    cause: signal.reason,
  });
}

/** Milliseconds a server asks to wait, by `retry-after-ms` or `Retry-After` (seconds or HTTP date). */
export function readRetryAfter(headers: Headers, nowMs: number): number | undefined {
  const ms = Number.parseFloat(headers.get("retry-after-ms") ?? "");
  if (ms >= 0) return ms;
  const text = headers.get("retry-after")?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

function delayBefore(
  tries: number,
  { retryAfterMs = 0 }: AttemptFailure,
  { clock, backoff }: { readonly clock: RetryClock; readonly backoff: RetryBackoff },
): number {
  const full = Math.min(backoff.maxMs, backoff.firstMs * 2 ** (tries - 1));
  const jittered = full * (1 - clock.random() / 2);
  return Math.round(Math.max(jittered, Math.min(retryAfterMs, MAX_RETRY_AFTER_MS)));
}

function finalError({ error }: AttemptFailure, tries: number): AppError {
  if (tries === 1) return error;
  return new AppError(error.code, `${error.message} (tried ${tries} times)`, {
    cause: error.cause,
    details: { ...error.details, attempts: tries },
  });
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end, { once: true });
  });
}
