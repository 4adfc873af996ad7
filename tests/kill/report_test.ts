import assert from "node:assert/strict";
import type { DeathRecord, KilledRun, WholeRun } from "./killed_run.ts";
import { describeFailures, isClean, percentile, summarise, toMarkdown } from "./report.ts";

const WHOLE: WholeRun = {
  workload: { name: "w", project: {}, start: () => [], resume: [] },
  ending: {
    files: new Map(),
    effects: [],
    states: new Map(),
    phase: "completed",
    events: [],
    faults: [],
  },
  boundaries: [{ call: "mkdir", label: "mkdir a" }, { call: "fsync", label: "fsync a" }],
  durationMs: 100,
};

function deathAt(count: number, after: string, more: Partial<DeathRecord> = {}): DeathRecord {
  return { life: "first", kind: "boundary", count, after, cutOff: [], ...more };
}

function runOf(more: Partial<KilledRun>): KilledRun {
  return {
    workload: "w",
    disk: "disk",
    deaths: [],
    resumeMs: [],
    failures: [],
    excerpt: [],
    ...more,
  };
}

function resultOf(...runs: KilledRun[]) {
  return { wholes: [WHOLE], runs, disks: ["disk"] as const, notes: [], durationMs: 1000 };
}

Deno.test("summarise() counts different boundaries of first processes, where the known change was made", () => {
  const [summary] = summarise(resultOf(
    runOf({ deaths: [deathAt(2, "fsync a"), deathAt(1, "mkdir a", { life: "later" })] }),
    runOf({ deaths: [deathAt(2, "fsync a")] }),
    runOf({ deaths: [deathAt(1, "something else")] }),
    runOf({ deaths: [{ life: "first", kind: "instant", cutOff: [] }], disk: "tmpfs" }),
  ));
  assert.equal(summary?.boundaries, 2);
  assert.equal(summary?.boundariesHit, 1);
  assert.deepEqual([summary?.laterBoundaryDeaths, summary?.randomDeaths], [1, 1]);
  assert.deepEqual(summary?.disks, { disk: 4, tmpfs: 1 });
});

Deno.test("toMarkdown() tells each failed run with its deaths and its log", () => {
  const failed = runOf({
    deaths: [deathAt(2, "fsync a")],
    failures: [{ kind: "lost", detail: "file a is missing" }],
    excerpt: ["7 run_resumed -"],
  });
  const circumstances = { cores: 2, kernel: "Linux", jobs: 1, seed: 1 };
  const markdown = toMarkdown(resultOf(failed), circumstances);
  for (const text of ["after boundary 2, `fsync a`", "lost: file a is missing", "7 run_resumed"]) {
    assert.ok(markdown.includes(text), text);
  }
  assert.equal(isClean(resultOf(failed)), false);
  assert.equal(describeFailures(resultOf(runOf({}))), "");
});

Deno.test("percentile() takes a value of the list, and none of an empty one", () => {
  assert.deepEqual([0.5, 0.95].map((share) => percentile([1, 2, 3, 4], share)), [2, 4]);
  assert.equal(percentile([], 0.5), undefined);
});
