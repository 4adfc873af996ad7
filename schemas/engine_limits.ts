// The system's limits for every run, and what each may be. `engine_limits.schema.json` is the contract.
// Not here: what they do to a run (`runtime/run/engine_limits.ts`).

/** Limits that a person set for the whole installation; what is left out is as usual. */
export interface EngineLimits {
  /** Requests to the model before a run pauses. */
  readonly maxTurns?: number;
  /** Requests to the model at one visit of a node. */
  readonly maxTurnsPerNode?: number;
  /** Tokens read and written together since the run was last taken up. */
  readonly maxTokens?: number;
  /** US dollars since the run was last taken up, by the prices of the profile. */
  readonly maxCostUsd?: number;
  /** Minutes since the run was last taken up. */
  readonly maxMinutes?: number;
  /** What one tool call may read. */
  readonly maxReadBytes?: number;
  /** What one tool call may write. */
  readonly maxWriteBytes?: number;
  /** How long one tool call may take. */
  readonly toolTimeoutMs?: number;
}

/** `limits.json`. */
export interface LimitsDocument {
  readonly formatVersion: 1;
  readonly limits: EngineLimits;
}

/** A key of `EngineLimits`. */
export type LimitName = keyof EngineLimits;

/** What a limit may be. */
export interface LimitRange {
  readonly least: number;
  readonly most: number;
  readonly isWhole: boolean;
}

const KIB = 1024;

/** Every limit, in the order in which they are shown. The schema says the same. */
export const LIMIT_RANGES: Readonly<Record<LimitName, LimitRange>> = {
  maxTurns: { least: 1, most: 1_000_000, isWhole: true },
  maxTurnsPerNode: { least: 1, most: 1_000_000, isWhole: true },
  maxTokens: { least: 1, most: 1e12, isWhole: true },
  maxCostUsd: { least: 0.000_001, most: 1e9, isWhole: false },
  maxMinutes: { least: 0.001, most: 1e7, isWhole: false },
  maxReadBytes: { least: KIB, most: 16 * KIB * KIB, isWhole: true },
  maxWriteBytes: { least: KIB, most: 16 * KIB * KIB, isWhole: true },
  toolTimeoutMs: { least: 1_000, most: 3_600_000, isWhole: true },
};

/** The names of the limits, in the order in which they are shown. */
export const LIMIT_NAMES = Object.keys(LIMIT_RANGES) as readonly LimitName[];

/** Why a number cannot be this limit, to be put behind its name; `undefined` if it can. */
export function faultOfLimit(name: LimitName, value: number): string | undefined {
  const { least, most, isWhole } = LIMIT_RANGES[name];
  if (value >= least && value <= most && (!isWhole || Number.isInteger(value))) return undefined;
  return `takes ${isWhole ? "a whole number" : "a number"} from ${least} to ${most}`;
}
