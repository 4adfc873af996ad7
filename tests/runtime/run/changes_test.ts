import assert from "node:assert/strict";
import type { RunEvent } from "../../../schemas/run_event.ts";
import { changedFiles, lastRevert, visitStart } from "../../../runtime/run/changes.ts";

const [A, B, C] = ["a", "b", "c"].map((letter) => letter.repeat(64));

let seq = 0;
function event(body: Record<string, unknown>): RunEvent {
  seq += 1;
  return { seq, at: "2026-11-20T22:15:30.000Z", runId: "r", ...body } as RunEvent;
}

function changed(
  path: string,
  before?: string | null,
  after?: string | null,
  callId = "1",
): RunEvent {
  return event({ type: "file_changed", callId, path, sha256Before: before, sha256After: after });
}

function log(make: () => RunEvent[]): RunEvent[] {
  seq = 0;
  return make();
}

const net = (events: readonly RunEvent[], fromSeq?: number) =>
  changedFiles(events, fromSeq).map(({ path, before, after }) => [path, before, after]);

Deno.test("changedFiles() gives the net change of each file and leaves out what ends as it began", () => {
  const events = log(() => [
    changed("@project/new", null, A),
    changed("@project/new", A, B),
    changed("@project/edited", A, C),
    changed("@project/same", A, B),
    changed("@project/same", B, A),
  ]);
  assert.deepEqual(net(events), [["@project/new", null, B], ["@project/edited", A, C]]);
});

Deno.test("changedFiles() counts from an event on, and still knows every content before", () => {
  const events = log(() => [
    changed("@project/x", null, A),
    changed("@project/early", null, A),
    changed("@project/x", A, B),
  ]);
  assert.deepEqual(net(events, 2), [["@project/early", null, A], ["@project/x", A, B]]);
  assert.deepEqual(net(events, 3), [["@project/x", A, B]]);
  assert.deepEqual([...changedFiles(events, 3)[0]?.known ?? []], [null, A, B]);
});

Deno.test("lastRevert() finds where the last revert began, so that it can be taken back", () => {
  const events = log(() => [
    changed("@project/x", null, A),
    changed("@project/x", A, null, "revert-2"),
    changed("@project/x", null, A, "revert-3"),
    changed("@project/y", B, C, "revert-3"),
  ]);
  assert.equal(lastRevert(events), 3);
  assert.throws(() => lastRevert(events.slice(0, 1)), { code: "USAGE" });
});

Deno.test("visitStart() finds the last visit of a node, or names the nodes there are", () => {
  const entered = (id: string) =>
    event({ type: "node_entered", node: { id, type: "step" }, workflowId: "main", depth: 0 });
  const events = log(() => [entered("a"), entered("b"), entered("a")]);
  assert.equal(visitStart(events, "a"), 3);
  assert.throws(() => visitStart(events, "c"), { code: "USAGE", message: /It was at: a, b/ });
});
