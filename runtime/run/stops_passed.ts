// Which breakpoints a run has stopped at, by its log, so that going on passes each place once. Pure; a
// part of the fold in `conversation.ts`.
import type { RunEvent } from "../../schemas/run_event.ts";

/** What a run that goes on need not stop at again. */
export interface StopsPassed {
  /** Breakpoints that stopped the run between the last visit and the next. */
  readonly here: ReadonlySet<string>;
  /** Breakpoints that ever stopped it. */
  readonly everHit: ReadonlySet<string>;
  /** Calls of the last message that it stopped before. */
  readonly callIds: ReadonlySet<string>;
  /** The node that was left last; `null` once the next visit has begun. */
  readonly leftNodeId: string | null;
  /** A person began the current node anew: the run stood in it already. */
  readonly isRetried: boolean;
  /** The breakpoints that the log knows of, as JSON. */
  readonly known: string;
}

/** Nothing yet. */
export const NO_STOPS: StopsPassed = {
  here: new Set(),
  everHit: new Set(),
  callIds: new Set(),
  leftNodeId: null,
  isRetried: false,
  known: "[]",
};

/** The same with one more event; the same object if that changes nothing. */
export function passStops(passed: StopsPassed, event: RunEvent): StopsPassed {
  switch (event.type) {
    case "breakpoints_changed":
      return { ...passed, known: JSON.stringify(event.breakpoints) };
    case "phase_changed":
      return event.breakpoints ? stopped(passed, event, event.breakpoints) : passed;
    case "node_entered":
      return { ...passed, here: NO_STOPS.here, leftNodeId: null, isRetried: false };
    case "node_completed":
      return { ...passed, here: NO_STOPS.here, leftNodeId: event.nodeId ?? null };
    case "node_retried":
      return { ...passed, leftNodeId: null, isRetried: true };
    case "state_edited":
      if (event.movedFrom === undefined) return passed;
      return { ...passed, here: NO_STOPS.here, leftNodeId: null, isRetried: false };
    case "assistant_message":
      return passed.callIds.size === 0 ? passed : { ...passed, callIds: NO_STOPS.callIds };
    default:
      return passed;
  }
}

function stopped(
  passed: StopsPassed,
  { callId }: RunEvent & { readonly type: "phase_changed" },
  breakpointIds: readonly string[],
): StopsPassed {
  return {
    ...passed,
    here: new Set([...passed.here, ...breakpointIds]),
    everHit: new Set([...passed.everHit, ...breakpointIds]),
    callIds: callId === undefined ? passed.callIds : new Set([...passed.callIds, callId]),
  };
}
