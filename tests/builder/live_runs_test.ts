import assert from "node:assert/strict";
import { join } from "node:path";
import { lockRun, readRecord, runFolder, saveRecord } from "../../runtime/run/run_folder.ts";
import { openRunLog, readRunLog } from "../../runtime/run/run_log.ts";
import { wordsLeft } from "../../runtime/run/waiting_words.ts";
import { startRun } from "../../runtime/run/start_run.ts";
import type { RunDelta, RunEvent } from "../../schemas/run_event.ts";
import { playConversation, readConversation } from "../journeys/scripted_conversation.ts";
import type { Reply, ReplyFunction } from "../model_server/script.ts";
import { call, STALLS, until, withLive } from "./live_scene.ts";

/** The whole of hello-branch: it asks one question and writes one file. */
function helloBranch(): ReplyFunction {
  const player = playConversation(readConversation("hello-branch"));
  return ({ body }) => player.next(body.messages as never) as Reply;
}

const ask = call("ui_ask_user", { question: "Which topic?", kind: "text" });
const note = call("fs_write", { path: "@project/NOTES.md", content: "moon\n" });
const quiet: Reply[] = [{ text: "Hm." }, { text: "Hm!" }];

Deno.test("LiveRuns runs a package of the store on a folder, waits for an answer and completes", () =>
  withLive(helloBranch(), async ({ live, mina, request, settled, projectDir }) => {
    const runId = await live.start(mina, request);
    await settled(runId, "waiting");
    const matter = await live.matter(mina, runId);
    assert.equal(matter?.kind, "question");
    await live.answer(mina, runId, { callId: matter?.callId ?? "", text: "the moon, a poem" });
    await settled(runId, "completed");
    const written = [...Deno.readDirSync(join(projectDir, "artifacts"))].map(({ name }) => name);
    assert.equal(written.length, 1);
  }));

Deno.test("LiveRuns simulates without a model or a person", () =>
  withLive([], async ({ live, mina, request, settled, model }) => {
    const connection = { provider: "simulate", model: "simulation" };
    const runId = await live.start(mina, { ...request, connection });
    assert.equal((await settled(runId, "completed")).record.connection.provider, "simulate");
    assert.equal(model.requests.length, 0);
  }));

Deno.test("subscribe() tells the log from any event on, then what comes, each event once", () =>
  withLive([ask, ...quiet], async ({ live, mina, request, settled }) => {
    const runId = await live.start(mina, request);
    await settled(runId, "waiting");
    const [all, late]: [number[], number[]] = [[], []];
    const into = (seqs: number[]) => (event: RunEvent | RunDelta) => {
      if ("seq" in event) seqs.push(event.seq);
    };
    const ends = [
      await live.subscribe(mina, runId, { afterSeq: 0, listener: into(all) }),
      await live.subscribe(mina, runId, { afterSeq: 3, listener: into(late) }),
    ];
    const before = all.length;
    const matter = await live.matter(mina, runId);
    await live.answer(mina, runId, { callId: matter?.callId ?? "", text: "x" });
    // The answer was logged by another hand than the driver's: both are told in order.
    await until(() => all.length > before + 3);
    await settled(runId, "waiting");
    ends.forEach((end) => end());
    assert.deepEqual(all, all.map((_, index) => index + 1));
    assert.deepEqual(late, all.slice(3));
  }));

Deno.test("subscribe() passes on text as it streams", () =>
  withLive([{ text: "Once upon a time", mood: "slow_stream", delayMs: 20 }, ...quiet], async (
    { live, mina, request, settled },
  ) => {
    const texts: string[] = [];
    const runId = await live.start(mina, request);
    const end = await live.subscribe(mina, runId, {
      afterSeq: 0,
      listener: (event) => {
        if (event.type === "text_delta") texts.push(event.text);
      },
    });
    await settled(runId, "waiting");
    end();
    assert.match(texts.join(""), /Once upon a time/);
  }));

Deno.test("subscribe() tells who comes in the middle of an answer what was streamed of it", () =>
  withLive([STALLS], async ({ live, mina, request }) => {
    const runId = await live.start(mina, request);
    const heard = (texts: string[]) => (event: RunEvent | RunDelta) => {
      if (event.type === "text_delta") texts.push(event.text);
    };
    const [early, late]: [string[], string[]] = [[], []];
    const ends = [await live.subscribe(mina, runId, { afterSeq: 0, listener: heard(early) })];
    await until(() => early.length > 0);
    ends.push(await live.subscribe(mina, runId, { afterSeq: 0, listener: heard(late) }));
    assert.match(late.join(""), /^slow/);
    await live.stop(mina, runId);
    ends.forEach((end) => end());
  }));

Deno.test("subscribe() follows a run that another process drives", () =>
  withLive([], async ({ live, mina, dataDir, projectDir, request }) => {
    const source = new URL("../../examples/hello-branch", import.meta.url).pathname;
    const { options, connection } = request;
    const run = await startRun({ source, projectDir, dataDir, options, connection });
    const seen: RunEvent[] = [];
    const end = await live.subscribe(mina, run.record.runId, {
      afterSeq: 0,
      listener: (event) => "seq" in event && seen.push(event),
    });
    const line = { seq: 1, at: "2026-11-20T10:00:00.000Z", runId: run.record.runId };
    const event = { ...line, type: "error", code: "INTERNAL", message: "from elsewhere" };
    await Deno.writeTextFile(run.folder.logPath, `${JSON.stringify(event)}\n`);
    await until(() => seen.length === 1);
    end();
    assert.equal(seen[0]?.type, "error");
  }));

Deno.test("a listener that throws is left out, and the run goes on", () =>
  withLive(quiet, async ({ live, mina, request, settled }) => {
    const runId = await live.start(mina, request);
    await live.subscribe(mina, runId, {
      afterSeq: 0,
      listener: () => {
        throw new Error("broken");
      },
    });
    assert.equal((await settled(runId, "waiting")).code, "ENGINE_IDLE");
  }));

Deno.test("decide() refuses and grants a tool call, and only the owner may grant it for ever", () =>
  withLive([note, note, ...quiet], async (
    { live, mina, otto, request, settled, projectDir, projects, store, model },
  ) => {
    const runId = await live.start(mina, request);
    await settled(runId, "waiting");
    const first = await live.matter(mina, runId);
    assert.ok(first?.kind === "approval");
    assert.match(first.diff ?? "", /\+moon/);
    const deny = { decision: "deny", scope: "once", reason: "Not there" } as const;
    await live.decide(mina, runId, { callId: first.callId, decision: deny });
    await settled(runId, "waiting");
    const second = await live.matter(mina, runId);
    assert.notEqual(second?.callId, first.callId);
    assert.match(JSON.stringify(model.requests.at(-1)?.body), /Not there/);
    const callId = second?.callId ?? "";
    await live.decide(mina, runId, { callId, decision: { decision: "allow", scope: "once" } });
    await settled(runId, "waiting");
    assert.equal(await Deno.readTextFile(join(projectDir, "NOTES.md")), "moon\n");

    await projects.share(mina, [projectDir]);
    const { files } = await store.packages.files(mina.userId, request.packageId);
    const { packageId } = await store.packages.create(otto.userId, files);
    const always = { callId, decision: { decision: "allow", scope: "always" } } as const;
    const his = await live.start(otto, { ...request, packageId });
    await live.stop(otto, his).catch(() => {});
    await assert.rejects(live.decide(otto, his, always), { code: "AUTH_FORBIDDEN" });
  }));

Deno.test("an answer to what is not asked any more is refused, and answers nothing", () =>
  withLive([ask, ask, ...quiet], async ({ live, mina, request, settled }) => {
    const runId = await live.start(mina, request);
    await settled(runId, "waiting");
    const first = await live.matter(mina, runId);
    const reply = { callId: first?.callId ?? "", text: "the moon" };
    await live.answer(mina, runId, reply);
    await settled(runId, "waiting");
    await assert.rejects(live.answer(mina, runId, reply), { code: "RUN_PHASE" });
    assert.equal((await live.matter(mina, runId))?.kind, "question");
  }));

Deno.test("two answers at the same moment: one counts, the other is refused", () =>
  withLive([ask, ...quiet], async ({ live, mina, request, settled }) => {
    const runId = await live.start(mina, request);
    await settled(runId, "waiting");
    const callId = (await live.matter(mina, runId))?.callId ?? "";
    const outcomes = await Promise.allSettled(
      ["sun", "moon"].map((text) => live.answer(mina, runId, { callId, text })),
    );
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    await settled(runId, "waiting");
  }));

Deno.test("a run that is answered never looks as if it waited for more, until it does", () =>
  withLive([ask, STALLS], async ({ live, mina, request, settled, model }) => {
    const runId = await live.start(mina, request);
    await settled(runId, "waiting");
    const callId = (await live.matter(mina, runId))?.callId ?? "";
    const phases = new Set<string>();
    const answered = live.answer(mina, runId, { callId, text: "the moon" });
    const end = await live.subscribe(mina, runId, { afterSeq: 0, listener: () => {} });
    await until(async () => {
      const isAnswered = await live.matter(mina, runId) === null;
      if (isAnswered) phases.add((await live.get(mina, runId)).phase);
      return model.requests.length === 2;
    });
    end();
    await answered;
    assert.deepEqual([...phases], ["running"]);
    await live.stop(mina, runId);
  }));

Deno.test("stop() ends a run that hangs, and resume() takes it up again", () =>
  withLive([STALLS, ...quiet], async ({ live, mina, request, settled, model }) => {
    const runId = await live.start(mina, request);
    await until(() => model.requests.length === 1);
    await assert.rejects(live.resume(mina, runId), { code: "RUN_BUSY" });
    await live.stop(mina, runId);
    const stopped = await live.get(mina, runId);
    assert.deepEqual([stopped.phase, stopped.isDrivenHere], ["interrupted", false]);
    await live.resume(mina, runId, { advice: "Be brief" });
    await settled(runId, "waiting");
    assert.match(JSON.stringify(model.requests[1]?.body), /Be brief/);
  }));

Deno.test("pause() lets the turn end, gives up no request, and resume() goes on", () => {
  const list = [{ name: "fs_list", arguments: { path: "@project" } }];
  const slow: Reply = { mood: "slow_headers", delayMs: 300, toolCalls: list };
  return withLive([
    { ...slow, toolCalls: [{ name: "fs_list", arguments: { path: "@project" } }] },
    ...quiet,
  ], async (
    { live, mina, request, settled, model },
  ) => {
    const runId = await live.start(mina, request);
    await until(() => model.requests.length === 1);
    await live.pause(mina, runId);
    const paused = await settled(runId, "paused");
    assert.equal(paused.code, "PAUSED");
    assert.equal(model.requests.length, 1);
    await live.resume(mina, runId);
    await settled(runId, "waiting");
    assert.equal(model.requests.length, 3);
  });
});

Deno.test("close() stops what runs; another server finds it interrupted and restarts nothing", () =>
  withLive([STALLS, ...quiet], async ({ live, mina, request, model, reopened }) => {
    const runId = await live.start(mina, request);
    await until(() => model.requests.length === 1);
    await live.close();
    const next = reopened();
    assert.equal((await next.get(mina, runId)).phase, "interrupted");
    assert.equal(model.requests.length, 1);
    await next.resume(mina, runId);
    await until(async () => (await next.get(mina, runId)).phase === "waiting");
    assert.equal(model.requests.length, 3);
  }));

Deno.test("get() tells of a run whose server was killed as interrupted, of one driven elsewhere as running", () =>
  withLive(quiet, async ({ live, mina, request, settled, dataDir }) => {
    const runId = await live.start(mina, request);
    await settled(runId, "waiting");
    const folder = runFolder(dataDir, runId);
    const log = openRunLog(folder.logPath, runId);
    log.append({ type: "phase_changed", phase: "running" });
    log.close();
    saveRecord(folder, { ...readRecord(folder), phase: "running" });
    assert.equal((await live.get(mina, runId)).phase, "interrupted");
    using _driver = lockRun(folder);
    assert.equal((await live.get(mina, runId)).phase, "running");
    await assert.rejects(live.stop(mina, runId), { code: "RUN_PHASE" });
  }));

Deno.test("a run of somebody else is not found, whatever is asked; those of the command line are the owner's", () =>
  withLive([ask, ...quiet], async ({ live, mina, otto, request, settled, dataDir, projectDir }) => {
    const source = new URL("../../examples/hello-branch", import.meta.url).pathname;
    const { options, connection } = request;
    const terminal = await startRun({ source, projectDir, dataDir, options, connection });
    const runId = await live.start(mina, request);
    await settled(runId, "waiting");
    const own = await live.list(mina);
    assert.deepEqual(own.map(({ record }) => record.runId), [runId, terminal.record.runId]);
    assert.deepEqual(await live.list(otto), []);
    assert.deepEqual(await live.waiting(otto), []);
    const decision = { decision: "allow", scope: "once" } as const;
    const hostile: (() => Promise<unknown>)[] = [
      () => live.get(otto, runId),
      () => live.matter(otto, runId),
      () => live.answer(otto, runId, { callId: "call_1_1", text: "x" }),
      () => live.decide(otto, runId, { callId: "call_1_1", decision }),
      () => live.pause(otto, runId),
      () => live.stop(otto, runId),
      () => live.resume(otto, runId),
      () => live.fork(otto, runId, { nodeId: "ask-wish" }),
      () => live.subscribe(otto, runId, { afterSeq: 0, listener: () => {} }),
      () => live.get(otto, terminal.record.runId),
      () => live.get(mina, "../../etc"),
      () => live.get(mina, "20200101-000000-aaaaaa"),
    ];
    for (const attempt of hostile) await assert.rejects(attempt, { code: "RUN_NOT_FOUND" });
  }));

Deno.test("start() refuses a member the folders that are not shared, and a package that is not theirs", () =>
  withLive(
    quiet,
    async ({ live, mina, otto, request, dir, projectDir, projects, store, dataDir }) => {
      await assert.rejects(live.start(otto, request), { code: "PKG_NOT_FOUND" });
      const { files } = await store.packages.files(mina.userId, request.packageId);
      const { packageId } = await store.packages.create(otto.userId, files);
      const his = { ...request, packageId };
      await assert.rejects(live.start(otto, his), { code: "AUTH_FORBIDDEN" });
      const shared = join(dir, "shared");
      await Deno.mkdir(join(shared, "inside"), { recursive: true });
      await Deno.mkdir(join(dir, "shared-not"));
      await Deno.symlink(projectDir, join(shared, "link"));
      await projects.share(mina, [shared]);
      const ways = ["../project", "link", "../shared-not", "inside/../../project"];
      for (const way of ways) {
        const outside = { ...his, projectDir: `${shared}/${way}` };
        await assert.rejects(live.start(otto, outside), { code: "AUTH_FORBIDDEN" }, way);
      }
      const inside = await live.start(otto, { ...his, projectDir: join(shared, "inside") });
      await live.stop(otto, inside).catch(() => {});
      await assert.rejects(live.get(mina, inside), { code: "RUN_NOT_FOUND" });
      const own = { ...request, projectDir: dataDir };
      await assert.rejects(live.start(mina, own), { code: "PROJECT_NOT_FOUND" });
    },
  ));

Deno.test("resume() refuses a member whose folder is shared no more", () =>
  withLive(
    [...quiet, ...quiet],
    async ({ live, mina, otto, request, projectDir, projects, store }) => {
      await projects.share(mina, [projectDir]);
      const { files } = await store.packages.files(mina.userId, request.packageId);
      const { packageId } = await store.packages.create(otto.userId, files);
      const runId = await live.start(otto, { ...request, packageId });
      await until(async () => (await live.get(otto, runId)).phase === "waiting");
      await projects.share(mina, []);
      await assert.rejects(live.resume(otto, runId), { code: "AUTH_FORBIDDEN" });
    },
  ));

Deno.test("fork() starts a new run from a node of an old one", () =>
  withLive([...quiet, ...quiet], async ({ live, mina, request, settled }) => {
    const runId = await live.start(mina, { ...request, input: "the moon" });
    await settled(runId, "waiting");
    const forkId = await live.fork(mina, runId, { nodeId: "ask-wish" });
    assert.notEqual(forkId, runId);
    const { record } = await settled(forkId, "waiting");
    assert.deepEqual([record.forkedFrom?.runId, record.input], [runId, "the moon"]);
    await assert.rejects(live.fork(mina, runId, { nodeId: "nowhere" }), { code: "USAGE" });
  }));

Deno.test("waiting() lists what waits, and for what", () =>
  withLive([ask], async ({ live, mina, request, settled }) => {
    const runId = await live.start(mina, request);
    await settled(runId, "waiting");
    const [run, ...others] = await live.waiting(mina);
    assert.deepEqual([run?.record.runId, run?.matter?.kind, others.length], [runId, "question", 0]);
  }));

Deno.test("a run whose damaged folder cannot be driven says why", () =>
  withLive(quiet, async ({ live, mina, request, settled, dataDir, log }) => {
    const runId = await live.start(mina, request);
    await settled(runId, "waiting");
    await Deno.remove(join(runFolder(dataDir, runId).stateDir), { recursive: true });
    await live.resume(mina, runId);
    await until(async () => !(await live.get(mina, runId)).isDrivenHere);
    assert.match((await live.get(mina, runId)).reason ?? log.join(), /./);
  }));

Deno.test("say() reaches a run that is driven, takes up one that has stopped, and waits behind a question", () =>
  withLive([
    { text: "slow ".repeat(40), mood: "slow_stream", delayMs: 5 },
    { text: "Hm!" },
    { text: "Short now." },
    ask,
    { text: "Moon." },
    { text: "Moon!" },
  ], async ({ live, mina, request, settled, model, dataDir }) => {
    const runId = await live.start(mina, request);
    await until(() => model.requests.length === 1);
    await live.say(mina, runId, "Use short words");
    await settled(runId, "waiting");
    assert.match(JSON.stringify(model.requests[1]?.body.messages), /Use short words/);
    const asked = model.requests.length;
    await live.say(mina, runId, "Ask me something");
    await until(async () => (await live.matter(mina, runId)) !== null);
    await settled(runId, "waiting");
    assert.ok(model.requests.length > asked);
    const before = model.requests.length;
    await live.say(mina, runId, "And hurry");
    assert.equal(model.requests.length, before);
    const folder = runFolder(dataDir, runId);
    assert.equal(wordsLeft(folder, readRunLog(folder.logPath)).length, 1);
    const matter = await live.matter(mina, runId);
    await live.answer(mina, runId, { callId: matter?.callId ?? "", text: "the moon" });
    await settled(runId, "waiting");
    assert.match(JSON.stringify(model.requests.at(-1)?.body.messages), /And hurry/);
    assert.deepEqual(wordsLeft(folder, readRunLog(folder.logPath)), []);
  }));

Deno.test("a chat is said to, outlives its server, is in no inbox, and ends when its agent is dismissed", () =>
  withLive([{ text: "Hello." }, STALLS, { text: "Again." }], async (
    { live, mina, otto, request, settled, model, reopened },
  ) => {
    const runId = await live.start(mina, { ...request, entry: "chat", input: "Hi" });
    assert.equal((await settled(runId, "waiting")).code, "CHAT");
    assert.deepEqual(await live.waiting(mina), []);
    await assert.rejects(live.say(otto, runId, "Mine"), { code: "RUN_NOT_FOUND" });
    await live.say(mina, runId, "Are you there?");
    await until(() => model.requests.length === 2);
    await live.close();
    const next = reopened();
    await next.resume(mina, runId);
    await until(async () => (await next.get(mina, runId)).phase === "waiting");
    const said = model.requests.at(-1)?.body.messages?.filter(({ role }) => role !== "system");
    assert.deepEqual(said?.map(({ content }) => content), ["Hi", "Hello.", "Are you there?"]);
    await next.dismiss(mina, runId);
    assert.equal((await next.get(mina, runId)).phase, "completed");
    await assert.rejects(next.say(mina, runId, "One more thing"), { code: "RUN_PHASE" });
    await next.dismiss(mina, runId);
  }));

Deno.test("dismiss() stops a run of a workflow, which can be taken up again", () =>
  withLive([STALLS, ...quiet], async ({ live, mina, request, settled, model }) => {
    const runId = await live.start(mina, request);
    await until(() => model.requests.length === 1);
    await live.dismiss(mina, runId);
    assert.equal((await live.get(mina, runId)).phase, "interrupted");
    await live.say(mina, runId, "Go on");
    await settled(runId, "waiting");
    assert.match(JSON.stringify(model.requests.at(-1)?.body.messages), /Go on/);
  }));

Deno.test("pick() starts an item of the menu beside a run, with the same folder, model and package", () =>
  withLive(quiet, async ({ live, mina, request, settled }) => {
    const runId = await live.start(mina, { ...request, entry: "chat" });
    await settled(runId, "waiting");
    assert.equal((await live.agent(mina, runId))?.metadata.name, "Milo");
    const picked = await live.pick(mina, runId, "topics");
    const { record } = await settled(picked, "waiting");
    assert.equal(record.talk?.runType, "script");
    assert.equal(record.projectDir, (await live.get(mina, runId)).record.projectDir);
    await assert.rejects(live.pick(mina, runId, ""), { code: "MENU_UNCLEAR" });
  }));
