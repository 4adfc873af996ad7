// Memory that counts its operations for the metrics and otherwise changes nothing.
import type { Memory } from "../../runtime/flow/memory.ts";
import type { FlowMetrics } from "./flow_metrics.ts";

/** Wraps memory so that every operation shows in the metrics, with its outcome. */
export function countedMemory(memory: Memory, metrics: FlowMetrics): Memory {
  const counted = async <T>(operation: string, work: Promise<T>): Promise<T> => {
    try {
      const result = await work;
      metrics.add("flow_memory_operations_total", { operation, outcome: "ok" });
      return result;
    } catch (thrown) {
      metrics.add("flow_memory_operations_total", { operation, outcome: "error" });
      throw thrown;
    }
  };
  return {
    get: (scope, key) => counted("get", memory.get(scope, key)),
    set: (scope, key, value) => counted("set", memory.set(scope, key, value)),
    delete: (scope, key) => counted("delete", memory.delete(scope, key)),
    list: (scope) => counted("list", memory.list(scope)),
    ping: () => memory.ping(),
    close: () => memory.close(),
  };
}
