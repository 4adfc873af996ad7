// How far the estimate of tokens is off for a run's model, learned from what its provider counted. Pure,
// and a fold over the log: resuming comes to the same factor.
import type { RunEvent } from "../../schemas/run_event.ts";

/** What the recent requests to one model showed. */
export interface Calibration {
  readonly model?: string;
  /** Of the request that is under way. */
  readonly estimatedTokens: number;
  /** Counted over estimated, of the latest requests, oldest first. */
  readonly ratios: readonly number[];
}

/** Nothing is known yet. */
export const UNCALIBRATED: Calibration = { estimatedTokens: 0, ratios: [] };

const RECENT_REQUESTS = 5;
/** In a shorter prompt the template's own words weigh more than the estimate's error. */
const LEAST_TOKENS = 300;
/** A count below this part is no count of the whole prompt: some servers leave out what was cached. */
const LEAST_RATIO = 0.4;
/**
 * Since a count may lack what was cached, it lowers the estimate a little only: even then a prompt of
 * 0.8 of the window stays inside of it.
 */
const LEAST_FACTOR = 0.85;
const LARGEST_FACTOR = 3;

/** What is known after one more event. */
export function calibrate(known: Calibration, event: RunEvent): Calibration {
  if (event.type === "request_sent") {
    const { model, estimatedTokens } = event;
    return { model, estimatedTokens, ratios: model === known.model ? known.ratios : [] };
  }
  if (event.type !== "usage" || known.estimatedTokens < LEAST_TOKENS) return known;
  const ratio = event.usage.inputTokens / known.estimatedTokens;
  if (ratio < LEAST_RATIO) return known;
  return { ...known, ratios: [...known.ratios, ratio].slice(-RECENT_REQUESTS) };
}

/**
 * By what to multiply an estimate for a model: the highest ratio of the latest requests, from 0.85 to
 * 3; 1 as long as no request to it was counted.
 */
export function tokenFactor({ model, ratios }: Calibration, forModel: string): number {
  if (ratios.length === 0 || model !== forModel) return 1;
  return Math.min(LARGEST_FACTOR, Math.max(LEAST_FACTOR, ...ratios));
}

/** Whole tokens that an estimate stands for. */
export function calibrated(estimatedTokens: number, factor: number): number {
  return Math.ceil(estimatedTokens * factor);
}
