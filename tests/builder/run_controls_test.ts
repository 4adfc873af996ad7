import assert from "node:assert/strict";
import { join } from "node:path";
import { runFolder, savePhase } from "../../runtime/run/run_folder.ts";
import { readRunLog } from "../../runtime/run/run_log.ts";
import { call, until, withLive } from "./live_scene.ts";

const ask = call("ui_ask_user", { question: "Sun or moon?", kind: "text" });
const write = call("fs_write", { path: "@project/artifacts/a.md", content: "first\n" });
const finishAsk = call("state_complete_node", {
  nodeId: "ask-wish",
  next: "choose",
  variables: { wish: "poem", topic: "rain" },
});

Deno.test("LiveRuns starts with breakpoints, sets and removes more, and runs to a node", () =>
  withLive([], async ({ live, mina, otto, request, settled }) => {
    const connection = { provider: "simulate", model: "simulation" };
    const before = { at: "before", nodeId: "choose" } as const;
    const runId = await live.start(mina, { ...request, connection, breakpoints: [before] });
    assert.equal((await settled(runId, "paused")).code, "BREAKPOINT");
    assert.deepEqual((await live.map(mina, runId)).place, {
      workflowId: "main",
      nodeId: "choose",
      callers: [],
    });
    const [first] = await live.breakpoints(mina, runId);
    await live.removeBreakpoint(mina, runId, first?.breakpointId ?? "");
    await live.runTo(mina, runId, { nodeId: "goodbye" });
    const stopped = await settled(runId, "paused");
    assert.match(stopped.reason ?? "", /before "goodbye"/);
    for (
      const refused of [
        () => live.breakpoints(otto, runId),
        () => live.setBreakpoint(otto, runId, before),
        () => live.removeBreakpoint(otto, runId, "x"),
        () => live.runTo(otto, runId, { nodeId: "goodbye" }),
        () => live.retry(otto, runId),
        () => live.state(otto, runId),
        () => live.place(otto, runId),
        () => live.map(otto, runId),
        () => live.editState(otto, runId, { ifMatchSha256: "", changes: {} }),
      ]
    ) await assert.rejects(refused(), { code: "RUN_NOT_FOUND" });
    await live.resume(mina, runId);
    await settled(runId, "completed");
    assert.deepEqual(await live.breakpoints(mina, runId), [], "the one-time one has gone");
    await assert.rejects(live.runTo(mina, runId, { nodeId: "choose" }), { code: "RUN_PHASE" });
  }));

Deno.test("LiveRuns refuses to start with a breakpoint at no node, and makes no run", () =>
  withLive([], async ({ live, mina, request }) => {
    const breakpoints = [{ at: "before", nodeId: "nowhere" }] as const;
    await assert.rejects(live.start(mina, { ...request, breakpoints }), {
      code: "BREAKPOINT_INVALID",
    });
    assert.deepEqual(await live.list(mina), []);
  }));

Deno.test("runTo() a run that asks waits for the answer, then stops there", () =>
  withLive([ask, finishAsk], async ({ live, mina, request, settled }) => {
    const runId = await live.start(mina, request);
    await settled(runId, "waiting");
    await live.runTo(mina, runId, { nodeId: "choose" });
    assert.equal((await live.get(mina, runId)).phase, "waiting");
    const callId = (await live.matter(mina, runId))?.callId ?? "";
    await live.answer(mina, runId, { callId, text: "the moon" });
    assert.match((await settled(runId, "paused")).reason ?? "", /before "choose"/);
  }));

Deno.test("retry() begins the node afresh and drives it, with its files put back if asked", () =>
  withLive([write, ask, write, ask], async ({ live, mina, request, settled, projectDir }) => {
    const runId = await live.start(mina, request);
    await settled(runId, "waiting");
    const asked = (await live.matter(mina, runId))?.callId ?? "";
    const both = await Promise.allSettled([
      live.retry(mina, runId, { revert: "node" }),
      live.retry(mina, runId, { revert: "node" }),
    ]);
    assert.deepEqual(both.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    await settled(runId, "waiting");
    assert.equal(await Deno.readTextFile(join(projectDir, "artifacts", "a.md")), "first\n");
    const reply = { callId: asked, text: "to the old question" };
    await assert.rejects(live.answer(mina, runId, reply), { code: "RUN_PHASE" });
  }));

Deno.test("editState() from two tabs: one is saved, the other is told; none while the run is driven", () =>
  withLive([ask], async ({ live, mina, request, settled, dataDir }) => {
    const runId = await live.start(mina, request);
    await settled(runId, "waiting");
    const { sha256, state } = await live.state(mina, runId);
    const edit = (topic: string) => ({
      ifMatchSha256: sha256,
      changes: { variables: { ...state.variables, topic } },
    });
    const both = await Promise.allSettled([
      live.editState(mina, runId, edit("sun")),
      live.editState(mina, runId, edit("moon")),
    ]);
    const [lost] = both.flatMap((one) => one.status === "rejected" ? [one.reason.code] : []);
    assert.equal(both.filter(({ status }) => status === "fulfilled").length, 1);
    assert.match(lost, /^(STATE_CHANGED|RUN_BUSY)$/);
    const edits = readRunLog(runFolder(dataDir, runId).logPath)
      .filter(({ type }) => type === "state_edited");
    assert.equal(edits.length, 1);
  }));

Deno.test("a run whose server died between log and record stands as its log says", () =>
  withLive([], async ({ live, mina, request, settled, dataDir }) => {
    const connection = { provider: "simulate", model: "simulation" };
    const breakpoints = [{ at: "after", nodeId: "choose" }] as const;
    const runId = await live.start(mina, { ...request, connection, breakpoints });
    await settled(runId, "paused");
    savePhase(runFolder(dataDir, runId), { phase: "running" });
    const view = await live.get(mina, runId);
    assert.deepEqual([view.phase, view.code], ["paused", "BREAKPOINT"]);
    assert.match(view.reason ?? "", /after "choose"/);
    await live.resume(mina, runId);
    await until(async () => (await live.get(mina, runId)).phase === "completed");
  }));
