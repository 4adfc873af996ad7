// The adapter against a real HTTP server that speaks the protocol, well and badly.
import assert from "node:assert/strict";
import { connectionFromEnvironment } from "../../../runtime/llm/connection.ts";
import { openAiLlm } from "../../../runtime/llm/openai.ts";
import { AppError } from "../../../schemas/error.ts";
import type { ChatMessage } from "../../../schemas/conversation.ts";
import { startModelServer } from "../../model_server/model_server.ts";
import type { Reply } from "../../model_server/script.ts";
import { ask, connectionTo, hastyClock, recordingRequest, streamedText } from "./served_model.ts";

const READ_A = { name: "fs_read", arguments: { path: "@project/a.md" } };
const READ_B = { name: "fs_read", arguments: { path: "@project/b.md" } };

for (const streaming of [true, false]) {
  const how = streaming ? "streamed" : "whole";

  Deno.test(`openAiLlm() returns text, usage and reasoning of a ${how} answer`, async () => {
    const { reply } = await ask(
      [{
        text: "All is well.",
        reasoning: "Let me see.",
        usage: { promptTokens: 7, completionTokens: 3 },
      }],
      { streaming },
    );
    assert.deepEqual(reply, {
      content: "All is well.",
      toolCalls: [],
      finishReason: "stop",
      usage: { inputTokens: 7, outputTokens: 3 },
      extras: { reasoning_content: "Let me see." },
    });
  });

  Deno.test(`openAiLlm() returns several tool calls of a ${how} answer in order`, async () => {
    const { reply } = await ask([{ text: "Reading.", toolCalls: [READ_A, READ_B] }], { streaming });
    assert.equal(reply?.finishReason, "tool_calls");
    assert.deepEqual(reply?.toolCalls, [
      { id: "call_0_1", name: "fs_read", arguments: '{"path":"@project/a.md"}' },
      { id: "call_0_2", name: "fs_read", arguments: '{"path":"@project/b.md"}' },
    ]);
  });
}

Deno.test("openAiLlm() streams text and reasoning piece by piece", async () => {
  const { deltas } = await ask([{ text: "One two three", reasoning: "Well then" }]);
  assert.deepEqual(deltas.map(({ text }) => text), ["Well ", "then", "One ", "two ", "three"]);
  assert.equal(streamedText(deltas, "reasoning"), "Well then");
});

Deno.test("openAiLlm() streams thoughts in the text as reasoning and keeps them out of the answer", async () => {
  const { reply, deltas } = await ask([{ text: "<think>Hm, so.</think>\n\nThe answer" }]);
  assert.equal(reply?.content, "The answer");
  assert.deepEqual(reply?.extras, { thinking: "Hm, so." });
  assert.equal(streamedText(deltas), "The answer");
  assert.equal(streamedText(deltas, "reasoning"), "Hm, so.");
});

Deno.test("openAiLlm() sends model, tools, temperature, token limit, headers and key", async () => {
  const { requests } = await ask([{ text: "ok" }], {
    temperature: 0.2,
    maxOutputTokens: 99,
    headers: { "x-team": "blue" },
  });
  const [request] = requests;
  assert.equal(request?.headers.get("authorization"), "Bearer sk-secret-of-the-test");
  assert.equal(request?.headers.get("x-team"), "blue");
  const { model, temperature, max_tokens, stream, stream_options, tools } = request?.body ?? {};
  assert.deepEqual({ model, temperature, max_tokens, stream, stream_options }, {
    model: "test-model",
    temperature: 0.2,
    max_tokens: 99,
    stream: true,
    stream_options: { include_usage: true },
  });
  assert.deepEqual(tools?.map((tool) => tool.function.name), ["fs_read", "fs_write"]);
});

Deno.test("openAiLlm() sends no key and nothing of the environment where no key is given", async () => {
  Deno.env.set("OPENAI_API_KEY", "sk-of-the-environment");
  Deno.env.set("OPENAI_ORG_ID", "org-of-the-environment");
  await using server = startModelServer({ replies: [{ text: "ok" }] });
  try {
    const { apiKey: _, ...connection } = connectionTo(server);
    await openAiLlm(connection).complete(recordingRequest().request);
  } finally {
    Deno.env.delete("OPENAI_API_KEY");
    Deno.env.delete("OPENAI_ORG_ID");
  }
  assert.equal(server.requests[0]?.headers.get("authorization"), null);
  assert.equal(server.requests[0]?.headers.get("openai-organization"), null);
});

Deno.test("openAiLlm() reaches the server that connectionFromEnvironment() names, slash or not", async () => {
  await using server = startModelServer({ replies: [{ text: "ok" }] });
  const connection = connectionFromEnvironment({ model: "m", baseUrl: `${server.baseUrl}/` }, {});
  const reply = await openAiLlm(connection).complete(recordingRequest().request);
  assert.equal(reply.content, "ok");
  assert.equal(server.requests[0]?.path, "/v1/chat/completions");
});

Deno.test("openAiLlm() echoes reasoning, call extras and joined messages, and mends old arguments", async () => {
  const messages: ChatMessage[] = [
    { role: "system", content: "Rules" },
    { role: "system", content: "Persona" },
    { role: "user", content: "RUN_DIRECTIVE" },
    { role: "user", content: "NODE_BRIEF" },
    {
      role: "assistant",
      content: "",
      toolCalls: [{ id: "c1", name: "fs.read", arguments: '{"path": "cut' }],
      extras: {
        reasoning_content: "I thought",
        thinking: "only for people",
        tool_call_extras: { c1: { extra_content: { signature: "s" } } },
      },
    },
    { role: "tool", callId: "c1", content: '{"ok":false}' },
  ];
  const { requests } = await ask([{ text: "ok" }], {}, { messages });
  assert.deepEqual(requests[0]?.body.messages, [
    { role: "system", content: "Rules\n\nPersona" },
    { role: "user", content: "RUN_DIRECTIVE\n\nNODE_BRIEF" },
    {
      role: "assistant",
      content: null,
      reasoning_content: "I thought",
      tool_calls: [{
        extra_content: { signature: "s" },
        id: "c1",
        type: "function",
        function: { name: "fs_read", arguments: "{}" },
      }],
    },
    { role: "tool", tool_call_id: "c1", content: '{"ok":false}' },
  ]);
});

const SLOPPY: readonly Reply[] = [
  { toolCalls: [READ_A, READ_B], mood: "arguments_as_object" },
  { toolCalls: [READ_A, READ_B], mood: "no_ids" },
  { toolCalls: [READ_A, READ_B], mood: "no_index" },
  { toolCalls: [READ_A, READ_B], mood: "same_index" },
  { toolCalls: [READ_A, READ_B], oneChunk: true },
  { toolCalls: [READ_A, READ_B], oneChunk: true, mood: "same_index" },
  { toolCalls: [READ_A, READ_B], oneChunk: true, mood: "no_index" },
  { toolCalls: [{ ...READ_A, id: "0" }, { ...READ_B, id: "0" }] },
  { toolCalls: [READ_A, READ_B], finishReason: "stop" },
  { toolCalls: [READ_A, READ_B], mood: "no_done" },
];

for (const reply of SLOPPY) {
  for (const streaming of [true, false]) {
    const title = `${JSON.stringify({ ...reply, toolCalls: undefined })} streaming=${streaming}`;
    Deno.test(`openAiLlm() gets both calls with ids of their own from ${title}`, async () => {
      const answer = (await ask([reply], { streaming })).reply;
      assert.deepEqual(
        answer?.toolCalls.map((call) => [call.name, JSON.parse(call.arguments)]),
        [["fs_read", READ_A.arguments], ["fs_read", READ_B.arguments]],
      );
      const ids = answer?.toolCalls.map(({ id }) => id) ?? [];
      assert.ok(new Set(ids).size === 2 && !ids.includes(""), `ids: ${ids}`);
      assert.equal(answer?.finishReason, "tool_calls");
    });
  }
}

Deno.test("openAiLlm() gives a call a new id if the conversation has its id already", async () => {
  const messages: ChatMessage[] = [
    { role: "user", content: "Go" },
    {
      role: "assistant",
      content: "",
      toolCalls: [{ id: "call_0", name: "fs_read", arguments: "{}" }],
    },
    { role: "tool", callId: "call_0", content: "{}" },
  ];
  const { reply } = await ask([{ toolCalls: [{ ...READ_A, id: "call_0" }] }], {}, { messages });
  assert.match(reply?.toolCalls[0]?.id ?? "", /^call_[0-9a-f]{20}$/);
});

Deno.test("openAiLlm() reads a call from the text and says so", async () => {
  const text = 'I read it. <tool_call>{"name":"fs_read","arguments":{"path":"a.md"}}</tool_call>';
  const { reply } = await ask([{ text }]);
  assert.equal(reply?.content, "I read it.");
  assert.equal(reply?.toolCalls[0]?.arguments, '{"path":"a.md"}');
  assert.equal(reply?.finishReason, "tool_calls");
  assert.match(reply?.repairs?.[0] ?? "", /fs_read from the answer's text/);
});

Deno.test("openAiLlm() does without usage where the server sends none", async () => {
  const { reply } = await ask([{ text: "ok", mood: "no_usage" }]);
  assert.equal(reply?.content, "ok");
  assert.equal(reply?.usage, undefined);
});

Deno.test("openAiLlm() loses nothing of a stream without [DONE] and last line end", async () => {
  const { reply, retries } = await ask([{ text: "To the very end", mood: "no_done" }]);
  assert.equal(reply?.content, "To the very end");
  assert.deepEqual(reply?.usage, { inputTokens: 10, outputTokens: 5 });
  assert.deepEqual(retries, []);
});

Deno.test("openAiLlm() waits for a slow stream as long as pieces come", async () => {
  const text = "a b c d e f g h i j k l m n o p q r s t";
  const reply: Reply = { text, mood: "slow_stream", delayMs: 300 };
  // Less than the whole takes, and far more than one piece.
  const { reply: answer } = await ask([reply], { idleTimeoutMs: STALLED_MS });
  assert.equal(answer?.content, text);
});

const CONCESSIONS: readonly [Reply["mood"] & string, string][] = [
  ["refuses_stream", "stream"],
  ["refuses_stream_options", "stream_options"],
  ["refuses_temperature", "temperature"],
];

for (const [mood, field] of CONCESSIONS) {
  Deno.test(`openAiLlm() leaves out ${field} for good once it is refused`, async () => {
    await using server = startModelServer({ replies: [{ text: "one", mood }, { text: "two" }] });
    const llm = openAiLlm(connectionTo(server, { temperature: 0.1 }), hastyClock());
    const { request, retries } = recordingRequest();
    const first = await llm.complete(request);
    const second = await llm.complete(request);
    assert.deepEqual([first.content, second.content], ["one", "two"]);
    assert.deepEqual(server.requests.map(({ body }) => Boolean(body[field])), [true, false, false]);
    assert.deepEqual(retries, []);
  });
}

/** For a server that stalls and then answers: a loaded machine must get an answer out in that time. */
const STALLED_MS = 5_000;

const BROKEN: readonly [Reply, string, RegExp][] = [
  [{ text: "Half of it", mood: "cut" }, "LLM_UNREACHABLE", /lost in the middle of the answer/],
  [
    { text: "Half of it", mood: "ends_early" },
    "LLM_BAD_RESPONSE",
    /ended its answer in the middle/,
  ],
  [{ text: "Half of it", mood: "stall" }, "LLM_TIMEOUT", /sent nothing more for 5 s/],
  [{ text: "Half", mood: "malformed_chunk" }, "LLM_BAD_RESPONSE", /broken piece.*choices/],
  [{ text: "Half", mood: "error_in_stream" }, "LLM_HTTP", /Out of memory/],
  [{ mood: "empty_choices" }, "LLM_BAD_RESPONSE", /without choices/],
  [{ mood: "status", status: 500 }, "LLM_HTTP", /HTTP 500.*Test status 500/],
  [{ mood: "status", status: 503, error: "Loading model" }, "LLM_HTTP", /503.*"Loading model"/],
  [{ mood: "status", status: 429 }, "LLM_RATE_LIMITED", /HTTP 429/],
  [{ mood: "status", status: 408 }, "LLM_TIMEOUT", /HTTP 408/],
  [{ mood: "status", status: 425 }, "LLM_HTTP", /HTTP 425/],
];

for (const [reply, code, message] of BROKEN) {
  Deno.test(`openAiLlm() tries again after ${JSON.stringify(reply)}`, async () => {
    const { reply: answer, retries, waits } = await ask([reply, { text: "Whole" }], {
      maxRetries: 1,
      idleTimeoutMs: STALLED_MS,
    });
    assert.equal(answer?.content, "Whole");
    assert.deepEqual(waits, [500]);
    assert.equal(retries[0]?.code, code);
    assert.match(retries[0]?.message ?? "", message);
  });

  Deno.test(`openAiLlm() ends with ${code} when ${JSON.stringify(reply)} never gets better`, async () => {
    const { error, requests } = await ask([reply, reply, reply], {
      maxRetries: 1,
      idleTimeoutMs: reply.mood === "stall" ? 40 : STALLED_MS,
    });
    assertAppError(error, code, /tried 2 times/);
    assert.equal(requests.length, 2);
  });
}

const FINAL: readonly [Reply, string, RegExp][] = [
  [{ mood: "status", status: 400, error: { message: "Bad role" } }, "LLM_HTTP", /"Bad role"/],
  [{ mood: "status", status: 401 }, "LLM_AUTH", /Check that the API key/],
  [{ mood: "status", status: 403 }, "LLM_AUTH", /denies access/],
  [{ mood: "status", status: 404, error: { message: "model not found" } }, "LLM_HTTP", /\/models/],
  [{ mood: "status", status: 402 }, "LLM_HTTP", /needs credit/],
  [
    { mood: "status", status: 429, error: { message: "Quota", code: "insufficient_quota" } },
    "LLM_RATE_LIMITED",
    /credit of the account/,
  ],
  [
    { mood: "status", status: 400, error: { message: "gemma does not support tools" } },
    "LLM_HTTP",
    /Choose a model that can call tools/,
  ],
  [
    { mood: "status", status: 500, error: "the request exceeds the available context size" },
    "CONTEXT_TOO_LARGE",
    /context size/,
  ],
  [{ mood: "status", status: 413 }, "CONTEXT_TOO_LARGE", /longer than/],
  [{ mood: "context_too_long" }, "CONTEXT_TOO_LARGE", /4096 tokens/],
  [{ mood: "html" }, "LLM_BAD_RESPONSE", /"Sign in".*web page/],
  [{ mood: "redirect" }, "LLM_HTTP", /elsewhere\.test/],
];

for (const [reply, code, message] of FINAL) {
  Deno.test(`openAiLlm() gives up at once with ${code} on ${JSON.stringify(reply)}`, async () => {
    const { error, requests, waits } = await ask([reply, { text: "never" }], { maxRetries: 3 });
    assertAppError(error, code, message);
    assert.equal(requests.length, 1);
    assert.deepEqual(waits, []);
  });
}

const RETRY_AFTER: readonly [string | number, number][] = [
  [7, 7_000],
  [0, 500],
  ["Fri, 20 Nov 2026 12:00:09 GMT", 9_000],
  [3_600, 120_000],
  ["soon", 500],
];

for (const [retryAfter, waitMs] of RETRY_AFTER) {
  Deno.test(`openAiLlm() waits ${waitMs} ms after 429 with Retry-After "${retryAfter}"`, async () => {
    const { waits } = await ask(
      [{ mood: "status", status: 429, retryAfter }, { text: "ok" }],
      { maxRetries: 1 },
    );
    assert.deepEqual(waits, [waitMs]);
  });
}

Deno.test("openAiLlm() asks for a whole answer after two broken streams", async () => {
  const broken: Reply = { text: "Half of it", mood: "cut" };
  const { reply, requests } = await ask([broken, broken, { text: "Whole" }], { maxRetries: 4 });
  assert.equal(reply?.content, "Whole");
  assert.deepEqual(requests.map(({ body }) => body.stream), [true, true, false]);
});

Deno.test("openAiLlm() ends with LLM_TIMEOUT when no headers come", async () => {
  const { error } = await ask([{ text: "late", mood: "slow_headers", delayMs: 2_000 }], {
    timeoutMs: 60,
  });
  assertAppError(error, "LLM_TIMEOUT", /has not answered for 60 ms/);
});

Deno.test("openAiLlm() ends with LLM_UNREACHABLE where nothing listens", async () => {
  const server = startModelServer();
  await server.close();
  const llm = openAiLlm(connectionTo(server), hastyClock());
  const error = await llm.complete(recordingRequest().request).catch((thrown: unknown) => thrown);
  assertAppError(error, "LLM_UNREACHABLE", /model "test-model".*Is it running/);
});

for (const mood of ["stall", "slow_headers"] as const) {
  Deno.test(`openAiLlm() ends with ENGINE_ABORTED on abort during ${mood}`, async () => {
    await using server = startModelServer({
      replies: [{ text: "Half of it", mood, delayMs: 5_000 }],
    });
    const stop = new AbortController();
    const llm = openAiLlm(connectionTo(server, { maxRetries: 3 }), hastyClock());
    const { request, retries } = recordingRequest({ signal: stop.signal });
    const answer = llm.complete(request).catch((thrown: unknown) => thrown);
    setTimeout(() => stop.abort(), 60);
    assertAppError(await answer, "ENGINE_ABORTED", /stopped/);
    assert.deepEqual(retries, []);
  });
}

Deno.test("openAiLlm() never shows the key that a server echoes", async () => {
  const body = "Bad key sk-secret-of-the-test and sk-other-123456 in Bearer abcdefgh";
  const { error } = await ask([{ mood: "status", status: 401, error: body }]);
  assertAppError(error, "LLM_AUTH", /Bad key \*\*\* and \*\*\* in Bearer \*\*\*/);
  assert.doesNotMatch(JSON.stringify(error) + String(error), /secret|123456|abcdefgh/);
});

Deno.test("openAiLlm() never shows the query of a base URL", async () => {
  const server = startModelServer();
  await server.close();
  const connection = connectionTo({ baseUrl: `${server.baseUrl}?api-key=hidden` });
  const error = await openAiLlm(connection, hastyClock()).complete(recordingRequest().request)
    .catch((thrown: unknown) => thrown);
  assertAppError(error, "LLM_UNREACHABLE", /127\.0\.0\.1/);
  assert.doesNotMatch(String(error), /hidden/);
});

Deno.test("openAiLlm() shortens what a server says", async () => {
  const { error } = await ask([{ mood: "status", status: 400, error: "long ".repeat(1_000) }]);
  assert.ok(error instanceof AppError && error.message.length < 700);
});

function assertAppError(error: unknown, code: string, message: RegExp): void {
  assert.ok(error instanceof AppError, `not an AppError: ${error}`);
  assert.equal(error.code, code);
  assert.match(error.message, message);
}
