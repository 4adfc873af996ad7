import assert from "node:assert/strict";
import { fileWrites } from "../../../runtime/run/file_writes.ts";
import { lineWriters } from "../../../runtime/run/line_writers.ts";
import { sha256Of } from "../../../runtime/run/run_folder.ts";
import { lineBlocks, linesOf } from "../../../runtime/tools/line_blocks.ts";
import type { RunEvent } from "../../../schemas/run_event.ts";

const PATH = "@project/artifacts/a.md";
const identity = (version: string) => ({
  name: "p",
  version,
  hash: version.repeat(64).slice(0, 64),
});

/** One content after the other, as events of a run; `null`: no file. */
class History {
  readonly events: RunEvent[] = [];
  readonly kept = new Map<string, string>();

  add(body: Record<string, unknown>): this {
    const seq = this.events.length + 1;
    this.events.push(
      {
        seq,
        at: `2026-11-21T10:00:${String(seq).padStart(2, "0")}.000Z`,
        runId: "r",
        ...body,
      } as RunEvent,
    );
    return this;
  }

  /** Logs a change as the engine does: the content before is kept, the one after is not. */
  change(callId: string, before: string | null, after: string | null): this {
    if (before !== null) this.kept.set(sha256Of(before), before);
    const [sha256Before, sha256After] = [before, after].map((text) =>
      text === null ? null : sha256Of(text)
    );
    return this.add({ type: "file_changed", callId, path: PATH, sha256Before, sha256After });
  }

  /** A call with its change. */
  write(callId: string, before: string | null, after: string): this {
    return this.add({
      type: "tool_call",
      callId,
      tool: "fs.write",
      arguments: { path: PATH, content: after },
    })
      .change(callId, before, after);
  }

  /** `1-2 run c1`, one a range. */
  lines(present: string): string[] {
    return lineWriters({
      writes: fileWrites(this.events),
      present: { sha256: sha256Of(present), text: present },
      textOf: (sha256) => this.kept.get(sha256),
    }).map(({ firstLine, lastLine, origin, writer }) =>
      `${firstLine}-${lastLine} ${origin}${writer ? ` ${writer.callId}` : ""}`
    );
  }
}

Deno.test("lineWriters() keeps the writer of a line that a later call leaves as it is", () => {
  const history = new History()
    .write("c1", null, "one\ntwo\nthree\n")
    .write("c2", "one\ntwo\nthree\n", "one\nTWO\nthree\nfour\n");
  assert.deepEqual(history.lines("one\nTWO\nthree\nfour\n"), [
    "1-1 run c1",
    "2-2 run c2",
    "3-3 run c1",
    "4-4 run c2",
  ]);
});

Deno.test("lineWriters() tells what was there before from what a run wrote", () => {
  const history = new History().write("c1", "old\nlast", "old\nnew\nlast");
  assert.deepEqual(history.lines("old\nnew\nlast"), ["1-1 before", "2-2 run c1", "3-3 before"]);
  assert.deepEqual(new History().lines("old\n"), ["1-1 before"]);
});

Deno.test("lineWriters() gives to others what was changed between two calls, and after the last", () => {
  const history = new History()
    .write("c1", null, "a\nb\n")
    .write("c2", "a\nfrom others\nb\n", "a\nfrom others\nb\nc\n");
  assert.deepEqual(history.lines("a\nfrom others\nb\nc\nd\n"), [
    "1-1 run c1",
    "2-2 others",
    "3-3 run c1",
    "4-4 run c2",
    "5-5 others",
  ]);
});

Deno.test("lineWriters() says unknown where a content between is not kept", () => {
  const history = new History()
    .write("c1", null, "a\n")
    .add({ type: "tool_call", callId: "c2", tool: "mcp__x__y", arguments: {} })
    .change("c2", "a\n", "a\nlost\n");
  assert.deepEqual(history.lines("a\nlost\nlater\n"), ["1-1 run c1", "2-3 unknown"]);
});

Deno.test("lineWriters() makes the content after an edit and after an append again from their arguments", () => {
  const edited = new History()
    .write("c1", null, "a\nb\n")
    .add({
      type: "tool_call",
      callId: "c2",
      tool: "fs.edit",
      arguments: { path: PATH, oldText: "b", newText: "$&" },
    })
    .change("c2", "a\nb\n", "a\n$&\n");
  assert.deepEqual(edited.lines("a\n$&\nlater\n"), ["1-1 run c1", "2-2 run c2", "3-3 others"]);
  const appended = new History()
    .write("c1", null, "a\n")
    .add({
      type: "tool_call",
      callId: "c2",
      tool: "fs.write",
      arguments: { path: PATH, content: "b\n", mode: "append" },
    })
    .change("c2", "a\n", "a\nb\n");
  assert.deepEqual(appended.lines("a\nb\nlater\n"), ["1-1 run c1", "2-2 run c2", "3-3 others"]);
});

Deno.test("lineWriters() gives a content that a revert brings back to those who wrote it first", () => {
  const history = new History()
    .write("c1", null, "a\nb\n")
    .write("c2", "a\nb\n", "x\ny\n")
    .change("revert-9", "x\ny\n", "a\nb\n");
  assert.deepEqual(history.lines("a\nb\n"), ["1-2 run c1"]);
});

Deno.test("lineWriters() passes over a call whose write never came about", () => {
  const history = new History().write("c1", null, "a\n").write("c2", "a\n", "b\n");
  assert.deepEqual(history.lines("a\n"), ["1-1 run c1"]);
});

Deno.test("lineWriters() has no lines for a file that is gone or empty", () => {
  const { events } = new History().write("c1", null, "a\n").change("c2", "a\n", null);
  const writes = fileWrites(events);
  assert.deepEqual(lineWriters({ writes, present: null, textOf: () => undefined }), []);
  assert.deepEqual(new History().write("c1", "a\n", "").lines(""), []);
});

Deno.test("fileWrites() knows node, turn, package, workflow and model of each change as they were then", () => {
  const history = new History()
    .add({ type: "run_started", package: identity("1"), workflowId: "main", model: "first" })
    .add({ type: "node_entered", node: { id: "n", type: "step" }, workflowId: "sub", depth: 1 })
    .add({ type: "request_sent", model: "second", turn: 3 })
    .add({ type: "tool_call", callId: "c1", tool: "fs.write", arguments: {}, nodeId: "n", turn: 3 })
    .change("c1", null, "a\n")
    .add({ type: "run_resumed", package: identity("2"), finishedCalls: 0, interruptedCalls: [] })
    .change("c2", "a\n", "b\n")
    .change("revert-8", "b\n", null);
  const [made, changed, reverted] = fileWrites(history.events).map(({ writer }) => writer);
  assert.deepEqual(made, {
    runId: "r",
    seq: 5,
    at: "2026-11-21T10:00:05.000Z",
    callId: "c1",
    tool: "fs.write",
    callSeq: 4,
    nodeId: "n",
    turn: 3,
    package: identity("1"),
    workflowId: "sub",
    model: "second",
    isRevert: false,
  });
  assert.deepEqual([changed?.package, changed?.tool], [identity("2"), null]);
  assert.deepEqual([reverted?.isRevert, reverted?.model, reverted?.package], [true, null, null]);
});

Deno.test("lineBlocks() finds kept lines in the middle of a rewritten text, and covers every line once", () => {
  const tables: [string, string][] = [
    ["", ""],
    ["", "a\nb"],
    ["a\nb", ""],
    ["a\nb\nc\nd", "a\nx\nc\ny\nd"],
    ["a\na\na", "a\na"],
    ["x\na\nb", "a\nb\nx"],
  ];
  for (const [before, after] of tables) {
    const [old, next] = [linesOf(before), linesOf(after)];
    const told = lineBlocks(old, next).flatMap(({ count, oldStart }) =>
      Array.from({ length: count }, (_, index) => oldStart === null ? null : old[oldStart + index])
    );
    assert.equal(told.length, next.length, after);
    told.forEach((line, index) => assert.ok(line === null || line === next[index], after));
  }
  assert.deepEqual(lineBlocks(["a", "b", "c"], ["a", "x", "c"]), [
    { count: 1, oldStart: 0 },
    { count: 1, oldStart: null },
    { count: 1, oldStart: 2 },
  ]);
});

Deno.test("lineBlocks() gives up on texts that have nothing in common but their ends", () => {
  const text = (word: string) => Array.from({ length: 20_000 }, (_, index) => `${word} ${index}`);
  const blocks = lineBlocks(["head", ...text("a"), "tail"], ["head", ...text("b"), "tail"]);
  assert.deepEqual(blocks.map(({ count }) => count), [1, 20_000, 1]);
});
