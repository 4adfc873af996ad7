// Whether a run stops where it stands. A stop is one line of the log, so it is there as a whole or not
// at all: whoever resumes the run passes the places that the log shows as stopped at, and no others.
import {
  type Breakpoint,
  breakpointText,
  type BudgetBreakpointRequest,
  fitsTool,
} from "../../schemas/breakpoint.ts";
import type { StopsPassed } from "./stops_passed.ts";
import { dropBreakpoints, readBreakpoints } from "./breakpoints.ts";
import type { RunOutcome, Session, Stop } from "./session.ts";
import { costOf } from "./usage.ts";

/**
 * Between two moves of a run: after the node that was left, before the one that comes, and at budgets.
 * All that fit one place stop the run once.
 */
export function stopBetweenMoves(session: Session): Stop {
  const breakpoints = noticedBreakpoints(session);
  if (breakpoints.length === 0) return null;
  const { workflow: { workflow, state, depth }, recorder } = session;
  const { stopsPassed, openNode } = recorder.conversation();
  const { nodeId, completed } = state.position();
  const isHere = (one: Breakpoint): boolean => {
    if ("tool" in one) return false;
    if ("limit" in one) return !(completed && depth === 0) && isSpent(session, one);
    if (openNode !== null || (one.workflowId ?? workflow.id) !== workflow.id) return false;
    if (one.at === "after") return stopsPassed.leftNodeId === one.nodeId;
    return !completed && !stopsPassed.isRetried && one.nodeId === nodeId;
  };
  const hit = breakpoints.filter((one) => isHere(one) && isDue(one, stopsPassed));
  return hit.length > 0 ? stopAt(session, hit) : null;
}

/** Before a tool call runs, consent and all. A call that the log shows as stopped at runs. */
export function stopBeforeCall(
  session: Session,
  { callId, tool }: { readonly callId: string; readonly tool: string },
): Stop {
  const { stopsPassed } = session.recorder.conversation();
  if (stopsPassed.callIds.has(callId)) return null;
  const hit = noticedBreakpoints(session)
    .filter((one) => "tool" in one && fitsTool(one.tool, tool));
  return hit.length > 0 ? stopAt(session, hit, { callId, tool }) : null;
}

/** Those there are, without one-time ones that have done their work; the log is told of changes. */
function noticedBreakpoints({ run, recorder }: Session): readonly Breakpoint[] {
  const { stopsPassed } = recorder.conversation();
  const present = readBreakpoints(run.folder);
  const spent = present.filter((one) => isOnce(one) && stopsPassed.everHit.has(one.breakpointId));
  if (spent.length > 0) {
    dropBreakpoints(run.folder, new Set(spent.map(({ breakpointId }) => breakpointId)));
  }
  const breakpoints = present.filter((one) => !spent.includes(one));
  if (JSON.stringify(breakpoints) !== stopsPassed.known) {
    recorder.emit({ type: "breakpoints_changed", breakpoints });
  }
  return breakpoints;
}

function isOnce(one: Breakpoint): boolean {
  return "once" in one && one.once === true;
}

function isDue(one: Breakpoint, { here, everHit }: StopsPassed): boolean {
  return !("limit" in one ? everHit : here).has(one.breakpointId);
}

function isSpent(
  { run, recorder }: Session,
  { at, limit }: BudgetBreakpointRequest,
): boolean {
  const { spentInAll, totalTurns } = recorder.conversation();
  if (at === "turns") return totalTurns >= limit;
  if (at === "tokens") return spentInAll.inputTokens + spentInAll.outputTokens >= limit;
  const { prices } = run.record.connection;
  return prices !== undefined && costOf(spentInAll, prices) >= limit;
}

function stopAt(
  { workflow }: Session,
  hit: readonly Breakpoint[],
  call?: { readonly callId: string; readonly tool: string },
): RunOutcome {
  const { nodeId, completed } = workflow.state.position();
  const place = completed ? `"${nodeId}" is finished` : `the run stands at "${nodeId}"`;
  const where = call ? `${call.tool} is about to run` : place;
  return {
    phase: "paused",
    code: "BREAKPOINT",
    reason: `Stopped at a breakpoint (${hit.map(breakpointText).join(", ")}): ${where}`,
    breakpoints: hit.map(({ breakpointId }) => breakpointId),
    ...(call && { callId: call.callId }),
  };
}
