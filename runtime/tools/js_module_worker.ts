// The worker of a flow's own tools: one call of a module's function, one answer. It has no permission.
import { callModule } from "./js_run_sandbox.ts";
import type { ModuleCall, WorkerMessage } from "./js_run_protocol.ts";

/** The side of a worker that its global object shows. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<ModuleCall>) => void) | null;
  postMessage(message: WorkerMessage): void;
}

// QuickJS asks the host for the time zone; a tool must not depend on the machine's.
Date.prototype.getTimezoneOffset = () => 0;

const scope = globalThis as unknown as WorkerScope;

scope.onmessage = async ({ data }) => {
  scope.postMessage("begun");
  scope.postMessage(await callModule(data));
};
