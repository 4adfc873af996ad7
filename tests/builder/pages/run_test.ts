import assert from "node:assert/strict";
import { join } from "node:path";
import { DEFAULT_RUN_OPTIONS } from "../../../runtime/run/run_folder.ts";
import { startModelServer } from "../../model_server/model_server.ts";
import type { Reply } from "../../model_server/script.ts";
import { type AppUnderTest, type Browser, withApp } from "../http/app_under_test.ts";
import { call, examplePackage, until } from "../live_scene.ts";

interface RunScene {
  readonly app: AppUnderTest;
  readonly browser: Browser;
  readonly runId: string;
  readonly projectDir: string;
  phase(): Promise<string>;
  text(path: string): Promise<string>;
}

/** A run of mina's that waits, as its pages show it. */
async function withRun(
  replies: readonly Reply[],
  test: (scene: RunScene) => Promise<void>,
): Promise<void> {
  await using model = startModelServer({ replies });
  await withApp(async (app) => {
    const browser = await app.signedIn("mina");
    const mina = await app.store.users.findByName("mina");
    assert.ok(mina);
    const files = examplePackage("hello-branch");
    const { packageId } = await app.store.packages.create(mina.userId, files);
    const projectDir = join(app.services.config.dataDir, "..", "project");
    await Deno.mkdir(projectDir);
    const connection = { provider: "openai", model: "m", baseUrl: model.baseUrl };
    const request = { packageId, projectDir, connection, options: DEFAULT_RUN_OPTIONS };
    const runId = await app.services.liveRuns.start(mina, request);
    const phase = async () => (await app.services.liveRuns.get(mina, runId)).phase;
    await until(async () => await phase() === "waiting");
    const text = async (path: string) => await (await browser.get(path)).text();
    await test({ app, browser, runId, projectDir, phase, text });
  });
}

const HOSTILE = '<script>alert(1)</script><img src=x onerror="x">"\'</pre></template>';
const quiet: Reply[] = [{ text: "Hm." }, { text: "Hm!" }];

Deno.test("the pages of a run show what a model says and asks as text, never as markup", () =>
  withRun([{
    text: HOSTILE,
    reasoning: HOSTILE,
    toolCalls: [{
      name: "ui_ask_user",
      arguments: { question: HOSTILE, kind: "selection", options: [HOSTILE] },
    }],
  }], async ({ runId, text }) => {
    const tabs = ["progress", "calls", "artifacts", "changes", "log"];
    const paths = [...tabs.map((tab) => `/runs/${runId}?tab=${tab}`), "/inbox", "/runs"];
    for (const path of paths) {
      const page = await text(path);
      assert.ok(!page.includes("<script>alert") && !page.includes("<img src=x"), path);
    }
    assert.match(await text(`/runs/${runId}`), /&lt;script&gt;alert/);
  }));

Deno.test("without JavaScript a question is answered by its form, which leads back to the run", () =>
  withRun([call("ui_ask_user", { question: "Which topic?", kind: "text" }), ...quiet], async (
    { browser, runId, phase, text },
  ) => {
    const page = await text(`/runs/${runId}`);
    const [, callId = ""] = /name="callId" value="([^"]+)"/.exec(page) ?? [];
    const answer = await browser.post(`/runs/${runId}/answer`, { callId, text: "the moon" });
    assert.deepEqual([answer.status, answer.headers.get("location")], [303, `/runs/${runId}`]);
    await until(async () => await phase() === "waiting");
    assert.match(await text(`/runs/${runId}`), /the moon/);
    const again = await browser.post(`/runs/${runId}/answer`, { callId, text: "the sun" });
    assert.equal(again.status, 409);
  }));

Deno.test("a decision without a choice refuses the call", () =>
  withRun([call("fs_write", { path: "@project/NOTES.md", content: "moon\n" }), ...quiet], async (
    { browser, runId, phase, text, projectDir },
  ) => {
    const page = await text(`/runs/${runId}`);
    const [, callId = ""] = /name="callId" value="([^"]+)"/.exec(page) ?? [];
    assert.equal((await browser.post(`/runs/${runId}/decide`, { callId })).status, 303);
    await until(async () => await phase() === "waiting");
    assert.match(await text(`/runs/${runId}`), /You refused it/);
    await assert.rejects(Deno.stat(join(projectDir, "NOTES.md")));
  }));

Deno.test("a file of the project that the run did not make is not shown", () =>
  withRun(
    [call("fs_write", { path: "@project/artifacts/a.md", content: "made\n" }), ...quiet],
    async (
      { browser, runId, projectDir, text },
    ) => {
      await Deno.writeTextFile(join(projectDir, "secret.txt"), "secret");
      assert.match(await text(`/runs/${runId}/file?path=@project/artifacts/a.md`), /made/);
      for (const path of ["@project/secret.txt", "@state/workflow.md", "../run.json", ""]) {
        const answer = await browser.get(`/runs/${runId}/file?path=${encodeURIComponent(path)}`);
        assert.equal(answer.status, 404, path);
      }
    },
  ));

Deno.test("the stream takes up behind the event that was seen last, and only for our own pages", () =>
  withRun(quiet, async ({ app, browser, runId }) => {
    const path = `/runs/${runId}/stream?after=0`;
    const headers = { "sec-fetch-site": "same-origin", "last-event-id": "9999" };
    const stream = await browser.send(path, { headers });
    const reader = stream.body?.getReader();
    let seen = "";
    await until(async () => {
      seen += new TextDecoder().decode((await reader?.read())?.value);
      return seen.includes('id="run-head"');
    });
    await reader?.cancel();
    assert.ok(!seen.includes('id="item-'), "nothing is told twice");
    const foreign = await browser.send(path, { headers: { "sec-fetch-site": "cross-site" } });
    assert.equal(foreign.status, 403);
    await foreign.body?.cancel();
    assert.equal(app.services.streams.size, 0);
  }));

Deno.test("a member sees shared folders only, and may not let runs start programs", () =>
  withApp(async (app) => {
    await app.signedIn("mina");
    const browser = await app.signedIn("otto");
    const otto = await app.store.users.findByName("otto");
    const { packageId } = await app.store.packages.create(
      otto?.userId ?? "",
      examplePackage("hello-branch"),
    );
    const page = await (await browser.get(`/runs/new?package=${packageId}`)).text();
    assert.match(page, /No folder is shared with you/);
    assert.ok(!page.includes('name="terminal"'));
    const fields = { package: packageId, agent: "host", project: ".", terminal: "yes" };
    const answer = await browser.post("/runs", fields);
    assert.equal(answer.status, 403);
    await answer.body?.cancel();
  }));
