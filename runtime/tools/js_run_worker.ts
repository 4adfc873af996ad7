// The worker of `js.run`: one calculation, one answer. It has no permission at all.
import { calculate } from "./js_run_sandbox.ts";
import type { Calculation, WorkerMessage } from "./js_run_protocol.ts";

/** The side of a worker that its global object shows. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<Calculation>) => void) | null;
  postMessage(message: WorkerMessage): void;
}

// QuickJS asks the host for the time zone; a calculation must not depend on the machine's.
Date.prototype.getTimezoneOffset = () => 0;

const scope = globalThis as unknown as WorkerScope;

scope.onmessage = async ({ data }) => {
  scope.postMessage("begun");
  scope.postMessage(await calculate(data));
};
