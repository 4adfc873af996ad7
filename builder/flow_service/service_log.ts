// The log of a flow service: one JSON object a line. It never gets a header, a body or a query.
import type { RuntimeConfig } from "../../runtime/flow/flow_source.ts";

/** How much a line matters. */
export type LogLevel = RuntimeConfig["logLevel"];

/** What a line says; what does not apply is left out. */
export interface LogEntry {
  readonly level: LogLevel;
  /** `http`, `agent`, `flow`, `memory` or `service`. */
  readonly component: string;
  readonly message: string;
  readonly agent?: string;
  readonly story_id?: string;
  readonly request_id?: string;
  readonly duration_ms?: number;
  readonly method?: string;
  readonly path?: string;
  readonly status?: number | string;
}

/** Takes log entries. */
export type ServiceLog = (entry: LogEntry) => void;

const ORDER: readonly LogLevel[] = ["debug", "info", "warn", "error"];

/** A log that writes entries of `level` and above, each as one line without its end. */
export function openServiceLog(level: LogLevel, write: (line: string) => void): ServiceLog {
  const least = ORDER.indexOf(level);
  return (entry) => {
    if (ORDER.indexOf(entry.level) < least) return;
    const { level, component, message, ...rest } = entry;
    const timestamp = new Date().toISOString();
    write(JSON.stringify({ timestamp, level, component, message, ...rest }));
  };
}
