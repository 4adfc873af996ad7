import assert from "node:assert/strict";
import { join } from "node:path";
import { DEFAULT_RUN_OPTIONS } from "../../../runtime/run/run_folder.ts";
import { startModelServer } from "../../model_server/model_server.ts";
import { type Browser, withApp } from "../http/app_under_test.ts";
import { call, examplePackage, until } from "../live_scene.ts";

const HOSTILE = '<script>alert(1)</script><img src=x onerror="x">"\'</pre></template>';
const isTame = (page: string) => !page.includes("<script>alert") && !page.includes("<img src=x");

async function read(browser: Browser, path: string): Promise<string> {
  return await (await browser.get(path)).text();
}

Deno.test("inbox, history, tabs and file pages show hostile words as text, and are answered by their owner alone", async () => {
  await using model = startModelServer({
    replies: [
      call("fs_write", { path: "@project/artifacts/a.md", content: `${HOSTILE}\nsecond\n` }),
      call("ui_ask_user", { question: HOSTILE, kind: "selection", options: [HOSTILE, "Moon"] }),
      call("fs_write", { path: "@project/NOTES.md", content: HOSTILE }),
      { text: "Hm." },
      { text: "Hm!" },
    ],
  });
  await withApp(async (app) => {
    const { services: { liveRuns, config }, store } = app;
    const browser = await app.signedIn("mina");
    const foreign = await app.signedIn("otto");
    const mina = await store.users.findByName("mina");
    assert.ok(mina);
    const { packageId } = await store.packages.create(mina.userId, examplePackage("hello-branch"));
    const projectDir = join(config.dataDir, "..", "project");
    await Deno.mkdir(projectDir);
    const connection = { provider: "openai", model: "m", baseUrl: model.baseUrl };
    const options = DEFAULT_RUN_OPTIONS;
    const input = `${HOSTILE} seaside`;
    const start = { packageId, projectDir, connection, options, input };
    const runId = await liveRuns.start(mina, start);
    const openCall = async (kind: string) => {
      await until(async () => (await liveRuns.matter(mina, runId))?.kind === kind);
      return (await liveRuns.matter(mina, runId))?.callId ?? "";
    };
    const asked = await openCall("question");
    const query = encodeURIComponent(HOSTILE);
    const paths = [
      "/inbox",
      "/runs",
      `/runs?text=${query}&project=${query}&since=${query}&workflow=${query}`,
      `/runs/${runId}?tab=calls&tool=${query}&outcome=${query}&call=${query}`,
      `/runs/${runId}?tab=log&type=${query}&node=${query}&text=${query}&order=${query}&beyond=-1`,
      `/runs/${runId}?tab=artifacts`,
      `/runs/${runId}/file?path=@project/artifacts/a.md`,
    ];
    for (const path of paths) {
      const answer = await browser.get(path);
      assert.equal(answer.status, 200, path);
      assert.ok(isTame(await answer.text()), path);
    }
    assert.match(await read(browser, "/runs?text=seaside"), new RegExp(`data-run="${runId}"`));
    assert.doesNotMatch(await read(browser, "/runs?text=mountain"), /data-run=/);
    const file = await read(browser, `/runs/${runId}/file?path=@project/artifacts/a.md`);
    assert.match(file, /call=\d+#call-\d+[^]*&lt;script&gt;alert[^]*>second</);

    const { data } = await (await browser.get("/inbox/waiting")).json();
    assert.deepEqual(data.waiting.map((run: { runId: string }) => run.runId), [runId]);
    const nothing = await (await foreign.get("/inbox/waiting")).json();
    assert.deepEqual(nothing.data.waiting, []);
    assert.ok(!(await read(foreign, "/inbox")).includes(runId));

    const form = { callId: asked, text: "Moon" };
    assert.equal((await foreign.post(`/inbox/${runId}/answer`, form)).status, 404);
    const answered = await browser.post(`/inbox/${runId}/answer`, form);
    assert.deepEqual([answered.status, answered.headers.get("location")], [303, "/inbox"]);
    const callId = await openCall("approval");
    assert.equal((await browser.post(`/inbox/${runId}/answer`, form)).status, 409);
    assert.ok(isTame(await read(browser, "/inbox")));
    assert.equal((await foreign.post(`/inbox/${runId}/decide`, { callId })).status, 404);
    // Without a choice nothing is allowed; htmx gets the list as it is then.
    const refused = await browser.post(`/inbox/${runId}/decide`, { callId }, {
      "hx-request": "true",
    });
    assert.match(await refused.text(), /^<div id="inbox-list"/);
    await until(async () => (await liveRuns.get(mina, runId)).phase === "waiting");
    await assert.rejects(Deno.stat(join(projectDir, "NOTES.md")));
  });
});
