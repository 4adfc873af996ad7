import assert from "node:assert/strict";
import { join } from "node:path";
import { DEFAULT_RUN_OPTIONS } from "../../../runtime/run/run_folder.ts";
import type { BreakpointRequest } from "../../../schemas/breakpoint.ts";
import { type AppUnderTest, type Browser, withApp } from "../http/app_under_test.ts";
import { examplePackage, until } from "../live_scene.ts";

interface Scene {
  readonly app: AppUnderTest;
  readonly browser: Browser;
  start(breakpoints: readonly BreakpointRequest[]): Promise<string>;
  phase(runId: string): Promise<string>;
  text(path: string): Promise<string>;
}

/** Simulated runs of mina's, which stop at breakpoints: one application for a test. */
async function withRuns(test: (scene: Scene) => Promise<void>): Promise<void> {
  await withApp(async (app) => {
    const browser = await app.signedIn("mina");
    const mina = await app.store.users.findByName("mina");
    assert.ok(mina);
    const { liveRuns } = app.services;
    const files = examplePackage("hello-branch");
    const { packageId } = await app.store.packages.create(mina.userId, files);
    const projectDir = join(app.services.config.dataDir, "..", "project");
    await Deno.mkdir(projectDir);
    const connection = { provider: "simulate", model: "simulation" };
    const options = DEFAULT_RUN_OPTIONS;
    const phase = async (runId: string) => (await liveRuns.get(mina, runId)).phase;
    await test({
      app,
      browser,
      phase,
      async start(breakpoints) {
        const request = { packageId, projectDir, connection, options, breakpoints };
        const runId = await liveRuns.start(mina, request);
        await until(async () => !["idle", "running"].includes(await phase(runId)));
        return runId;
      },
      text: async (path) => await (await browser.get(path)).text(),
    });
  });
}

const field = (page: string, name: string) =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? "";

Deno.test("the page of a run sets breakpoints, runs to a node and retries it, without JavaScript", () =>
  withRuns(async ({ browser, start, phase, text }) => {
    const runId = await start([{ at: "before", nodeId: "choose" }]);
    const page = await text(`/runs/${runId}`);
    assert.match(page, /Stopped at a breakpoint \(before &quot;choose&quot;\)/);
    assert.match(page, /data-node="choose" data-state="paused"/);
    assert.match(page, /data-taken=/);
    assert.match(page, /Poem or fact\?<\/span><span class="small muted">here, paused · breakpoint/);
    const breakpointId = field(page, "breakpointId");
    const removed = await browser.post(`/runs/${runId}/breakpoints/remove`, { breakpointId });
    assert.deepEqual([removed.status, removed.headers.get("location")], [303, `/runs/${runId}`]);
    await browser.post(`/runs/${runId}/breakpoints`, { at: "tool", tool: "fs.write" });
    assert.match(await text(`/runs/${runId}`), /before fs\.write/);
    const target = { nodeId: "goodbye", workflowId: "main" };
    assert.equal((await browser.post(`/runs/${runId}/run-to`, target)).status, 303);
    await until(async () => /fs\.write is about to run/.test(await text(`/runs/${runId}`)));
    assert.equal((await browser.post(`/runs/${runId}/retry`, { revert: "node" })).status, 303);
    await until(async () => (await text(`/runs/${runId}`)).includes("begun afresh"));
    await until(async () => await phase(runId) === "paused");
    await browser.post(`/runs/${runId}/resume`, {});
    await until(async () => /before &quot;goodbye&quot;/.test(await text(`/runs/${runId}`)));
  }));

Deno.test("breakpoints that come from a form are read with care, and refused with what is right", () =>
  withRuns(async ({ browser, start }) => {
    const runId = await start([{ at: "before", nodeId: "choose" }]);
    const hostile: readonly Record<string, string>[] = [
      { at: "before", nodeId: "<script>alert(1)</script>" },
      { at: "tool", tool: '"><img src=x onerror=alert(1)>' },
      { at: "tokens", limit: "many" },
      { at: "tokens", limit: "" },
      { at: "turns", limit: "-1" },
      { at: "cost", limit: "1" },
      { at: "", nodeId: "choose" },
    ];
    for (const fields of hostile) {
      const answer = await browser.post(`/runs/${runId}/breakpoints`, fields);
      const page = await answer.text();
      assert.equal(answer.status, 422, JSON.stringify(fields));
      assert.doesNotMatch(page, /<script>alert|<img src=x/);
    }
  }));

Deno.test("the page of a run's state saves a form and YAML, and shows a fault with what was typed", () =>
  withRuns(async ({ browser, start, text, phase }) => {
    const runId = await start([{ at: "before", nodeId: "choose" }]);
    const path = `/runs/${runId}/state`;
    const page = await text(path);
    const ifMatch = field(page, "ifMatch");
    const fields = {
      ifMatch,
      currentNodeId: "write-poem",
      stepsCompleted: "ask-wish",
      name: "topic",
      kind: "json",
      value: "[1,",
    };
    const refused = await browser.post(path, fields);
    assert.equal(refused.status, 422);
    const again = await refused.text();
    assert.match(again, /value of &quot;topic&quot; is no JSON/);
    assert.match(again, />\n\[1,<\/textarea>/);
    assert.match(again, /<option value="write-poem" selected/);

    const saved = await browser.post(path, { ...fields, value: '["</textarea><script>"]' });
    assert.deepEqual([saved.status, saved.headers.get("location")], [303, `${path}?saved=yes`]);
    const after = await text(`${path}?saved=yes`);
    assert.match(after, /The state is saved/);
    assert.doesNotMatch(after, /<script>"/);
    assert.match(await text(`/runs/${runId}`), /You changed the state: currentNodeId/);

    const late = await browser.post(path, { ifMatch, yaml: "a: 1\n" });
    assert.equal(late.status, 412);
    assert.match(await late.text(), /somebody changed it since[\s\S]*>\na: 1\n?<\/textarea>/);

    const now = field(after, "ifMatch");
    const [, yaml = ""] = /name="yaml"[^>]*>\n([\s\S]*?)<\/textarea>/.exec(after) ?? [];
    const plain = yaml.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">");
    const crlf = `${plain}mine: yes\n`.replaceAll("\n", "\r\n");
    assert.equal((await browser.post(path, { ifMatch: now, yaml: crlf })).status, 303);
    assert.match(await text(path), /mine: yes/);

    await browser.post(`/runs/${runId}/resume`, {});
    await until(async () => await phase(runId) === "completed");
    assert.match(await text(path), /its state stays as it is/);
    const end = await browser.post(path, { ifMatch: now, yaml: crlf });
    assert.equal(end.status, 409);
  }));
