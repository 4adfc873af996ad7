import assert from "node:assert/strict";
import {
  calibrate,
  calibrated,
  tokenFactor,
  UNCALIBRATED,
} from "../../../runtime/run/calibration.ts";
import type { RunEvent } from "../../../schemas/run_event.ts";

const envelope = { seq: 1, at: "2026-01-01T00:00:00.000Z", runId: "r" };

function request(estimatedTokens: number, inputTokens: number, model = "m"): RunEvent[] {
  const sent = { ...envelope, type: "request_sent", model, digest: "d", messageCount: 3 } as const;
  const usage = { inputTokens, outputTokens: 5 };
  return [
    { ...sent, estimatedTokens },
    { ...envelope, type: "usage", usage, durationMs: 1 },
  ];
}

const factorAfter = (events: readonly RunEvent[], model = "m") =>
  tokenFactor(events.reduce(calibrate, UNCALIBRATED), model);

/** What the provider counted for estimates of 1,000, one after the other → the factor. */
const COUNTED: readonly [title: string, counts: readonly number[], factor: number][] = [
  ["nothing", [], 1],
  ["more than was estimated", [1500], 1.5],
  ["the highest of several", [1100, 1400, 1200], 1.4],
  ["only the latest five", [2000, 1100, 1100, 1100, 1100, 1100], 1.1],
  ["less than was estimated, but no more than a little", [600, 600], 0.85],
  ["more than can be", [90_000], 3],
  ["so little that it was not the whole prompt", [1300, 20, 20, 20, 20, 20, 20], 1.3],
  ["no tokens at all", [0], 1],
];

for (const [title, counts, factor] of COUNTED) {
  Deno.test(`tokenFactor() is ${factor} where the provider counted ${title}`, () => {
    assert.equal(factorAfter(counts.flatMap((count) => request(1000, count))), factor);
  });
}

Deno.test("tokenFactor() learns nothing from short prompts, which are mostly template", () => {
  assert.equal(factorAfter(request(299, 900)), 1);
});

Deno.test("tokenFactor() of one model says nothing about another", () => {
  const events = request(1000, 1500, "small");
  assert.equal(factorAfter(events, "large"), 1);
  assert.equal(factorAfter([...events, ...request(1000, 1100, "large")], "large"), 1.1);
});

Deno.test("tokenFactor() compares a count with the request that was answered, not one that failed", () => {
  const [failed] = request(9000, 0);
  assert.equal(factorAfter([failed as RunEvent, ...request(1000, 1200)]), 1.2);
});

Deno.test("calibrated() rounds up", () => {
  assert.equal(calibrated(1001, 1.1), 1102);
});
