// The engine's side of the calculation workers: one worker, one calculation, one deadline.
import { type ToolFailure, toolFailure } from "../../schemas/tool.ts";
import type {
  Calculation,
  CalculationOutcome,
  ModuleCall,
  WorkerMessage,
} from "./js_run_protocol.ts";

/** Until a worker is loaded. The machine may be busy, and that is not the calculation's fault. */
const START_MS = 60_000;
/** What few operations of QuickJS cannot interrupt, ending the worker does. */
const GRACE_MS = 2000;

/**
 * Runs one calculation in a new worker without any permission, and ends the worker. An abort is
 * `E_INTERRUPTED`. Takes about 60 ms.
 */
export async function runCalculation(
  calculation: Calculation,
  signal: AbortSignal,
): Promise<CalculationOutcome | ToolFailure> {
  if (signal.aborted) return interrupted();
  const worker = new Worker(new URL("./js_run_worker.ts", import.meta.url), {
    type: "module",
    name: "calculation",
    deno: { permissions: "none" },
  });
  return await askWorker(worker, calculation, signal);
}

/** The same for a function of a module. */
export async function runModuleCall(
  call: ModuleCall,
  signal: AbortSignal,
): Promise<CalculationOutcome | ToolFailure> {
  if (signal.aborted) return interrupted();
  const worker = new Worker(new URL("./js_module_worker.ts", import.meta.url), {
    type: "module",
    name: "tool module",
    deno: { permissions: "none" },
  });
  return await askWorker(worker, call, signal);
}

async function askWorker(
  worker: Worker,
  work: Calculation | ModuleCall,
  signal: AbortSignal,
): Promise<CalculationOutcome | ToolFailure> {
  const { promise, resolve } = Promise.withResolvers<CalculationOutcome | ToolFailure>();
  const late: CalculationOutcome = { end: { kind: "time" }, logs: [], logsCut: false };
  let timer = setTimeout(() => resolve(late), START_MS);
  const abort = () => resolve(interrupted());
  signal.addEventListener("abort", abort, { once: true });
  worker.onmessage = ({ data }: MessageEvent<WorkerMessage>) => {
    if (data !== "begun") return resolve(data);
    clearTimeout(timer);
    timer = setTimeout(() => resolve(late), work.limits.timeMs + GRACE_MS);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    resolve(toolFailure("E_INTERNAL", "The calculation broke its worker. Make it smaller"));
  };
  try {
    worker.postMessage(work);
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
    worker.terminate();
  }
}

function interrupted(): ToolFailure {
  return toolFailure("E_INTERRUPTED", "The run was stopped during this call");
}
