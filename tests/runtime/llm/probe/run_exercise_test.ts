// The time limit of one exercise, and what it does with errors.
import assert from "node:assert/strict";
import { openAiLlm } from "../../../../runtime/llm/openai.ts";
import { runExercise } from "../../../../runtime/llm/probe/run_exercise.ts";
import { toolCall } from "../../../../runtime/llm/probe/tool_call.ts";
import { startModelServer } from "../../../model_server/model_server.ts";
import type { Reply } from "../../../model_server/script.ts";
import { connectionTo } from "../served_model.ts";
import { goodModel, spoiled } from "./played_model.ts";

async function runAgainst(spoil: (reply: Reply) => Reply, limitMs: number, maxRetries = 0) {
  await using server = startModelServer({ reply: spoiled("all", spoil) });
  const llm = openAiLlm(connectionTo(server, { maxRetries }));
  const subject = {
    llm,
    signal: new AbortController().signal,
    listModels: () => Promise.resolve([]),
  };
  return await runExercise({ limitMs, run: toolCall }, subject);
}

Deno.test("runExercise() fails an exercise whose answer takes longer than its limit", async () => {
  const outcome = await runAgainst((reply) => ({ ...reply, mood: "stall" }), 80);
  assert.equal(outcome.passed, false);
  assert.match(outcome.reason, /^It was not done within 0\.08 s: use a smaller model/);
  assert.ok(outcome.durationMs >= 75, `${outcome.durationMs}`);
});

Deno.test("runExercise() says what it was trying again for when the time was over", async () => {
  const busy: Reply = {
    mood: "status",
    status: 429,
    error: { message: "Too busy" },
    retryAfter: 100,
  };
  const { reason } = await runAgainst(() => busy, 3_000, 3);
  assert.match(reason, /not done within .*, after 1 retries for: .*Too busy/);
});

Deno.test("runExercise() does not wait for work that does not heed the limit", async () => {
  await using server = startModelServer({ reply: goodModel });
  const subject = {
    llm: openAiLlm(connectionTo(server)),
    signal: new AbortController().signal,
    listModels: () => Promise.resolve([]),
  };
  const run = () => new Promise<never>(() => {});
  const outcome = await runExercise({ limitMs: 20, run }, subject);
  assert.match(outcome.reason, /not done within 0\.02 s/);
});

Deno.test("runExercise() passes on what is no error of the provider", async () => {
  await using server = startModelServer();
  const subject = {
    llm: openAiLlm(connectionTo(server)),
    signal: new AbortController().signal,
    listModels: () => Promise.resolve([]),
  };
  const run = () => Promise.reject(new RangeError("A mistake of ours"));
  await assert.rejects(runExercise({ limitMs: 1_000, run }, subject), RangeError);
});
