// Whether the model's server answers, asked in the background: a health check must not wait for it.

/** What is known of the model. `unknown` until the first check has ended. */
export type ModelHealth = "ok" | "unknown" | "unreachable";

/** Asks once; rejects if the model cannot be reached. */
export type AskModel = (signal: AbortSignal) => Promise<void>;

const FRESH_MS = 30_000;

/** Remembers how the last check ended and asks anew when it is old. */
export class ModelCheck {
  readonly #ask: AskModel;
  readonly #stop = new AbortController();
  #health: ModelHealth = "unknown";
  #askedAt = -Infinity;
  #asking: Promise<void> | undefined;

  constructor(ask: AskModel) {
    this.#ask = ask;
  }

  /** What is known now; starts a new check where that is old. */
  get health(): ModelHealth {
    if (performance.now() - this.#askedAt > FRESH_MS) this.#asking ??= this.#check();
    return this.#health;
  }

  /** Ends a check that is under way. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#asking;
  }

  async #check(): Promise<void> {
    try {
      await this.#ask(this.#stop.signal);
      this.#health = "ok";
    } catch {
      // Why is told by the agents that fail; health says only that.
      this.#health = "unreachable";
    }
    this.#askedAt = performance.now();
    this.#asking = undefined;
  }
}
