import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { RunEvent } from "../../schemas/run_event.ts";
import { effectsOf, type Ending, reissued } from "./ending.ts";
import { compareEndings } from "./verdict.ts";

function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A run that wrote these contents of one file, one after the other. */
function endingOf(contents: readonly string[], more: Partial<Ending> = {}): Ending {
  return {
    files: new Map([["a.txt", contents.at(-1) ?? ""]]),
    effects: contents.map((text) => ({ path: "@project/a.txt", sha256After: sha256Of(text) })),
    states: new Map([["w", { artifacts: ["a.txt"], round: 1 }]]),
    phase: "completed",
    events: [],
    faults: [],
    ...more,
  };
}

function kindsOf(killed: Ending, whole: Ending): string[] {
  return [...new Set(compareEndings(killed, whole).map(({ kind }) => kind))].toSorted();
}

const WHOLE = endingOf(["one\n", "one\ntwo\n"]);

Deno.test("compareEndings() finds nothing in a run that ended like the whole one", () => {
  assert.deepEqual(compareEndings(endingOf(["one\n", "one\ntwo\n"]), WHOLE), []);
});

Deno.test("compareEndings() finds a line that is missing, one that stands twice, and another order", () => {
  assert.deepEqual(kindsOf(endingOf(["one\n"]), WHOLE), ["lost"]);
  const twice = endingOf(["one\n", "one\ntwo\n", "one\ntwo\ntwo\n"]);
  assert.deepEqual(kindsOf(twice, WHOLE), ["duplicated"]);
  const turned = { ...WHOLE, files: new Map([["a.txt", "two\none\n"]]) };
  assert.deepEqual(kindsOf(turned, WHOLE), ["lost"]);
});

Deno.test("compareEndings() finds files, state and phase that differ, and a broken log", () => {
  assert.deepEqual(kindsOf({ ...WHOLE, files: new Map() }, WHOLE), ["lost"]);
  const more = new Map([...WHOLE.files, ["b.txt", ""]]);
  assert.deepEqual(kindsOf({ ...WHOLE, files: more }, WHOLE), ["duplicated"]);
  const noArtifact = new Map([["w", { artifacts: [], round: 1 }]]);
  assert.deepEqual(kindsOf({ ...WHOLE, states: noArtifact }, WHOLE), ["lost"]);
  assert.deepEqual(kindsOf({ ...WHOLE, phase: "running" }, WHOLE), ["lost"]);
  assert.deepEqual(kindsOf({ ...WHOLE, faults: ["A call has two results"] }, WHOLE), ["lost"]);
});

Deno.test("effectsOf() leaves out an announced change that did not happen and was announced again", () => {
  const change = (before: string, after: string) => ({
    path: "@project/a.txt",
    sha256Before: sha256Of(before),
    sha256After: sha256Of(after),
  });
  const files = new Map([["a.txt", "ab"]]);
  const { effects, unexplained } = effectsOf([change("a", "ab"), change("a", "ab")], files);
  assert.deepEqual(effects.length, 1);
  assert.deepEqual(unexplained, []);
});

Deno.test("effectsOf() names a file that holds what nobody announced", () => {
  const change = { path: "@project/a.txt", sha256Before: null, sha256After: sha256Of("a") };
  assert.equal(effectsOf([change], new Map([["a.txt", "b"]])).unexplained.length, 1);
});

Deno.test("reissued() finds a call that its server got more often than the model made it, and no other", () => {
  const args = { path: "@project/in.txt", text: "letter" };
  const envelope = { seq: 1, at: "2026-01-01T00:00:00.000Z", runId: "r" };
  const made = { ...envelope, type: "tool_call", callId: "1", arguments: args } as const;
  const call: RunEvent = { ...made, tool: "mcp__desk__append" };
  const files = (text: string) => new Map([["in.txt", text]]);

  assert.deepEqual(reissued([call], files("letter\n")), []);
  assert.deepEqual(reissued([call], files("")), [], "cut off before it reached the server");
  assert.deepEqual(reissued([call, call], files("letter\nletter\n")), [], "the model's own doing");
  assert.equal(reissued([call], files("letter\nletter\n")).length, 1);
  const kept: RunEvent = { ...made, tool: "mcp__desk__append", arguments: {} };
  assert.deepEqual(reissued([call, kept], files("letter\n")), [], "a stop kept the second back");
  assert.deepEqual(reissued([{ ...call, tool: "fs.write" }], files("letter\nletter\n")), []);
});
