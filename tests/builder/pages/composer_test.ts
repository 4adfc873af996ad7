import assert from "node:assert/strict";
import { join } from "node:path";
import { addWords } from "../../../runtime/run/waiting_words.ts";
import { openRunLog } from "../../../runtime/run/run_log.ts";
import { DEFAULT_RUN_OPTIONS, runFolder } from "../../../runtime/run/run_folder.ts";
import { startModelServer } from "../../model_server/model_server.ts";
import type { Reply } from "../../model_server/script.ts";
import { talkPackage } from "../../talk_package.ts";
import { type AppUnderTest, type Browser, withApp } from "../http/app_under_test.ts";
import { until } from "../live_scene.ts";

interface ChatScene {
  readonly app: AppUnderTest;
  readonly browser: Browser;
  readonly runId: string;
  phase(): Promise<string>;
  text(path: string): Promise<string>;
  say(text: string): Promise<{ status: number; page: string; location: string | null }>;
}

/** A chat of mina's that waits for words. */
async function withChat(
  replies: readonly Reply[],
  test: (scene: ChatScene) => Promise<void>,
): Promise<void> {
  await using model = startModelServer({ replies });
  await withApp(async (app) => {
    const browser = await app.signedIn("mina");
    const mina = await app.store.users.findByName("mina");
    assert.ok(mina);
    const { packageId } = await app.store.packages.create(mina.userId, await talkPackage());
    const projectDir = join(app.dataDir, "..", "project");
    await Deno.mkdir(projectDir);
    const connection = { provider: "openai", model: "m", baseUrl: model.baseUrl };
    const what = { packageId, projectDir, connection, options: DEFAULT_RUN_OPTIONS };
    const runId = await app.services.liveRuns.start(mina, { ...what, entry: "chat" });
    const phase = async () => (await app.services.liveRuns.get(mina, runId)).phase;
    await until(async () => await phase() === "waiting");
    await test({
      app,
      browser,
      runId,
      phase,
      text: async (path) => await (await browser.get(path)).text(),
      async say(text) {
        const answer = await browser.post(`/runs/${runId}/say`, { text });
        const location = answer.headers.get("location");
        return { status: answer.status, page: await answer.text(), location };
      },
    });
  });
}

Deno.test("without JavaScript words and commands are sent by a form, which leads back to the run", () =>
  withChat([{ text: "Io is a moon." }], async ({ runId, say, text, phase }) => {
    const path = `/runs/${runId}`;
    assert.match(await text(path), /It is your turn\./);
    assert.deepEqual((await say("What is <b>Io</b>?")).location, `${path}#composer`);
    await until(async () => (await text(path)).includes("Io is a moon."));
    assert.match(await text(path), /What is &lt;b&gt;Io&lt;\/b&gt;\?/);
    await until(async () => await phase() === "waiting");
    assert.equal((await say("/menu")).location, `${path}?menu=open#agent-menu`);
    assert.match(await text(`${path}?menu=open`), /id="agent-menu" open/);
    const rows: [words: string, status: number][] = [
      [" \n", 400],
      ["/perhaps", 400],
      ["/pause", 409],
      ["/stop", 409],
    ];
    for (const [words, status] of rows) assert.equal((await say(words)).status, status, words);
    assert.equal((await say("*dismiss")).status, 303);
    assert.equal(await phase(), "completed");
    const ended = await text(path);
    assert.match(ended, /This chat is over\./);
    assert.ok(!ended.includes('id="composer-text"'));
    assert.equal((await say("More")).status, 409);
  }));

Deno.test("words that were not read stand on the page as text", () =>
  withChat([], async ({ app, runId, text }) => {
    addWords(runFolder(app.dataDir, runId), "<script>alert(1)</script>");
    const page = await text(`/runs/${runId}`);
    assert.match(page, /Not read yet[^]*&lt;script&gt;alert/);
    assert.ok(!page.includes("<script>alert"));
  }));

Deno.test("the menu beside a run starts a run of its own, and does what the program itself does", () =>
  withChat([], async ({ browser, runId, phase }) => {
    const pick = async (says: string) => {
      const answer = await browser.post(`/runs/${runId}/menu`, { says });
      await answer.body?.cancel();
      return answer;
    };
    const started = (await pick("2")).headers.get("location");
    assert.match(started ?? "", /^\/runs\/\d{8}-/);
    assert.notEqual(started, `/runs/${runId}`);
    assert.equal((await pick("write")).status, 422);
    assert.equal((await pick("bye")).status, 303);
    assert.equal(await phase(), "completed");
  }));

Deno.test("a page of a run of 5,000 entries holds the last ones, and leads to all before them", () =>
  withChat([], async ({ app, runId, text }) => {
    const log = openRunLog(runFolder(app.dataDir, runId).logPath, runId);
    for (let count = 1; count <= 5000; count += 1) {
      log.append({ type: "user_input", forNodeId: "chat", text: `words ${count}.` });
    }
    log.close();
    const last = await text(`/runs/${runId}`);
    assert.equal(last.match(/<li id="item-/g)?.length, 120);
    assert.ok(last.includes("words 5000.") && !last.includes("words 4880."));
    const [, before = ""] = /talk\?before=(\d+)/.exec(last) ?? [];
    const earlier = await text(`/runs/${runId}/talk?before=${before}`);
    assert.ok(earlier.includes("words 4880.") && !earlier.includes("words 4881."));
    assert.equal(earlier.match(/<li id="item-/g)?.length, 120);
    const back = await text(`/runs/${runId}?before=200`);
    assert.ok(!back.includes("hx-sse:connect"));
    assert.match(back, /To the latest entries/);
    assert.match(await text(`/runs/${runId}/talk?before=10`), /id="talk-earlier"[^>]*hidden/);
  }));
