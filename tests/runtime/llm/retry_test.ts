import assert from "node:assert/strict";
import {
  AttemptFailure,
  readRetryAfter,
  type RetryOptions,
  SYSTEM_CLOCK,
  withRetries,
} from "../../../runtime/llm/retry.ts";
import { AppError } from "../../../schemas/error.ts";
import type { LlmRetry } from "../../../runtime/llm/llm.ts";
import { hastyClock } from "./served_model.ts";
import { PATIENCE_MS } from "../../patience.ts";

const busy = new AttemptFailure(new AppError("LLM_HTTP", "The server failed"), { retryable: true });

function options(more: Partial<RetryOptions> = {}): RetryOptions {
  return {
    maxRetries: 3,
    signal: new AbortController().signal,
    clock: hastyClock(),
    onRetry: undefined,
    ...more,
  };
}

function failing(times: number, failure: Error = busy): () => Promise<string> {
  let left = times;
  return () => left-- > 0 ? Promise.reject(failure) : Promise.resolve("done");
}

Deno.test("withRetries() returns the first success and tells of each retry before it", async () => {
  const told: LlmRetry[] = [];
  const result = await withRetries(failing(2), options({ onRetry: (retry) => told.push(retry) }));
  assert.equal(result, "done");
  const { code, message } = busy.error;
  assert.deepEqual(told, [
    { attempt: 1, delayMs: 500, code, message },
    { attempt: 2, delayMs: 1_000, code, message },
  ]);
});

Deno.test("withRetries() doubles the wait up to half a minute", async () => {
  const clock = hastyClock();
  await withRetries(failing(9), options({ clock, maxRetries: 9 }));
  assert.deepEqual(clock.waits, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

Deno.test("withRetries() takes up to a half off the wait by chance", async () => {
  const clock = { ...hastyClock(), random: () => 0.999 };
  await withRetries(failing(1), options({ clock }));
  assert.deepEqual(clock.waits, [250]);
});

Deno.test("withRetries() ends with the last error and the number of attempts", async () => {
  await assert.rejects(withRetries(failing(9), options()), {
    code: "LLM_HTTP",
    message: "The server failed (tried 4 times)",
    details: { attempts: 4 },
  });
});

Deno.test("withRetries() does not repeat what a retry cannot help", async () => {
  const denied = new AttemptFailure(new AppError("LLM_AUTH", "No"), { retryable: false });
  await assert.rejects(withRetries(failing(1, denied), options()), { message: "No" });
});

Deno.test("withRetries() passes on an error that is no attempt's failure", async () => {
  await assert.rejects(withRetries(failing(1, new TypeError("bug")), options()), TypeError);
});

Deno.test("withRetries() ends a wait at once when the signal aborts", async () => {
  const stop = new AbortController();
  const started = performance.now();
  setTimeout(() => stop.abort(), 20);
  const later = new AttemptFailure(busy.error, { retryable: true, retryAfterMs: 100_000 });
  const waiting = options({ signal: stop.signal, clock: SYSTEM_CLOCK });
  const retrying = withRetries(failing(9, later), waiting);
  await assert.rejects(retrying, { code: "ENGINE_ABORTED" });
  assert.ok(performance.now() - started < PATIENCE_MS);
});

Deno.test("withRetries() sends nothing once the signal has aborted", async () => {
  let attempts = 0;
  const attempt = () => Promise.resolve(attempts += 1);
  await assert.rejects(withRetries(attempt, options({ signal: AbortSignal.abort() })), {
    code: "ENGINE_ABORTED",
  });
  assert.equal(attempts, 0);
});

const HEADERS: readonly [Record<string, string>, number | undefined][] = [
  [{}, undefined],
  [{ "retry-after": "3" }, 3_000],
  [{ "retry-after": "1.5" }, 1_500],
  [{ "retry-after-ms": "250", "retry-after": "3" }, 250],
  [{ "retry-after": "Fri, 20 Nov 2026 12:00:30 GMT" }, 30_000],
  [{ "retry-after": "Fri, 20 Nov 2026 11:00:00 GMT" }, 0],
  [{ "retry-after": "in a while" }, undefined],
];

for (const [headers, expected] of HEADERS) {
  Deno.test(`readRetryAfter() reads ${JSON.stringify(headers)} as ${expected}`, () => {
    assert.equal(readRetryAfter(new Headers(headers), Date.UTC(2026, 10, 20, 12)), expected);
  });
}
