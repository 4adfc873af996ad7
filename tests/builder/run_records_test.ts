import assert from "node:assert/strict";
import { join } from "node:path";
import type { RunView } from "../../builder/live_runs.ts";
import { logPage, type LogQuery } from "../../builder/log_page.ts";
import { fittingRuns, totalsOf } from "../../builder/run_history.ts";
import { openRunIndex } from "../../builder/run_index.ts";
import { toolCalls } from "../../builder/tool_calls.ts";
import {
  createRunFolder,
  DEFAULT_RUN_OPTIONS,
  runFolder,
  type RunRecord,
  saveRecord,
} from "../../runtime/run/run_folder.ts";
import { NOTHING_SPENT } from "../../runtime/run/usage.ts";
import type { RunEvent } from "../../schemas/run_event.ts";

const record = (runId: string, more: Partial<RunRecord> = {}): RunRecord => ({
  formatVersion: 1,
  runId,
  projectDir: "/home/mina/notes",
  package: { name: "hello", version: "1.0.0", hash: "a".repeat(64) },
  workflowId: "main",
  connection: { provider: "openai", model: "m" },
  options: DEFAULT_RUN_OPTIONS,
  startedAt: "2026-11-20T10:00:00.000Z",
  updatedAt: "2026-11-20T10:01:00.000Z",
  phase: "completed",
  ...more,
});

const view = (more: Partial<RunRecord>, rest: Partial<RunView> = {}): RunView => ({
  record: record("20261120-100000-aabbcc", more),
  phase: "completed",
  code: undefined,
  reason: undefined,
  isDrivenHere: false,
  ...rest,
});

Deno.test("fittingRuns() takes each filter alone and all of them together", () => {
  const views = [
    view({ input: "A poem about the SEA", workflowId: "poem" }),
    view({ projectDir: "C:\\work\\notes", startedAt: "2026-11-21T10:00:00.000Z" }),
    view({ package: { name: "story", version: "1.0.0", hash: "b".repeat(64) } }, {
      phase: "failed",
      reason: "LLM_AUTH",
    }),
  ];
  const indices = (filter: Parameters<typeof fittingRuns>[1]) =>
    fittingRuns(views, filter).map((run) => views.indexOf(run));
  const table: [Parameters<typeof fittingRuns>[1], number[]][] = [
    [{}, [0, 1, 2]],
    [{ status: "", package: "", text: "  " }, [0, 1, 2]],
    [{ status: "failed" }, [2]],
    [{ package: "story" }, [2]],
    [{ workflow: "poem" }, [0]],
    [{ project: "notes" }, [0, 1, 2]],
    [{ project: "/home/mina/notes" }, [0, 2]],
    [{ text: "sea poem" }, [0]],
    [{ text: "llm_auth" }, [2]],
    [{ since: "2026-11-21" }, [1]],
    [{ since: "2026-11-20T10:00:00.000Z" }, [0, 1, 2]],
    [{ status: "completed", text: "main", since: "2026-11-20" }, [1]],
    [{ workflow: "none" }, []],
  ];
  for (const [filter, expected] of table) {
    assert.deepEqual(indices(filter), expected, JSON.stringify(filter));
  }
});

Deno.test("totalsOf() adds up tokens, and cost only where there are prices", () => {
  const spent = { ...NOTHING_SPENT, inputTokens: 1_000_000, outputTokens: 500_000, durationMs: 7 };
  const priced = view({
    connection: {
      provider: "openai",
      model: "m",
      prices: { inputPerMillion: 1, outputPerMillion: 4 },
    },
  });
  const totals = totalsOf([{ view: priced, spent }, { view: view({}), spent }]);
  assert.deepEqual(totals, {
    runs: 2,
    inputTokens: 2_000_000,
    outputTokens: 1_000_000,
    modelMs: 14,
    costUsd: 3,
    byStatus: { completed: 2 },
  });
  assert.equal(totalsOf([{ view: view({}), spent }]).costUsd, null);
});

const usage = (seq: number) =>
  `${
    JSON.stringify({
      seq,
      at: "2026-11-20T10:00:00.000Z",
      type: "usage",
      runId: "r",
      usage: { inputTokens: 10, outputTokens: 1 },
      durationMs: 5,
    })
  }\n`;
const speaksOfUsage = `${
  JSON.stringify({
    seq: 2,
    at: "2026-11-20T10:00:00.000Z",
    type: "tool_call",
    runId: "r",
    callId: "c",
    tool: "t",
    arguments: { of: { type: "usage", usage: {} }, text: '"type":"usage"' },
  })
}\n`;

Deno.test("openRunIndex() sees every change of a record and of a log, and forgets what is gone", async () => {
  const dataDir = await Deno.makeTempDir({ prefix: "crewagent-index-" });
  try {
    const index = openRunIndex(dataDir);
    assert.deepEqual(index.records(), []);
    const [older, newer] = ["20261120-100000-aabbcc", "20261120-100001-aabbcc"];
    for (const runId of [older, newer]) {
      saveRecord(createRunFolder(dataDir, record(runId)), record(runId));
    }
    await Deno.mkdir(join(dataDir, "runs", "20261120-100002-aabbcc"));
    assert.deepEqual(index.records().map(({ runId }) => runId), [newer, older]);
    // Of the same length, and perhaps of the same millisecond.
    const phases = ["waiting", "running", "waiting"] as const;
    for (const phase of phases) {
      saveRecord(runFolder(dataDir, newer), record(newer, { phase }));
      assert.equal(index.records()[0]?.phase, phase);
    }
    const { logPath } = runFolder(dataDir, newer);
    assert.equal(index.spent(newer), NOTHING_SPENT);
    await Deno.writeTextFile(logPath, usage(1) + speaksOfUsage);
    assert.equal(index.spent(newer).inputTokens, 10);
    await Deno.writeTextFile(logPath, usage(3) + usage(4).slice(0, 40), { append: true });
    assert.deepEqual([index.spent(newer).inputTokens, index.spent(newer).requests], [20, 2]);
    await Deno.writeTextFile(logPath, usage(4).slice(40), { append: true });
    assert.equal(index.spent(newer).outputTokens, 3);
    await Deno.writeTextFile(logPath, usage(1));
    assert.equal(index.spent(newer).requests, 1);
    await Deno.remove(join(dataDir, "runs", newer), { recursive: true });
    assert.deepEqual(index.records().map(({ runId }) => runId), [older]);
  } finally {
    await Deno.remove(dataDir, { recursive: true });
  }
});

const events = [
  { type: "node_entered", nodeId: "a" },
  {
    type: "tool_call",
    nodeId: "a",
    callId: "1",
    tool: "fs.write",
    arguments: { path: "@project/X.md" },
  },
  { type: "file_changed", callId: "1", path: "@project/x.md" },
  { type: "tool_call", nodeId: "b", turn: 2, callId: "2", tool: "fs.read", arguments: { path: 7 } },
  {
    type: "tool_result",
    callId: "2",
    tool: "fs.read",
    result: { ok: false, error: { code: "ENOENT", message: "no" } },
    durationMs: 3,
  },
  { type: "tool_call", nodeId: "b", callId: "3", tool: "fs.list", arguments: {} },
  { type: "tool_result", callId: "9", tool: "fs.list", result: { ok: true }, durationMs: 1 },
].map((body, index) => ({
  seq: index + 1,
  at: "2026-11-20T10:00:00.000Z",
  runId: "r",
  ...body,
})) as unknown as RunEvent[];

Deno.test("toolCalls() tells path, outcome and duration of each call, and passes over results of none", () => {
  assert.deepEqual(
    toolCalls(events).map((
      call,
    ) => [call.seq, call.lastSeq, call.path, call.outcome, call.errorCode, call.durationMs]),
    [
      [2, 2, "@project/x.md", "open", null, null],
      [4, 5, null, "failed", "ENOENT", 3],
      [6, 6, null, "open", null, null],
    ],
  );
});

Deno.test("logPage() filters by type, node and text, and pages from both ends without gaps", () => {
  const all: LogQuery = {
    type: "",
    node: "",
    text: "",
    order: "oldest",
    beyond: undefined,
    limit: 3,
  };
  const seqs = (query: Partial<LogQuery>) => {
    const { events: page, next } = logPage(events, { ...all, ...query });
    return [page.map(({ seq }) => seq), next];
  };
  assert.deepEqual(seqs({}), [[1, 2, 3], 3]);
  assert.deepEqual(seqs({ beyond: 3 }), [[4, 5, 6], 6]);
  assert.deepEqual(seqs({ beyond: 6 }), [[7], null]);
  assert.deepEqual(seqs({ order: "newest" }), [[7, 6, 5], 5]);
  assert.deepEqual(seqs({ order: "newest", beyond: 3 }), [[2, 1], null]);
  assert.deepEqual(seqs({ type: "tool_call" }), [[2, 4, 6], null]);
  assert.deepEqual(seqs({ type: "tool_call", node: "b" }), [[4, 6], null]);
  assert.deepEqual(seqs({ text: "X.MD" }), [[2, 3], null]);
  assert.deepEqual(seqs({ text: "nowhere" }), [[], null]);
});
