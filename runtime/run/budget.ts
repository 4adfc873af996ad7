// Hard budgets of a run: tokens, cost, time. Checked before each request, so a run exceeds a budget by
// one request at most.
import { boundedOptions } from "./engine_limits.ts";
import type { Session, Stop } from "./session.ts";
import { costOf } from "./usage.ts";

/** Why the run pauses, or `null` if there is room for one more request. */
export function budgetSpent({ run, recorder, limits, startedAtMs }: Session): Stop {
  const { connection } = run.record;
  const options = boundedOptions(run.record.options, limits);
  const { spent } = recorder.conversation();
  const tokens = spent.inputTokens + spent.outputTokens;
  if (options.maxTokens !== undefined && tokens >= options.maxTokens) {
    return pause(`${tokens} tokens, of ${options.maxTokens}`);
  }
  const cost = connection.prices && costOf(spent, connection.prices);
  if (options.maxCostUsd !== undefined && cost !== undefined && cost >= options.maxCostUsd) {
    return pause(`$${cost.toFixed(4)}, of $${options.maxCostUsd}`);
  }
  const minutes = (performance.now() - startedAtMs) / 60_000;
  if (options.maxMinutes !== undefined && minutes >= options.maxMinutes) {
    return pause(`${minutes.toFixed(1)} minutes, of ${options.maxMinutes}`);
  }
  return null;
}

function pause(spent: string): Stop {
  return {
    phase: "paused",
    code: "BUDGET_EXCEEDED",
    reason: `The run has used its budget: ${spent}. Resuming it grants as much again`,
  };
}
