import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { simulatedConnection } from "../../../runtime/llm/connection.ts";
import { openLlm } from "../../../runtime/llm/open_llm.ts";
import { simulatedPerson } from "../../../runtime/run/answers.ts";
import { executeRun } from "../../../runtime/run/execute_run.ts";
import { exportRun } from "../../../runtime/run/export_run.ts";
import { forkRun } from "../../../runtime/run/fork_run.ts";
import { replayTurns } from "../../../runtime/run/replay.ts";
import { DEFAULT_RUN_OPTIONS, type RunFolder } from "../../../runtime/run/run_folder.ts";
import { readRunLog } from "../../../runtime/run/run_log.ts";
import { openStory } from "../../../runtime/run/run_story.ts";
import { startRun } from "../../../runtime/run/start_run.ts";
import { writeArchive } from "../../../runtime/package/archive.ts";
import { openProjectFiles } from "../../../runtime/tools/project_files.ts";

interface Finished {
  readonly dir: string;
  readonly dataDir: string;
  readonly folder: RunFolder;
  readonly runId: string;
}

async function afterRun(
  context: "node" | "run",
  test: (run: Finished) => Promise<void>,
): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "crewagent-replay-" });
  try {
    await Deno.mkdir(join(dir, "project"));
    const dataDir = join(dir, "data");
    const run = await startRun({
      source: fileURLToPath(new URL("../../../examples/review-loop", import.meta.url)),
      projectDir: join(dir, "project"),
      dataDir,
      connection: { provider: "simulate", model: "simulation", baseUrl: "http://secret.local" },
      options: { ...DEFAULT_RUN_OPTIONS, allowAll: true, context },
    });
    const outcome = await executeRun(run, {
      llm: openLlm(simulatedConnection()),
      person: simulatedPerson,
      listener: () => {},
      signal: new AbortController().signal,
    });
    assert.equal(outcome.phase, "completed");
    await test({ dir, dataDir, folder: run.folder, runId: run.record.runId });
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("replayTurns() composes every request from the log exactly as it was sent", async () => {
  for (const context of ["node", "run"] as const) {
    await afterRun(context, ({ folder }) => {
      const turns = replayTurns(readRunLog(folder.logPath));
      assert.ok(turns.length > 10);
      assert.deepEqual(turns.map(({ turn }) => turn), turns.map((_, index) => index + 1));
      for (const turn of turns) {
        assert.equal(turn.isFaithful, true, `turn ${turn.turn}`);
        for (const call of turn.calls) assert.ok(call.result, "every call has its result");
      }
      return Promise.resolve();
    });
  }
});

Deno.test("replayTurns() notices a log in which a message was changed afterwards", () =>
  afterRun("node", ({ folder }) => {
    const events = readRunLog(folder.logPath).map((event) =>
      event.type === "tool_result" && event.turn === 1
        ? { ...event, result: { ok: true as const, content: "forged" } }
        : event
    );
    const turns = replayTurns(events);
    assert.equal(turns[0]?.isFaithful, true);
    assert.equal(turns[1]?.isFaithful, false);
    return Promise.resolve();
  }));

Deno.test("exportRun() makes a file that tells the same story and names nothing of this machine", () =>
  afterRun("node", async ({ dir, dataDir, folder, runId }) => {
    const files = openProjectFiles(join(dir, "project"), dataDir);
    const { bytes, leftOut } = await exportRun(folder, files);
    files.close();
    assert.equal(leftOut, 0);
    const path = join(dir, "a.crewrun");
    await Deno.writeFile(path, bytes);
    const here = await openStory(dataDir, runId);
    const there = await openStory(join(dir, "elsewhere"), path);
    assert.deepEqual(there.events, here.events);
    assert.deepEqual(there.record, here.record);
    assert.equal(there.projectDir, undefined);
    for (const event of there.events) {
      if (event.type !== "file_changed" || event.sha256After === null) continue;
      assert.ok(there.blob(event.sha256After), `${event.path} as the run left it`);
    }
    assert.ok(!JSON.stringify([there.record, there.events]).includes(dir));
    assert.ok(!JSON.stringify(there.record).includes("secret.local"));
  }));

Deno.test("openStory() opens the export of a run that has not begun", () =>
  afterRun("node", async ({ dir, dataDir, folder }) => {
    const fork = forkRun({ dataDir, folder, nodeId: "decide", allowAll: false });
    const files = openProjectFiles(join(dir, "project"), dataDir);
    await Deno.writeFile(join(dir, "b.crewrun"), (await exportRun(fork, files)).bytes);
    files.close();
    const story = await openStory(dataDir, join(dir, "b.crewrun"));
    assert.deepEqual(story.events, []);
    assert.equal(story.record.phase, "idle");
  }));

Deno.test("openStory() refuses an exported file that was tampered with or is none", () =>
  afterRun("node", async ({ dir, folder }) => {
    const path = join(dir, "bad.crewrun");
    const text = (value: string) => new TextEncoder().encode(value);
    const log = await Deno.readTextFile(folder.logPath);
    const record = await Deno.readTextFile(folder.recordPath);
    const rows: [entries: Record<string, string>, message: RegExp][] = [
      [{ "run.json": record }, /holds no log\.jsonl/],
      [{ "log.jsonl": log }, /holds no run\.json/],
      [{ "log.jsonl": log, "run.json": "{}" }, /does not belong to its log/],
      [{ "log.jsonl": log.replace('"seq":2', '"seq":9'), "run.json": record }, /line 2 of its log/],
      [
        { "log.jsonl": log.replace('"type":"node_entered"', '"type":"x"'), "run.json": record },
        /is no event/,
      ],
    ];
    for (const [entries, message] of rows) {
      const files = new Map(Object.entries(entries).map(([name, value]) => [name, text(value)]));
      await Deno.writeFile(path, writeArchive(files, "x"));
      await assert.rejects(openStory(dir, path), { code: "RUN_FOLDER_DAMAGED", message });
    }
    await Deno.writeTextFile(path, "no zip");
    await assert.rejects(openStory(dir, path), { code: "PKG_ZIP_INVALID" });
    await assert.rejects(openStory(dir, "none.crewrun"), { code: "FILE_NOT_FOUND" });
  }));
