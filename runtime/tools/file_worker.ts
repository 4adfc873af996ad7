// The engine's side of the file worker: one request, one answer, a time limit, and a new worker after
// a hung one. Knows nothing about tools.
import { type ToolFailure, toolFailure } from "../../schemas/tool.ts";
import { startWorker } from "./start_worker.ts";
import type {
  WorkerAnswer,
  WorkerOperation,
  WorkerOperations,
  WorkerRequest,
  WorkerSetup,
} from "./worker_protocol.ts";

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

/** A file worker that is started at first use and replaced when it has to be stopped. */
export class FileWorker {
  readonly #setup: WorkerSetup;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #lastId = 0;

  constructor(setup: WorkerSetup) {
    this.#setup = setup;
  }

  /** Starts the worker in the background, so that the first request need not wait for it. */
  start(): void {
    this.#running();
  }

  /** Runs one operation. What goes wrong is an answer; `E_TOOL_TIMEOUT` and an abort stop the worker. */
  async run<K extends WorkerOperation>(
    operation: K,
    input: Input<K>,
    { timeoutMs, signal }: RequestLimits,
  ): Promise<Outcome<Value<K>>> {
    if (signal.aborted) return interrupted();
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
    }
  }

  /** Stops the worker; requests under way are answered `E_INTERRUPTED`. */
  close(): void {
    this.#stop(interrupted());
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
