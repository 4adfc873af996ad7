import assert from "node:assert/strict";
import type { RunEvent } from "../../../schemas/run_event.ts";
import { changedFiles, lastRevert, turnStart } from "../../../runtime/run/changes.ts";
import { lastVisit } from "../../../runtime/run/fork_run.ts";

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

Deno.test("lastVisit() finds the last visit of a node, or names the nodes there are", () => {
  const entered = (id: string) =>
    event({ type: "node_entered", node: { id, type: "step" }, workflowId: "main", depth: 0 });
  const events = log(() => [entered("a"), entered("b"), entered("a")]);
  assert.equal(lastVisit(events, "a").seq, 3);
  assert.throws(() => lastVisit(events, "c"), { code: "USAGE", message: /It was at: a, b/ });
});

Deno.test("turnStart() finds where a turn began, or says which is the last", () => {
  const sent = (turn: number) => event({ type: "request_sent", turn });
  const events = log(() => [sent(1), event({ type: "usage", turn: 1 }), sent(2)]);
  assert.equal(turnStart(events, 2), 3);
  assert.throws(() => turnStart(events, 3), { code: "USAGE", message: /no turn 3; its last is 2/ });
});
