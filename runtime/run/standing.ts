// How a run stands that its record says is running, though nobody drives it: its driver died.
import { readRunLog } from "./run_log.ts";
import type { RunFolder } from "./run_folder.ts";
import type { RunOutcome } from "./session.ts";

/**
 * The phase that the log ends in, if the driver died between log and record; `interrupted` if it died
 * while it drove. Reads the whole log, so ask only of a run whose driver is gone.
 */
export function standingOfLost({ logPath }: RunFolder): RunOutcome {
  const { phase, code, reason } = lastPhase(logPath) ?? { phase: "running" };
  if (phase === "running" || phase === "idle") return { phase: "interrupted" };
  return { phase, ...(code !== undefined && { code }), ...(reason !== undefined && { reason }) };
}

function lastPhase(logPath: string): RunOutcome | undefined {
  try {
    const event = readRunLog(logPath).findLast(({ type }) => type === "phase_changed");
    return event?.type === "phase_changed" ? event : undefined;
  } catch {
    // Its page says what is wrong with the log; here it only cannot tell more than the record.
    return undefined;
  }
}
