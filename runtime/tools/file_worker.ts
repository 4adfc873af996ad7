// The engine's side of the file worker: one request, one answer, a time limit, and a new worker after
// a hung one. Stops while it is idle if others need its place. Knows nothing about tools.
import { type ToolFailure, toolFailure } from "../../schemas/tool.ts";
import { startWorker } from "./start_worker.ts";
import type {
  WorkerAnswer,
  WorkerOperation,
  WorkerOperations,
  WorkerRequest,
  WorkerSetup,
} from "./worker_protocol.ts";
import { type Resident, WorkerPlaces } from "./worker_places.ts";

/** What a request came to. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | ToolFailure;

/** How long a request may take. An abort ends every request but `replace`, which is never cut. */
export interface RequestLimits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

type Input<K extends WorkerOperation> = Parameters<WorkerOperations[K]>[0];
type Value<K extends WorkerOperation> = ReturnType<WorkerOperations[K]>;

interface Waiting {
  readonly settle: (outcome: WorkerAnswer["outcome"]) => void;
}

/**
 * File workers of this process, which take 16 MB each whatever they import. Enough to keep every core
 * busy; a server with hundreds of runs has most of them waiting for their models.
 */
const PLACES = new WorkerPlaces({ places: 32, keepIdleMs: 250 });

/** A file worker that is started at first use and replaced when it has to be stopped. */
export class FileWorker implements Resident {
  readonly #setup: WorkerSetup;
  readonly #places: WorkerPlaces;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  readonly #closed = new AbortController();
  #lastId = 0;

  constructor(setup: WorkerSetup, places: WorkerPlaces = PLACES) {
    this.#setup = setup;
    this.#places = places;
  }

  /**
   * Starts the worker in the background, so that the first request need not wait for it; not where
   * others would have to wait for that.
   */
  start(): void {
    if (!this.#places.tryEnter(this)) return;
    this.#running();
    this.#places.rest(this);
  }

  /** Stops an idle worker; the next request starts another one. */
  evict(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  /**
   * Runs one operation; waits for a place before, which does not count as its time. What goes wrong is
   * an answer; `E_TOOL_TIMEOUT` and an abort stop the worker.
   */
  async run<K extends WorkerOperation>(
    operation: K,
    input: Input<K>,
    { timeoutMs, signal }: RequestLimits,
  ): Promise<Outcome<Value<K>>> {
    if (signal.aborted || this.#closed.signal.aborted) return interrupted();
    if (!this.#places.tryEnter(this) && !await this.#admitted(signal)) return interrupted();
    const { promise, resolve } = Promise.withResolvers<WorkerAnswer["outcome"]>();
    const id = ++this.#lastId;
    const timer = setTimeout(() => this.#stop(timedOut(timeoutMs)), timeoutMs);
    const abort = () => this.#stop(interrupted());
    if (operation !== "replace") signal.addEventListener("abort", abort, { once: true });
    this.#waiting.set(id, { settle: resolve });
    try {
      this.#running().postMessage({ id, operation, input } satisfies WorkerRequest);
      return await promise as Outcome<Value<K>>;
    } finally {
      this.#waiting.delete(id);
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      this.#places.rest(this);
    }
  }

  /** Waits for a place; false if the call was stopped, or the worker closed, before there was one. */
  async #admitted(signal: AbortSignal): Promise<boolean> {
    const stopped = AbortSignal.any([signal, this.#closed.signal]);
    try {
      await this.#places.enter(this, stopped);
    } catch {
      return false;
    }
    // Stopped between the place and this line.
    if (stopped.aborted) this.#places.rest(this);
    return !stopped.aborted;
  }

  /** Stops the worker; requests under way or waiting are answered `E_INTERRUPTED`. */
  close(): void {
    this.#closed.abort();
    this.#stop(interrupted());
    this.#places.leave(this);
  }

  #running(): Worker {
    if (this.#worker) return this.#worker;
    const worker = startWorker(this.#setup);
    worker.onmessage = ({ data }: MessageEvent<WorkerAnswer>) => {
      this.#waiting.get(data.id)?.settle(data.outcome);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#stop(toolFailure("E_INTERNAL", "The file worker failed and was replaced. Call again"));
    };
    this.#worker = worker;
    return worker;
  }

  #stop(reason: ToolFailure): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const { settle } of this.#waiting.values()) settle(reason);
  }
}

function interrupted(): ToolFailure {
  return toolFailure("E_INTERRUPTED", "The run was stopped during this call");
}

function timedOut(timeoutMs: number): ToolFailure {
  return toolFailure(
    "E_TOOL_TIMEOUT",
    `The call took longer than ${
      timeoutMs / 1000
    } s and was stopped. Ask for less: a smaller folder, fewer lines, a narrower pattern`,
  );
}
