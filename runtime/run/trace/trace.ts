// A recorded run beside a package, `tests/*.trace.jsonl`: a header line, then the log as it was.
import { AppError } from "../../../schemas/error.ts";
import type { RunEvent } from "../../../schemas/run_event.ts";
import { validate } from "../../../schemas/validate.ts";
import type { RunOptions } from "../run_folder.ts";
import { parseRunLog } from "../run_log.ts";

/** How a trace's file is named. */
export const TRACE_EXTENSION = ".trace.jsonl";

/** What the run began with. */
export interface TraceHeader {
  readonly type: "trace";
  readonly formatVersion: 1;
  readonly projectName: string;
  readonly input?: string;
  readonly options: RunOptions;
  /** Project files the run read or changed, as they were before it. Mount path → content. */
  readonly files: Readonly<Record<string, TracedFile>>;
}

/** A file's content; `base64` where it is no text. */
export type TracedFile = { readonly text: string } | { readonly base64: string };

/** A recorded run. The first event is `run_started`. */
export interface Trace {
  readonly header: TraceHeader;
  readonly events: readonly RunEvent[];
}

/** A trace as its file holds it. */
export function formatTrace({ header, events }: Trace): string {
  return [header, ...events].map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** Reads a trace. @throws AppError `TRACE_INVALID` naming the file and the line */
export function parseTrace(text: string, name: string): Trace {
  const end = text.indexOf("\n") + 1;
  const header = parseHeader(text.slice(0, end), name);
  const events = parseRunLog(text.slice(end));
  events.forEach((event, index) => {
    const [violation] = validate("run_event", event);
    if (violation || event.seq !== index + 1) {
      throw invalid(name, `line ${index + 2} is no event of a run, or one before it is missing`);
    }
  });
  if (events[0]?.type !== "run_started") {
    throw invalid(name, "it does not begin with a run's start");
  }
  return { header, events };
}

function parseHeader(line: string, name: string): TraceHeader {
  let header: Partial<TraceHeader> | null;
  try {
    header = JSON.parse(line);
  } catch (cause) {
    throw invalid(name, "its first line is not JSON", cause);
  }
  const isHeader = header?.type === "trace" && header.formatVersion === 1 &&
    typeof header.projectName === "string" && typeof header.options === "object" &&
    Object.entries(header.files ?? { "": null }).every(([path, file]) =>
      path.startsWith("@project/") && typeof file === "object"
    );
  if (!isHeader) throw invalid(name, "its first line is no header of a trace");
  return header as TraceHeader;
}

function invalid(name: string, reason: string, cause?: unknown): AppError {
  const message =
    `The trace "${name}" cannot be used: ${reason}. Record it anew: crewagent run PKG --record FILE`;
  return new AppError("TRACE_INVALID", message, { cause });
}
