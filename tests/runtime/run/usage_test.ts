import assert from "node:assert/strict";
import type { RunEvent } from "../../../schemas/run_event.ts";
import { costOf, spentByNode, spentInAll } from "../../../runtime/run/usage.ts";

let seq = 0;
function usage(nodeId: string, inputTokens: number, outputTokens: number): RunEvent {
  seq += 1;
  return {
    seq,
    at: "2026-11-21T10:00:00.000Z",
    runId: "r",
    nodeId,
    type: "usage",
    usage: { inputTokens, outputTokens },
    durationMs: 100,
  };
}

const LOG = [usage("a", 1000, 10), usage("b", 2000, 20), usage("a", 500, 5)];

Deno.test("spentByNode() sums the requests of each node, and spentInAll() those of the run", () => {
  const byNode = spentByNode(LOG);
  assert.deepEqual([...byNode.keys()], ["a", "b"]);
  assert.deepEqual(byNode.get("a"), {
    requests: 2,
    inputTokens: 1500,
    outputTokens: 15,
    durationMs: 200,
  });
  assert.equal(spentInAll(LOG).inputTokens, 3500);
});

Deno.test("costOf() counts by the million", () => {
  const spent = { inputTokens: 2_000_000, outputTokens: 500_000 };
  assert.equal(costOf(spent, { inputPerMillion: 3, outputPerMillion: 15 }), 13.5);
});
