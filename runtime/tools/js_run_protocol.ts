// What the engine asks of the calculation worker, and what it answers. Types and limits; no code.

/** Limits of one calculation. */
export interface CalculationLimits {
  readonly timeMs: number;
  /** Of QuickJS with all its data; from 16 MiB. */
  readonly memoryBytes: number;
  /** Of the result as JSON. */
  readonly maxResultBytes: number;
  /** Of all that `console.log` wrote. */
  readonly maxLogBytes: number;
}

/** Code to run, and its `input` as JSON. */
export interface Calculation {
  readonly code: string;
  /** JSON; `undefined` leaves the global `input` undefined. */
  readonly inputJson: string | undefined;
  readonly limits: CalculationLimits;
}

/** A function of a module to call with `input`. Modules see each other, and nothing else. */
export interface ModuleCall {
  /** Texts by path with `/`, below one root. */
  readonly modules: Readonly<Record<string, string>>;
  /** A key of `modules`. */
  readonly module: string;
  /** Name of the exported function. */
  readonly call: string;
  /** JSON; the one argument. */
  readonly inputJson: string;
  readonly limits: CalculationLimits;
}

/** How a calculation ended. A limit that was hit is named. */
export type CalculationEnd =
  | { readonly kind: "done"; readonly resultJson: string | undefined }
  | { readonly kind: "thrown"; readonly message: string }
  | { readonly kind: "time" | "memory" | "depth" | "unsettled" }
  | { readonly kind: "too large"; readonly resultBytes: number };

/** What a worker says: `begun` when it is loaded and has its work, then the answer. */
export type WorkerMessage = "begun" | CalculationOutcome;

/** The answer: how it ended and what it logged until then. */
export interface CalculationOutcome {
  readonly end: CalculationEnd;
  readonly logs: readonly string[];
  /** Later lines, or the end of the last one, are missing. */
  readonly logsCut: boolean;
}
