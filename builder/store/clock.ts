// The time, as the store sees it; tests set it.

/** Milliseconds since 1970, like `Date.now`. */
export type Clock = () => number;

/** A time as it is stored and shown: ISO 8601, UTC. Such texts sort by time. */
export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
