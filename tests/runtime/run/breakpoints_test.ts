import assert from "node:assert/strict";
import { join } from "node:path";
import {
  readBreakpoints,
  removeBreakpoint,
  setBreakpoint,
} from "../../../runtime/run/breakpoints.ts";
import { savePhase } from "../../../runtime/run/run_folder.ts";
import { standingOfLost } from "../../../runtime/run/standing.ts";
import { type BreakpointRequest, fitsTool, readBreakpoint } from "../../../schemas/breakpoint.ts";
import { call, withControls } from "./control_scene.ts";

const before = (nodeId: string): BreakpointRequest => ({ at: "before", nodeId });
const after = (nodeId: string): BreakpointRequest => ({ at: "after", nodeId });

Deno.test("executeRun() stops before and after a node, once for both at one place, and goes on", () =>
  withControls(
    { breakpoints: [before("choose"), after("ask-wish"), before("goodbye"), after("goodbye")] },
    async ({ stops, log }) => {
      const found = await stops(4);
      assert.deepEqual(found, [
        'paused: Stopped at a breakpoint (before "choose", after "ask-wish"): the run stands at "choose"',
        'paused: Stopped at a breakpoint (before "goodbye"): the run stands at "goodbye"',
        'paused: Stopped at a breakpoint (after "goodbye"): "goodbye" is finished',
        "completed",
      ]);
      const entered = log().flatMap((event) => event.type === "node_entered" ? event.node.id : []);
      assert.deepEqual(entered, ["ask-wish", "choose", "write-fact", "goodbye"]);
    },
  ));

Deno.test("executeRun() stops before the node that a run begins with", () =>
  withControls({ breakpoints: [before("ask-wish")] }, async ({ stops, log }) => {
    const [first, second] = await stops(2);
    assert.match(first ?? "", /before "ask-wish"/);
    assert.equal(second, "completed");
    assert.equal(log().filter(({ type }) => type === "run_started").length, 1);
  }));

Deno.test("executeRun() stops at every visit of a node in a loop, and at a one-time breakpoint once", () =>
  withControls(
    {
      example: "review-loop",
      decisions: { decide: ["revise", "accept"] },
      breakpoints: [before("review"), { ...after("draft"), once: true } as BreakpointRequest],
    },
    async ({ stops, log, run }) => {
      const found = await stops(6);
      const visits = log().flatMap((event) => event.type === "node_entered" ? event.node.id : []);
      const reviews = visits.filter((nodeId) => nodeId === "review").length;
      const stopped = found.filter((text) => text.includes('before "review"')).length;
      assert.deepEqual([reviews, stopped, found.at(-1)], [2, 2, "completed"]);
      assert.equal(found.filter((text) => text.includes('after "draft"')).length, 1);
      assert.deepEqual(readBreakpoints(run.folder).map(({ at }) => at), ["before"]);
    },
  ));

Deno.test("executeRun() stops at nodes of a called workflow, and after the node that called it", () =>
  withControls({ example: "two-workflows" }, async ({ run, stops }) => {
    const context = { workflows: run.package.workflows, hasPrices: false };
    const [outer, inner] = run.package.workflows;
    const caller = outer?.graph.nodes.find(({ type }) => type === "subworkflow");
    assert.ok(inner && caller);
    const { entryNodeId } = inner.graph;
    for (const breakpoint of [{ ...before(entryNodeId), workflowId: inner.id }, after(caller.id)]) {
      setBreakpoint(run.folder, breakpoint, context);
    }
    const found = await stops(3);
    assert.match(found[0] ?? "", new RegExp(`before "${entryNodeId}"`));
    assert.match(found[1] ?? "", new RegExp(`after "${caller.id}"`));
    assert.equal(found[2], "completed");
  }));

const write = call("fs_write", { path: "@project/artifacts/a.md", content: "a\n" });
const twice = {
  toolCalls: ["a", "b"].map((name) => ({
    name: "fs_write",
    arguments: { path: `@project/artifacts/${name}.md`, content: "x\n" },
  })),
};

Deno.test("executeRun() stops before each call of a tool, which then runs once", () =>
  withControls(
    { replies: [twice, write], breakpoints: [{ at: "tool", tool: "fs.w*" }] },
    async ({ drive, log, project, server }) => {
      assert.match((await drive()).reason ?? "", /\(on fs\.w\*\): fs\.write is about to run/);
      await assert.rejects(Deno.stat(join(project, "artifacts", "a.md")));
      assert.equal((await drive()).code, "BREAKPOINT");
      assert.equal(await Deno.readTextFile(join(project, "artifacts", "a.md")), "x\n");
      await assert.rejects(Deno.stat(join(project, "artifacts", "b.md")));
      assert.equal((await drive()).code, "BREAKPOINT", "the call of the next message");
      assert.equal((await drive()).phase, "failed", "the script is at its end");
      assert.equal(log().filter(({ type }) => type === "tool_call").length, 3);
      assert.equal(server.requests.length, 3);
    },
  ));

Deno.test("executeRun() stops once when a budget of the whole run is reached", () =>
  withControls(
    { replies: [write, write, write, write], breakpoints: [{ at: "turns", limit: 2 }] },
    async ({ drive, server, run }) => {
      assert.match((await drive()).reason ?? "", /\(at 2 turns\)/);
      assert.equal(server.requests.length, 2);
      const context = { workflows: run.package.workflows, hasPrices: true };
      setBreakpoint(run.folder, { at: "tokens", limit: 1 }, context);
      setBreakpoint(run.folder, { at: "cost", limit: 1e-9 }, context);
      assert.match((await drive()).reason ?? "", /\(at 1 tokens, at \$1e-9\)/);
      assert.equal((await drive()).phase, "failed");
    },
  ));

Deno.test("setBreakpoint() holds for a run that is driven at that moment, and the log tells of it", () =>
  withControls({}, async ({ drive, run, log }) => {
    const context = { workflows: run.package.workflows, hasPrices: false };
    const outcome = await drive((event) => {
      if (event.type !== "node_entered" || event.node.id !== "choose") return;
      setBreakpoint(run.folder, before("goodbye"), context);
    });
    assert.equal(outcome.code, "BREAKPOINT");
    const [noticed] = log().flatMap((event) =>
      event.type === "breakpoints_changed" ? [event.breakpoints] : []
    );
    assert.equal(noticed?.length, 1);
    removeBreakpoint(run.folder, noticed?.[0]?.breakpointId ?? "");
    assert.equal((await drive()).phase, "completed");
  }));

Deno.test("a stop that a crash kept from the log is made again, one that is logged is passed", () =>
  withControls({ breakpoints: [before("choose")] }, async ({ drive, run, log }) => {
    assert.equal((await drive()).code, "BREAKPOINT");
    const path = run.folder.logPath;
    const whole = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, whole.slice(0, -5));
    savePhase(run.folder, { phase: "running" });
    assert.deepEqual(standingOfLost(run.folder), { phase: "interrupted" });
    assert.equal((await drive()).code, "BREAKPOINT", "the line was torn");
    // The log is whole, but the driver died before it wrote the record.
    savePhase(run.folder, { phase: "running" });
    assert.equal(standingOfLost(run.folder).code, "BREAKPOINT");
    assert.equal((await drive()).phase, "completed");
    assert.equal(log().filter((event) => event.type === "node_entered").length, 4);
  }));

Deno.test("setBreakpoint() sets the same breakpoint once, and two at once lose none", () =>
  withControls({}, ({ run }) => {
    const context = { workflows: run.package.workflows, hasPrices: false };
    const first = setBreakpoint(run.folder, before("choose"), context);
    const again = setBreakpoint(run.folder, before("choose"), context);
    assert.equal(again.breakpointId, first.breakpointId);
    for (const tool of ["a", "b", "c"]) setBreakpoint(run.folder, { at: "tool", tool }, context);
    assert.equal(readBreakpoints(run.folder).length, 4);
    assert.throws(() => removeBreakpoint(run.folder, "none"), { code: "BREAKPOINT_NOT_FOUND" });
    return Promise.resolve();
  }));

Deno.test("setBreakpoint() refuses what no run could stop at, and says what is right", () =>
  withControls({}, ({ run }) => {
    const context = { workflows: run.package.workflows, hasPrices: false };
    const hostile: readonly (readonly [unknown, RegExp])[] = [
      [before("nowhere"), /no node "nowhere".*ask-wish, choose/],
      [{ ...before("choose"), workflowId: "none" }, /no workflow "none"/],
      [before("__proto__"), /no node/],
      [{ at: "before" }, /needs a node/],
      [{ at: "tool", tool: "rm -rf /" }, /no tool's name/],
      [{ at: "tool", tool: "*".repeat(500) }, /no tool's name/],
      [{ at: "tokens", limit: -1 }, /above 0/],
      [{ at: "turns", limit: Number.NaN }, /above 0/],
      [{ at: "cost", limit: 1 }, /no prices/],
      [{ at: "never" }, /no place to stop/],
      [null, /no place to stop/],
      ["before", /no place to stop/],
    ];
    for (const [request, message] of hostile) {
      const set = () => setBreakpoint(run.folder, request as BreakpointRequest, context);
      assert.throws(set, { code: "BREAKPOINT_INVALID", message }, JSON.stringify(request));
    }
    assert.deepEqual(readBreakpoints(run.folder), []);
    Deno.writeTextFileSync(join(run.folder.dir, "breakpoints.json"), '{"breakpoints":[{"at":1}]}');
    assert.throws(() => readBreakpoints(run.folder), { code: "RUN_FOLDER_DAMAGED" });
    return Promise.resolve();
  }));

Deno.test("readBreakpoint() leaves out what it does not know", () => {
  const extra = { at: "before", nodeId: "a", once: "yes", workflowId: "", limit: 3, x: 1 };
  assert.deepEqual(readBreakpoint(extra), { at: "before", nodeId: "a" });
});

Deno.test("fitsTool() takes * for any characters, and never takes long", () => {
  const table: readonly (readonly [string, string, boolean])[] = [
    ["fs.write", "fs.write", true],
    ["fs.write", "fs.writer", false],
    ["mcp__*", "mcp__shop__buy", true],
    ["mcp__*", "fs.write", false],
    ["*", "", true],
    ["*write", "fs.write", true],
    ["a*a", "a", false],
    ["a*b*c", "a-b-c", true],
    ["a*b*c", "a-c-b", false],
    [`${"*a".repeat(90)}b`, "a".repeat(5_000), false],
  ];
  for (const [pattern, tool, fits] of table) assert.equal(fitsTool(pattern, tool), fits, pattern);
});
