import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { connectionFromEnvironment } from "../../../runtime/llm/connection.ts";
import { openRunDesk, type RunDesk } from "../../../runtime/mcp/run_desk.ts";
import { DEFAULT_RUN_OPTIONS } from "../../../runtime/run/run_folder.ts";
import { startModelServer } from "../../model_server/model_server.ts";
import type { Reply } from "../../model_server/script.ts";

const HELLO = fileURLToPath(new URL("../../../examples/hello-branch", import.meta.url));
const LOOP = fileURLToPath(new URL("../../../examples/review-loop", import.meta.url));

async function atDesk(
  replies: readonly Reply[],
  work: (desk: RunDesk, dir: string) => Promise<void>,
  waitMs = 10_000,
): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "crewagent-desk-" });
  await Deno.mkdir(join(dir, "project"));
  await using server = startModelServer({ replies });
  const model = { model: "m", baseUrl: server.baseUrl };
  const desk = await openRunDesk({
    dataDir: join(dir, "data"),
    projectDir: join(dir, "project"),
    sources: [HELLO, LOOP],
    connection: { provider: "openai", ...model },
    model: { ...connectionFromEnvironment(model, {}), maxRetries: 0 },
    options: DEFAULT_RUN_OPTIONS,
    waitMs,
  });
  try {
    await work(desk, dir);
  } finally {
    await desk.close();
    await Deno.remove(dir, { recursive: true });
  }
}

const call = (name: string, args: Record<string, unknown>): Reply => ({
  toolCalls: [{ name, arguments: args }],
});
const ask = call("ui_ask_user", { question: "Which topic?", kind: "text" });
const note = call("fs_write", { path: "@project/NOTES.md", content: "moon\n" });
const quiet: Reply[] = [{ text: "Hm." }, { text: "Hm!" }];

Deno.test("openRunDesk() offers packages with their workflows and agents", () =>
  atDesk([], (desk) => {
    const [hello, loop] = desk.packages();
    assert.equal(hello?.name, "hello-branch");
    assert.equal(loop?.workflows[0]?.id, "review-loop");
    assert.ok(hello?.agents[0]?.title);
    return Promise.resolve();
  }));

Deno.test("start() returns what the run waits for, and answer() lets it go on with question and consent", () =>
  atDesk([ask, note, ...quiet], async (desk) => {
    const started = await desk.start({ package: "hello-branch", input: "Something short" });
    assert.equal(started.phase, "waiting");
    assert.ok(started.waitsFor?.kind === "question");
    assert.equal(started.waitsFor.question.question, "Which topic?");

    const answered = await desk.answer(started.runId, { text: "the moon" });
    assert.ok(answered.waitsFor?.kind === "approval");
    assert.match(answered.waitsFor.diff ?? "", /\+moon/);
    await assert.rejects(desk.answer(started.runId, { text: "yes" }), {
      code: "ANSWERS_INVALID",
      message: /"allow" or "deny"/,
    });

    const allowed = await desk.answer(started.runId, { decision: "allow" });
    assert.deepEqual([allowed.phase, allowed.code], ["waiting", "ENGINE_IDLE"]);
    assert.deepEqual(allowed.artifacts, ["@project/NOTES.md"]);
    assert.equal(await desk.readArtifact(started.runId, "@project/NOTES.md"), "moon\n");
    assert.deepEqual(desk.status(started.runId), allowed);
  }));

Deno.test("start() tells of a run that goes on, which takes no answer meanwhile and stops with the desk", () =>
  atDesk([{ text: "slow ".repeat(20), mood: "stall" } as Reply], async (desk) => {
    const started = await desk.start({ package: "hello-branch" });
    assert.equal(started.phase, "running");
    await assert.rejects(desk.answer(started.runId, { text: "x" }), { code: "RUN_BUSY" });
    await desk.close();
    assert.equal(desk.status(started.runId).phase, "interrupted");
  }, 300));

Deno.test("a desk refuses what it does not have, and tells of no run of another project", () =>
  atDesk([...quiet], async (desk, dir) => {
    await assert.rejects(desk.start({ package: "nothing" }), {
      code: "PKG_NOT_FOUND",
      message: /There are: hello-branch, review-loop/,
    });
    const { runId } = await desk.start({ package: "hello-branch" });
    await assert.rejects(desk.readArtifact(runId, "@project/../data/policy.json"), {
      code: "FILE_NOT_FOUND",
    });
    const record = join(dir, "data", "runs", runId, "run.json");
    const text = await Deno.readTextFile(record);
    await Deno.writeTextFile(record, text.replace(/"projectDir": "[^"]*"/, '"projectDir": "/x"'));
    assert.throws(() => desk.status(runId), { code: "RUN_NOT_FOUND" });
  }));
