// Tokens, requests and cost of a run, by node and in all, from its log. Pure.
import type { ModelPrices } from "../../schemas/profile.ts";
import type { RunEvent } from "../../schemas/run_event.ts";

/** What requests took. */
export interface Spent {
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Time the model took. */
  readonly durationMs: number;
}

/** Nothing yet. */
export const NOTHING_SPENT: Spent = {
  requests: 0,
  inputTokens: 0,
  outputTokens: 0,
  durationMs: 0,
};

/** The sum with one more request. */
export function spend(spent: Spent, event: RunEvent & { type: "usage" }): Spent {
  return {
    requests: spent.requests + 1,
    inputTokens: spent.inputTokens + event.usage.inputTokens,
    outputTokens: spent.outputTokens + event.usage.outputTokens,
    durationMs: spent.durationMs + event.durationMs,
  };
}

/** What a run took by node, in the order of their first request. */
export function spentByNode(events: readonly RunEvent[]): Map<string, Spent> {
  const nodes = new Map<string, Spent>();
  for (const event of events) {
    if (event.type !== "usage") continue;
    const nodeId = event.nodeId ?? "";
    nodes.set(nodeId, spend(nodes.get(nodeId) ?? NOTHING_SPENT, event));
  }
  return nodes;
}

/** What a run took in all. */
export function spentInAll(events: readonly RunEvent[]): Spent {
  return events.reduce(
    (spent, event) => event.type === "usage" ? spend(spent, event) : spent,
    NOTHING_SPENT,
  );
}

/** US dollars. */
export function costOf(
  { inputTokens, outputTokens }: Pick<Spent, "inputTokens" | "outputTokens">,
  { inputPerMillion, outputPerMillion }: ModelPrices,
): number {
  return (inputTokens * inputPerMillion + outputTokens * outputPerMillion) / 1e6;
}
