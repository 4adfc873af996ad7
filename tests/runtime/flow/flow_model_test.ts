import assert from "node:assert/strict";
import { openFlowModel } from "../../../runtime/flow/open_flow_model.ts";
import type { Reply } from "../../model_server/script.ts";
import { agents, openFlowWorld, sourceOf } from "./flow_world.ts";

const RETRIES: readonly (readonly [string, Reply, number])[] = [
  ["429", { mood: "status", status: 429 }, 3],
  ["503", { mood: "status", status: 503 }, 3],
  ["an error in the stream", { mood: "error_in_stream" }, 3],
  ["400, not at all", { mood: "status", status: 400 }, 1],
  ["401, not at all", { mood: "status", status: 401 }, 1],
];

for (const [title, reply, requests] of RETRIES) {
  Deno.test(`runFlow() tries again after ${title}`, async () => {
    await using world = await openFlowWorld(agents({ a: "" }), () => reply);
    const result = await world.run("x");
    assert.equal(result.status, "error");
    assert.equal(world.model.requests.length, requests);
    // Doubled each time from retry.min_s; the chance of the test's clock takes nothing off.
    assert.deepEqual(world.waits, [2000, 4000].slice(0, requests - 1));
  });
}

Deno.test("runFlow() marks the first piece after a retry, and counts retries", async () => {
  const replies: Reply[] = [{ mood: "cut", text: "Half of it" }, { text: "Whole" }];
  await using world = await openFlowWorld(agents({ a: "" }), () => replies.shift() as Reply);
  const result = await world.run("x");
  assert.equal(result.results.a?.content, "Whole");
  assert.equal(result.results.a?.metadata.retries, 1);
  const restart = world.events.findIndex((event) =>
    event.type === "agent_delta" && event.restarted === true
  );
  const after = world.events.slice(restart).flatMap((event) =>
    event.type === "agent_delta" ? [event.text] : []
  );
  assert.equal(after.join(""), "Whole");
});

const NO_WORK: readonly (readonly [string, Reply])[] = [
  ["nothing", { text: "" }],
  ["half a text", { text: "Half", finishReason: "length" }],
  ["what a filter stopped", { text: "Half", finishReason: "content_filter" }],
];

for (const [title, reply] of NO_WORK) {
  Deno.test(`runFlow() takes ${title} for no completed work`, async () => {
    await using world = await openFlowWorld(agents({ a: "" }), () => reply);
    const { results } = await world.run("x");
    assert.deepEqual([results.a?.status, results.a?.content], ["failed", ""]);
    assert.equal(results.a?.metadata.error?.code, "LLM_BAD_RESPONSE");
  });
}

Deno.test("runFlow() labels the answers of the echo model", async () => {
  const { source } = await sourceOf(agents({ a: "" }), { TESTING: "1" });
  await using world = await openFlowWorld(agents({ a: "" }));
  const model = openFlowModel(source.config, { redisUrl: "" });
  const { results } = await world.run("Hello", { ports: { model } });
  assert.match(results.a?.content ?? "", /^\[echo: no model was asked\][^]*Hello/);
  assert.equal(results.a?.metadata.provider, "echo");
  assert.equal(world.model.requests.length, 0);
});

Deno.test("runFlow() fails the agent when no model is named or the server is not there", async () => {
  await using world = await openFlowWorld(agents({ a: "" }));
  const { config } = world.source;
  const unnamed = openFlowModel({ ...config, llm: { ...config.llm, model: "" } }, { redisUrl: "" });
  const first = await world.run("x", { ports: { model: unnamed } });
  assert.equal(first.results.a?.metadata.error?.code, "LLM_NOT_CONFIGURED");
  const llm = { ...config.llm, baseUrl: "http://127.0.0.1:9/v1" };
  const absent = openFlowModel({ ...config, llm, retry: { attempts: 1, minMs: 0, maxMs: 0 } }, {
    redisUrl: "",
  });
  const second = await world.run("x", { ports: { model: absent } });
  assert.equal(second.results.a?.metadata.error?.code, "LLM_UNREACHABLE");
});
