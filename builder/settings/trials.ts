// Tests that a person started in the settings: of a model, of an MCP server. They outlive the page and
// end with the server. Not here: what a test does (`runtime/run/profile_trial.ts`, `mcp_trial.ts`).
import { AppError, messageOf } from "../../schemas/error.ts";
import type { ExerciseResult, ProfileTest } from "../../schemas/profile.ts";
import type { McpTrial } from "../../runtime/run/mcp_trial.ts";

/** A test as it stands. */
export interface Trial<Step, Result> {
  readonly state: "running" | "done" | "stopped" | "failed";
  /** ISO 8601 UTC. */
  readonly startedAt: string;
  /** What has come so far. */
  readonly steps: readonly Step[];
  /** Only where `state` is `done`. */
  readonly result: Result | null;
  /** Why it could not be done; only where `state` is `failed`. */
  readonly failure: string | null;
}

/** A test: reports steps as they come, ends when the signal aborts. */
export type TrialWork<Step, Result> = (
  signal: AbortSignal,
  report: (step: Step) => void,
) => Promise<Result>;

/** So many models or servers are tested at once. */
const MOST_RUNNING = 3;

interface Running<Step, Result> {
  readonly abort: AbortController;
  readonly done: Promise<void>;
  trial: Trial<Step, Result>;
}

/** Tests of one kind, the last one of each name. */
export class Trials<Step, Result> {
  readonly #all = new Map<string, Running<Step, Result>>();
  readonly #keyOf: (name: string) => string;
  #isClosed = false;

  /** `keyOf` says which names are one. */
  constructor(keyOf: (name: string) => string) {
    this.#keyOf = keyOf;
  }

  /** The last test of this name; `undefined` if there was none since the server started. */
  of(name: string): Trial<Step, Result> | undefined {
    return this.#all.get(this.#keyOf(name))?.trial;
  }

  /**
   * Starts a test, unless one of this name is running. Its failure is kept, never thrown.
   * @throws AppError `TRIAL_BUSY` if too many are running
   */
  start(name: string, work: TrialWork<Step, Result>): Trial<Step, Result> {
    const key = this.#keyOf(name);
    const known = this.#all.get(key);
    if (known?.trial.state === "running") return known.trial;
    const running = [...this.#all.values()].filter(({ trial }) => trial.state === "running");
    if (this.#isClosed || running.length >= MOST_RUNNING) {
      throw new AppError(
        "TRIAL_BUSY",
        `${running.length} tests are running already. Wait for one of them, or stop it`,
      );
    }
    return this.#begin(key, work);
  }

  #begin(key: string, work: TrialWork<Step, Result>): Trial<Step, Result> {
    const abort = new AbortController();
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const begun: Trial<Step, Result> = {
      state: "running",
      startedAt: new Date().toISOString(),
      steps: [],
      result: null,
      failure: null,
    };
    const running: Running<Step, Result> = { abort, done, trial: begun };
    this.#all.set(key, running);
    const end = (ended: Partial<Trial<Step, Result>>) => {
      running.trial = {
        ...running.trial,
        ...(abort.signal.aborted ? { state: "stopped" } : ended),
      };
      resolve();
    };
    work(abort.signal, (step) => {
      running.trial = { ...running.trial, steps: [...running.trial.steps, step] };
    }).then(
      (result) => end({ state: "done", result }),
      (thrown) => end({ state: "failed", failure: messageOf(thrown) }),
    );
    return begun;
  }

  /** Stops the test of this name, if one is running; resolves when it has ended. */
  async stop(name: string): Promise<void> {
    const running = this.#all.get(this.#keyOf(name));
    running?.abort.abort();
    await running?.done;
  }

  /** Stops and forgets the test of this name: what it says is no longer true. */
  async forget(name: string): Promise<void> {
    await this.stop(name);
    this.#all.delete(this.#keyOf(name));
  }

  /** Stops all; resolves when they have ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#all.keys()].map((name) => this.stop(name)));
  }
}

/** The tests of a server. */
export interface SettingsTrials {
  readonly profiles: Trials<ExerciseResult, ProfileTest>;
  readonly servers: Trials<never, McpTrial>;
  close(): Promise<void>;
}

/** Opens the tests; none is running. */
export function openTrials(): SettingsTrials {
  const profiles = new Trials<ExerciseResult, ProfileTest>((name) => name.toLowerCase());
  const servers = new Trials<never, McpTrial>((serverId) => serverId);
  return {
    profiles,
    servers,
    async close() {
      await Promise.all([profiles.close(), servers.close()]);
    },
  };
}
