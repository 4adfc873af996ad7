// Runs over the API, from the start to what they left, with a model that speaks the protocol. What every
// operation answers to whom is in `routes_test.ts`.
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { API_ROOT } from "../../../builder/api/api_route.ts";
import { changeProfiles } from "../../../runtime/run/profile_file.ts";
import { runFolder } from "../../../runtime/run/run_folder.ts";
import { readRunLog } from "../../../runtime/run/run_log.ts";
import { openStory } from "../../../runtime/run/run_story.ts";
import type { RunDelta, RunEvent } from "../../../schemas/run_event.ts";
import { validate } from "../../../schemas/validate.ts";
import { playConversation, readConversation } from "../../journeys/scripted_conversation.ts";
import { startModelServer } from "../../model_server/model_server.ts";
import type { Reply, ReplyFunction } from "../../model_server/script.ts";
import { call as toolCall, examplePackage, STALLS, until } from "../live_scene.ts";
import { type ApiUnderTest, type Call, withApi } from "./api_under_test.ts";

interface RunScene extends ApiUnderTest {
  readonly projectDir: string;
  /** A started run of hello-branch. */
  readonly runId: string;
  /** A call about this run. */
  ask(operationId: string, call?: Call): ReturnType<ApiUnderTest["call"]>;
  /** Waits until the run has this status and is driven no more. */
  settled(status: string): Promise<void>;
  /** The call that is open. */
  callId(): Promise<string>;
}

async function withRun(
  script: readonly Reply[] | ReplyFunction,
  test: (scene: RunScene) => Promise<void>,
): Promise<void> {
  await using model = startModelServer(
    typeof script === "function" ? { reply: script } : { replies: script },
  );
  await withApi(async (api) => {
    const { app, minaId, call } = api;
    const files = examplePackage("hello-branch");
    const { packageId } = await app.store.packages.create(minaId, files);
    const projectDir = join(app.dataDir, "..", "project");
    await Deno.mkdir(projectDir);
    const prices = { inputPerMillion: 1, outputPerMillion: 2 };
    const preset = "custom" as const;
    const profile = { name: "test", preset, model: "m", baseUrl: model.baseUrl, prices };
    changeProfiles(app.dataDir, () => ({ formatVersion: 1, profiles: [profile] }));
    const start = { packageId, projectDir, profile: "test" };
    const started = await call("startRun", { json: start });
    const { runId } = started.data;
    strictEqual(started.headers.get("location"), `${API_ROOT}/runs/${runId}`);
    const ask: RunScene["ask"] = (operationId, { params, ...rest } = {}) =>
      call(operationId, { ...rest, params: { runId, ...params } });
    const settled = async (status: string) =>
      await until(async () => {
        const { run } = (await ask("getRun")).data;
        return run.status === status && !run.isDrivenHere;
      });
    const callId = async () => (await ask("getRun")).data.matter?.callId ?? "";
    await test({ ...api, projectDir, runId, ask, settled, callId });
  });
}

function helloBranch(): ReplyFunction {
  const player = playConversation(readConversation("hello-branch"));
  return ({ body }) => player.next(body.messages as never) as Reply;
}

interface Told {
  readonly id: string | null;
  readonly data: RunEvent | RunDelta;
}

/** Reads a stream until an event fits. */
async function readStream(
  { app, minaToken, runId }: RunScene,
  { query = "", headers = {}, isLast }: {
    query?: string;
    headers?: Record<string, string>;
    isLast: (event: RunEvent | RunDelta) => boolean;
  },
): Promise<Told[]> {
  const response = await app.send(`${API_ROOT}/runs/${runId}/events${query}`, {
    headers: { authorization: `Bearer ${minaToken}`, ...headers },
  });
  strictEqual(response.headers.get("content-type"), "text/event-stream");
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const told: Told[] = [];
  let text = "";
  await until(async () => {
    text += (await reader?.read())?.value ?? "";
    const parts = text.split("\n\n");
    text = parts.pop() ?? "";
    told.push(...parts.flatMap(toldIn));
    return told.some(({ data }) => isLast(data));
  });
  await reader?.cancel();
  return told;
}

function toldIn(part: string): Told[] {
  const [, data] = /^data: (.*)$/m.exec(part) ?? [];
  const [, id = null] = /^id: (.*)$/m.exec(part) ?? [];
  return data === undefined ? [] : [{ id, data: JSON.parse(data) }];
}

const isEnd = (event: RunEvent | RunDelta) =>
  event.type === "phase_changed" && event.phase === "completed";
const isWait = (event: RunEvent | RunDelta) =>
  event.type === "phase_changed" && event.phase === "waiting";

Deno.test("runs: the stream tells the log, each event once with its seq as id, and text without one", () =>
  withRun(helloBranch(), async (scene) => {
    const { app, runId, ask, settled, callId } = scene;
    const first = await readStream(scene, { isLast: isWait });
    await settled("waiting");
    const rest = readStream(scene, {
      headers: { "last-event-id": first.at(-1)?.id ?? "" },
      query: "?after=1",
      isLast: isEnd,
    });
    const answer = { callId: await callId(), answer: "A poem please, about the sea." };
    strictEqual((await ask("answerRun", { json: answer })).status, 202);
    const told = [...first, ...await rest];
    const logged = told.filter(({ data }) => "seq" in data);
    deepStrictEqual(
      logged.map(({ data }) => data),
      readRunLog(runFolder(app.dataDir, runId).logPath),
    );
    logged.forEach(({ id, data }, index) => {
      strictEqual(id, String(index + 1));
      deepStrictEqual(validate("run_event", data), []);
    });
    const deltas = told.filter(({ data }) => !("seq" in data));
    ok(deltas.length > 0);
    ok(deltas.every(({ id, data }) => id === null && data.type.endsWith("_delta")));
    const bad = await ask("streamRunEvents", { headers: { "last-event-id": "1; drop" } });
    strictEqual(bad.code, "REQUEST_INVALID");
  }));

Deno.test("runs: what a run left is listed, traced to its calls, read as bytes and exported", () =>
  withRun(helloBranch(), async ({ app, runId, call, ask, settled, callId, projectDir }) => {
    await settled("waiting");
    deepStrictEqual(
      (await call("listInbox")).data.map(({ matter }: { matter: { kind: string } }) => matter.kind),
      ["question"],
    );
    await ask("answerRun", { json: { callId: await callId(), answer: "A poem, the sea" } });
    await settled("completed");
    deepStrictEqual((await call("listInbox")).data, []);
    const { run } = (await ask("getRun")).data;
    ok(run.inputTokens > 0 && run.costUsd > 0 && run.requests > 3);

    const path = "@project/artifacts/poem.md";
    const [artifact] = (await ask("listRunArtifacts")).data;
    const { lastWriter } = artifact;
    deepStrictEqual(
      [artifact.path, artifact.writes, artifact.isForeign, lastWriter.nodeId, lastWriter.model],
      [path, 1, false, "write-poem", "m"],
    );
    strictEqual(lastWriter.package.hash, run.package.hash);
    const [written] = (await ask("listRunToolCalls", { query: "?tool=fs.write" })).data.calls;
    deepStrictEqual(
      [written.seq, written.turn, written.outcome, written.path],
      [lastWriter.callSeq, lastWriter.turn, "done", path],
    );
    const file = join(projectDir, "artifacts", "poem.md");
    const bytes = (await ask("readRunArtifact", { params: { path } })).data;
    deepStrictEqual(new TextDecoder().decode(bytes), await Deno.readTextFile(file));

    await Deno.writeTextFile(file, "A line of Mina's\n", { append: true });
    const traced = (await ask("traceRunArtifact", { params: { path } })).data;
    deepStrictEqual(
      traced.lines.map((
        { origin, writer }: { origin: string; writer: { callId: string } | null },
      ) => [origin, writer?.callId ?? null]),
      [["run", written.callId], ["others", null]],
    );
    const query = `?${new URLSearchParams({ projectDir, path })}`;
    deepStrictEqual((await call("traceProjectFile", { query })).data, traced);
    const [change] = (await ask("listRunChanges")).data;
    deepStrictEqual([change.path, change.kind, change.isForeign], [path, "made", true]);
    match(change.diff, /\+# What the sea returns/);

    const secret = await ask("readRunArtifact", { params: { path: "@project/secret.txt" } });
    strictEqual(secret.code, "FILE_NOT_FOUND");
    strictEqual((await ask("revertRun")).code, "FILE_EXISTS");
    const exported = join(app.dataDir, "..", "x.crewrun");
    await Deno.writeFile(exported, (await ask("exportRun")).data);
    const story = await openStory(app.dataDir, exported);
    deepStrictEqual([story.record.runId, story.projectDir], [runId, undefined]);
    deepStrictEqual((await ask("revertRun", { json: { force: true } })).data.paths, [path]);
    deepStrictEqual((await ask("listRunArtifacts")).data, []);
  }));

const note = toolCall("fs_write", { path: "@project/NOTES.md", content: "moon\n" });
const quiet: Reply[] = [{ text: "Hm." }, { text: "Hm!" }];

Deno.test("runs: a call is denied with a reason, then allowed, by the call that asked and no other", () =>
  withRun([note, note, ...quiet], async ({ ask, settled, callId, projectDir }) => {
    await settled("waiting");
    const matter = (await ask("getRun")).data.matter;
    deepStrictEqual([matter.kind, matter.tool, matter.path], [
      "approval",
      "fs.write",
      "@project/NOTES.md",
    ]);
    match(matter.diff, /\+moon/);
    const wrong = await ask("decideRun", { json: { callId: "other", decision: "allow" } });
    strictEqual(wrong.code, "RUN_PHASE");
    strictEqual((await ask("resumeRun")).code, "RUN_PHASE");
    const deny = { callId: await callId(), decision: "deny", reason: "Not yet" };
    strictEqual((await ask("decideRun", { json: deny })).status, 202);
    await until(async () => await callId() !== "" && await callId() !== deny.callId);
    await settled("waiting");
    const allow = { callId: await callId(), decision: "allow", scope: "run" };
    strictEqual((await ask("decideRun", { json: allow })).status, 202);
    await settled("waiting");
    strictEqual(await Deno.readTextFile(join(projectDir, "NOTES.md")), "moon\n");
    const denied = await ask("listRunEvents", { query: "?type=approval_decided&order=newest" });
    deepStrictEqual(
      denied.data.events.map(({ decision }: { decision: unknown }) => decision),
      [{ decision: "allow", scope: "run" }, { decision: "deny", scope: "once", reason: "Not yet" }],
    );
  }));

Deno.test("runs: driven by this server it is paused, stopped, resumed with words, and forked", () =>
  withRun([STALLS, ...quiet, ...quiet], async (scene) => {
    const { call, ask, settled } = scene;
    await readStream(scene, { isLast: ({ type }) => type === "text_delta" });
    strictEqual((await ask("resumeRun")).code, "RUN_BUSY");
    strictEqual((await ask("pauseRun")).data.status, "running");
    deepStrictEqual((await ask("stopRun")).data.status, "interrupted");
    strictEqual((await ask("pauseRun")).code, "RUN_PHASE");
    const resumed = await ask("resumeRun", { json: { advice: "Be brief", profile: "test" } });
    strictEqual(resumed.status, 202);
    await settled("waiting");
    const told = (await ask("listRunEvents", { query: "?text=be+brief&type=user_input" })).data;
    strictEqual(told.events.length, 1);
    const fork = await ask("forkRun", { json: { nodeId: "ask-wish" } });
    deepStrictEqual(fork.data.forkedFrom.runId, scene.runId);
    const { runs, totals } = (await call("listRuns", { query: "?limit=1" })).data;
    deepStrictEqual([runs.length, totals.runs, runs[0].runId], [1, 2, fork.data.runId]);
    const older = await call("listRuns", { query: `?limit=1&cursor=${runs[0].runId}` });
    deepStrictEqual([older.data.runs[0].runId, older.data.nextCursor], [scene.runId, null]);
    const bad = ["?status=done", "?since=yesterday", "?limit=0", "?page=1"];
    for (const query of bad) strictEqual((await call("listRuns", { query })).status, 422, query);
  }));

Deno.test("runs: a member gets only folders that are shared, and no programs", () =>
  withRun(quiet, async ({ app, call, ottoToken, ottoId, projectDir, settled }) => {
    await settled("waiting");
    const files = examplePackage("hello-branch");
    const { packageId } = await app.store.packages.create(ottoId, files);
    const start = { packageId, projectDir, simulate: true };
    const asOtto = { token: ottoToken };
    strictEqual((await call("startRun", { ...asOtto, json: start })).code, "AUTH_FORBIDDEN");
    await app.services.projects.share({ userId: "", role: "owner" }, [projectDir]);
    const started = await call("startRun", { ...asOtto, json: start });
    strictEqual(started.status, 201);
    const terminal = { ...start, options: { terminal: true } };
    strictEqual((await call("startRun", { ...asOtto, json: terminal })).code, "AUTH_FORBIDDEN");
    const mine = (await call("listRuns", asOtto)).data.runs;
    deepStrictEqual(mine.map(({ runId }: { runId: string }) => runId), [started.data.runId]);
    const foreign = await call("getRun", { params: { runId: started.data.runId } });
    strictEqual(foreign.code, "RUN_NOT_FOUND", "not even to the owner");
  }));

Deno.test("runs: a chat is started, spoken to and dismissed, and does not stand in the inbox", () =>
  withRun([...quiet, { text: "Ahoy." }, { text: "Fair winds." }], async (scene) => {
    const { app, call, minaId, projectDir, settled } = scene;
    await settled("waiting");
    const packages = await app.store.packages.list(minaId);
    const packageId = packages.find(({ name }) => name === "hello-branch")?.packageId;
    const chat = { packageId, projectDir, profile: "test", entry: "chat", agentId: "host" };
    const { runId } = (await call("startRun", { json: { ...chat, input: "Hello" } })).data;
    const params = { runId };
    const isAtRest = async () => {
      const { run } = (await call("getRun", { params })).data;
      return run.status === "waiting" && !run.isDrivenHere;
    };
    const said = async (words: string) => {
      const query = `?type=assistant_message&text=${words}`;
      return (await call("listRunEvents", { params, query })).data.events.length === 1;
    };
    await until(async () => await said("Ahoy") && await isAtRest());
    const inbox = (await call("listInbox")).data;
    deepStrictEqual(inbox.map(({ run }: { run: { runId: string } }) => run.runId), [scene.runId]);
    strictEqual((await call("sayToRun", { params, json: { text: "And now?" } })).status, 202);
    await until(async () => await said("Fair") && await isAtRest());
    strictEqual((await call("dismissRun", { params })).data.status, "completed");
    const late = await call("sayToRun", { params, json: { text: "Still there?" } });
    strictEqual(late.code, "RUN_PHASE");
  }));
