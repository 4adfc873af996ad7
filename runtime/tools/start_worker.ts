// Starts the file worker with its rights. The one place that names the worker's file.
import type { WorkerSetup } from "./worker_protocol.ts";

/**
 * Wall 2. The worker may read the project and the package and write the project; it has no network,
 * environment, processes, system information, native code or imports. Takes about 25 ms.
 */
export function startWorker(setup: WorkerSetup): Worker {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    type: "module",
    name: "files",
    deno: {
      permissions: {
        read: [setup.project, setup.pkg],
        write: [setup.project],
        net: false,
        env: false,
        run: false,
        ffi: false,
        sys: false,
        import: false,
      },
    },
  });
  worker.postMessage(setup);
  return worker;
}
