// The adapter against a real HTTP server that speaks Ollama's own API, well and badly.
import assert from "node:assert/strict";
import type { OllamaConnection } from "../../../runtime/llm/connection.ts";
import { ollamaLlm } from "../../../runtime/llm/ollama.ts";
import { openLlm } from "../../../runtime/llm/open_llm.ts";
import { AppError } from "../../../schemas/error.ts";
import type { ChatMessage } from "../../../schemas/conversation.ts";
import { startOllamaServer } from "../../ollama_server/ollama_server.ts";
import type { OllamaOptions, Reply } from "../../ollama_server/script.ts";
import { hastyClock, recordingRequest, streamedText } from "./served_model.ts";
import { askOllama, ollamaConnectionTo } from "./served_ollama.ts";

const READ_A = { name: "fs_read", arguments: { path: "@project/a.md" } };
const READ_B = { name: "fs_read", arguments: { path: "@project/b.md" } };

for (const streaming of [true, false]) {
  const how = streaming ? "streamed" : "whole";

  Deno.test(`ollamaLlm() returns text, usage and thoughts of a ${how} answer`, async () => {
    const said: Reply = { text: "All is well.", thinking: "Let me see.", evalTokens: 3 };
    const { reply } = await askOllama({ replies: [said] }, { streaming }, { tools: [] });
    assert.deepEqual(reply, {
      content: "All is well.",
      toolCalls: [],
      finishReason: "stop",
      usage: { inputTokens: 6, outputTokens: 3 },
      extras: { thinking: "Let me see." },
    });
  });

  for (const mood of [undefined, "no_ids", "arguments_as_text"] as const) {
    const shape = mood ?? "ids and objects";
    Deno.test(`ollamaLlm() gets both calls of a ${how} answer with ${shape}`, async () => {
      const said: Reply = { text: "Reading.", toolCalls: [READ_A, READ_B], ...(mood && { mood }) };
      const { reply } = await askOllama({ replies: [said] }, { streaming });
      assert.deepEqual(
        reply?.toolCalls.map((call) => [call.name, call.arguments]),
        [["fs_read", '{"path":"@project/a.md"}'], ["fs_read", '{"path":"@project/b.md"}']],
      );
      const ids = reply?.toolCalls.map(({ id }) => id) ?? [];
      assert.ok(new Set(ids).size === 2 && !ids.includes(""), `ids: ${ids}`);
      assert.equal(reply?.finishReason, "tool_calls");
      assert.equal(reply?.content, "Reading.");
    });
  }
}

Deno.test("ollamaLlm() keeps the ids that a server gives", async () => {
  const { reply } = await askOllama({ replies: [{ toolCalls: [READ_A] }] });
  assert.equal(reply?.toolCalls[0]?.id, "call_0_1");
});

Deno.test("ollamaLlm() streams text and thoughts piece by piece", async () => {
  const { deltas } = await askOllama({
    replies: [{ text: "One two three", thinking: "Well then" }],
  });
  assert.deepEqual(deltas.map(({ text }) => text), ["Well ", "then", "One ", "two ", "three"]);
  assert.equal(streamedText(deltas, "reasoning"), "Well then");
});

Deno.test("ollamaLlm() streams a text to its end that looks like the beginning of a tag", async () => {
  const { reply, deltas } = await askOllama({ replies: [{ text: "<thi" }] });
  assert.equal(reply?.content, "<thi");
  assert.equal(streamedText(deltas), "<thi");
});

Deno.test("ollamaLlm() takes thoughts in the text out of the answer", async () => {
  const { reply, deltas } = await askOllama({
    replies: [{ text: "<think>Hm, so.</think>\n\nThe answer" }],
  });
  assert.equal(reply?.content, "The answer");
  assert.deepEqual(reply?.extras, { thinking: "Hm, so." });
  assert.equal(streamedText(deltas), "The answer");
});

Deno.test("ollamaLlm() reads a call from the text of a model that was not told of tools, and says so", async () => {
  const text = 'I read it. <tool_call>{"name":"fs_read","arguments":{"path":"a.md"}}</tool_call>';
  const { reply } = await askOllama({ replies: [{ text }], tools: "ignore" });
  assert.equal(reply?.content, "I read it.");
  assert.equal(reply?.toolCalls[0]?.arguments, '{"path":"a.md"}');
  assert.equal(reply?.finishReason, "tool_calls");
  assert.match(reply?.repairs?.[0] ?? "", /fs_read from the answer's text/);
});

Deno.test("ollamaLlm() returns the text of a server that ignores tools", async () => {
  const { reply } = await askOllama({ replies: [{ text: "What tools?" }], tools: "ignore" });
  assert.deepEqual([reply?.content, reply?.toolCalls], ["What tools?", []]);
});

Deno.test("ollamaLlm() says that an answer was cut by its limit", async () => {
  const { reply } = await askOllama({ replies: [{ text: "To be cont", doneReason: "length" }] });
  assert.equal(reply?.finishReason, "length");
});

Deno.test("ollamaLlm() does without usage where the server counts nothing", async () => {
  const { reply } = await askOllama({ replies: [{ text: "ok", mood: "no_counts" }] });
  assert.deepEqual([reply?.content, reply?.usage], ["ok", undefined]);
});

Deno.test("ollamaLlm() loses nothing of a stream without a last line end", async () => {
  const { reply, retries } = await askOllama({
    replies: [{ text: "To the very end", mood: "no_last_newline" }],
  });
  assert.equal(reply?.content, "To the very end");
  assert.equal(reply?.usage?.outputTokens, 5);
  assert.deepEqual(retries, []);
});

Deno.test("ollamaLlm() waits for a slow stream as long as lines come", async () => {
  const text = "a b c d e f g h i j k l m n o p q r s t";
  const said: Reply = { text, mood: "slow_stream", delayMs: 300 };
  // Less than the whole takes, and far more than one piece.
  const { reply } = await askOllama({ replies: [said] }, { idleTimeoutMs: STALLED_MS });
  assert.equal(reply?.content, text);
});

Deno.test("ollamaLlm() sends window, limits, tools and headers, and no key where none is given", async () => {
  const { requests } = await askOllama({ replies: [{ text: "ok" }] }, {
    temperature: 0.2,
    maxOutputTokens: 99,
    headers: { "x-team": "blue" },
  });
  const { tools, messages, ...rest } = requests[0]?.body ?? {};
  assert.deepEqual(rest, {
    model: "test-model",
    stream: true,
    truncate: false,
    shift: false,
    options: { num_ctx: 8_000, num_predict: 99, temperature: 0.2 },
  });
  assert.deepEqual(messages, [{ role: "user", content: "Go" }]);
  assert.deepEqual(tools?.map((tool) => tool.function.name), ["fs_read", "fs_write"]);
  assert.equal(requests[0]?.headers.get("x-team"), "blue");
  assert.equal(requests[0]?.headers.get("authorization"), null);
});

Deno.test("ollamaLlm() leaves out tools, limit and temperature where there are none", async () => {
  const { requests } = await askOllama({ replies: [{ text: "ok" }] }, {}, { tools: [] });
  assert.equal(requests[0]?.body.tools, undefined);
  assert.deepEqual(requests[0]?.body.options, { num_ctx: 8_000 });
});

for (const end of ["", "/", "/v1", "/v1/", "/api", "/api/"]) {
  Deno.test(`ollamaLlm() finds /api/chat from a base URL that ends in "${end}"`, async () => {
    await using server = startOllamaServer({ replies: [{ text: "ok" }] });
    const connection = ollamaConnectionTo({ baseUrl: server.baseUrl + end });
    const reply = await ollamaLlm(connection).complete(recordingRequest().request);
    assert.equal(reply.content, "ok");
    assert.equal(server.requests[0]?.path, "/api/chat");
  });
}

Deno.test("ollamaLlm() sends the key as a bearer, for a server behind a gate", async () => {
  const { reply } = await askOllama({ replies: [{ text: "ok" }], apiKey: "secret-key" }, {
    apiKey: "secret-key",
  });
  assert.equal(reply?.content, "ok");
});

Deno.test("openLlm() opens a model of Ollama", async () => {
  await using server = startOllamaServer({ replies: [{ text: "Hello" }] });
  const llm = openLlm(ollamaConnectionTo(server));
  assert.deepEqual([llm.provider, llm.model, llm.simulated, llm.contextWindowTokens], [
    "ollama",
    "test-model",
    false,
    8_000,
  ]);
  assert.equal((await llm.complete(recordingRequest().request)).content, "Hello");
});

/** For a server that stalls and then answers: a loaded machine must get an answer out in that time. */
const STALLED_MS = 5_000;

const BROKEN: readonly [Reply, string, RegExp][] = [
  [{ text: "Half of it", mood: "cut" }, "LLM_UNREACHABLE", /lost in the middle of the answer/],
  [{ text: "Half of it", mood: "ends_early" }, "LLM_BAD_RESPONSE", /ended its answer in the mid/],
  [{ text: "Half of it", mood: "stall" }, "LLM_TIMEOUT", /sent nothing more for 5 s/],
  [{ text: "Half", mood: "torn_line" }, "LLM_BAD_RESPONSE", /broken line in its stream: .*model/],
  [
    { text: "Half", mood: "error_in_stream", error: "model runner has unexpectedly stopped" },
    "LLM_HTTP",
    /"model runner has unexpectedly stopped"/,
  ],
  [{ mood: "no_message" }, "LLM_BAD_RESPONSE", /without a message/],
  [{ mood: "status", status: 500 }, "LLM_HTTP", /HTTP 500.*Test status 500/],
  [{ mood: "status", status: 503, error: "server busy" }, "LLM_HTTP", /503.*"server busy"/],
  [{ mood: "status", status: 429 }, "LLM_RATE_LIMITED", /HTTP 429/],
];

for (const [said, code, message] of BROKEN) {
  Deno.test(`ollamaLlm() tries again after ${JSON.stringify(said)}`, async () => {
    const { reply, retries, waits } = await askOllama({ replies: [said, { text: "Whole" }] }, {
      maxRetries: 1,
      idleTimeoutMs: STALLED_MS,
    });
    assert.equal(reply?.content, "Whole");
    assert.deepEqual(waits, [500]);
    assert.equal(retries[0]?.code, code);
    assert.match(retries[0]?.message ?? "", message);
  });

  Deno.test(`ollamaLlm() ends with ${code} when ${JSON.stringify(said)} never gets better`, async () => {
    const { error, requests } = await askOllama({ replies: [said, said, said] }, {
      maxRetries: 1,
      idleTimeoutMs: said.mood === "stall" ? 40 : STALLED_MS,
    });
    assertAppError(error, code, /tried 2 times/);
    assert.equal(requests.length, 2);
  });
}

const FINAL: readonly [OllamaOptions, Partial<OllamaConnection>, string, RegExp][] = [
  [{}, { model: "nope:7b" }, "LLM_HTTP", /'nope:7b' not found.*"ollama pull nope:7b"/],
  [{ tools: "refuse" }, {}, "LLM_HTTP", /Choose a model that can call tools/],
  [{ apiKey: "other" }, {}, "LLM_AUTH", /denies access/],
  [{ replies: [{ mood: "html" }] }, {}, "LLM_BAD_RESPONSE", /"Sign in".*web page.*Ollama's/],
  [{ replies: [{ mood: "redirect" }] }, {}, "LLM_HTTP", /elsewhere\.test/],
  [
    { replies: [{ mood: "status", status: 400, error: "invalid options" }] },
    {},
    "LLM_HTTP",
    /"invalid options"/,
  ],
];

for (const [options, more, code, message] of FINAL) {
  const title = JSON.stringify({ ...options, ...more });
  Deno.test(`ollamaLlm() gives up at once with ${code} on ${title}`, async () => {
    const { error, waits } = await askOllama(options, { maxRetries: 3, ...more });
    assertAppError(error, code, message);
    assert.deepEqual(waits, []);
  });
}

Deno.test("ollamaLlm() says that the base URL is wrong where there is no Ollama at that path", async () => {
  await using server = startOllamaServer();
  const connection = ollamaConnectionTo({ baseUrl: `${server.baseUrl}/elsewhere` });
  const error = await failureOf(connection);
  assertAppError(error, "LLM_HTTP", /HTTP 404.*base URL is Ollama's/);
});

Deno.test("ollamaLlm() says that Ollama is not running where nothing listens", async () => {
  const server = startOllamaServer();
  await server.close();
  const error = await failureOf(ollamaConnectionTo(server));
  assertAppError(error, "LLM_UNREACHABLE", /Ollama is not running there.*"ollama serve"/);
});

Deno.test("ollamaLlm() ends with LLM_TIMEOUT when no headers come", async () => {
  const said: Reply = { text: "late", mood: "slow_headers", delayMs: 2_000 };
  const { error } = await askOllama({ replies: [said] }, { timeoutMs: 60 });
  assertAppError(error, "LLM_TIMEOUT", /has not answered for 60 ms.*loading the model/);
});

Deno.test("ollamaLlm() asks for a whole answer after two broken streams", async () => {
  const broken: Reply = { text: "Half of it", mood: "cut" };
  const { reply, requests } = await askOllama({ replies: [broken, broken, { text: "Whole" }] }, {
    maxRetries: 4,
  });
  assert.equal(reply?.content, "Whole");
  assert.deepEqual(requests.map(({ body }) => body.stream), [true, true, false]);
});

for (const mood of ["stall", "slow_headers"] as const) {
  Deno.test(`ollamaLlm() ends with ENGINE_ABORTED on abort during ${mood}`, async () => {
    const stop = new AbortController();
    const replies: Reply[] = [{ text: "Half of it", mood, delayMs: 5_000 }];
    setTimeout(() => stop.abort(), 60);
    const { error, retries } = await askOllama({ replies }, { maxRetries: 3 }, {
      signal: stop.signal,
    });
    assertAppError(error, "ENGINE_ABORTED", /stopped/);
    assert.deepEqual(retries, []);
  });
}

Deno.test("ollamaLlm() never shows the key that a server echoes", async () => {
  const said: Reply = { mood: "status", status: 400, error: "Bad my-secret-key" };
  const { error } = await askOllama({ replies: [said] }, { apiKey: "my-secret-key" });
  assertAppError(error, "LLM_HTTP", /"Bad \*\*\*"/);
});

// Prompts that are too long. The server takes four characters for a token.
const RULE = "Read the whole file before you write a single line of the answer. ";

function conversation(rules: number, turns: number): ChatMessage[] {
  const first: ChatMessage[] = [
    { role: "system", content: RULE.repeat(rules) },
    { role: "user", content: "Begin" },
  ];
  const rest = Array.from({ length: turns }, (_, turn): ChatMessage[] => [
    { role: "assistant", content: `Turn ${turn} is done. `.repeat(10) },
    { role: "user", content: "Go on" },
  ]);
  return [...first, ...rest.flat()];
}

Deno.test("ollamaLlm() passes on that a prompt is too long for a server that refuses it", async () => {
  const options: OllamaOptions = { replies: [{ text: "never" }], windowTokens: 1_000 };
  const { error, waits } = await askOllama(options, { maxRetries: 3 }, {
    messages: conversation(200, 0),
  });
  assertAppError(error, "CONTEXT_TOO_LARGE", /: "request \(\d+ tokens\) exceeds.*\(1000 tokens\)/);
  assert.deepEqual(waits, []);
});

Deno.test("ollamaLlm() throws the answer to a prompt away whose front the server has cut", async () => {
  const { error, requests, waits } = await askOllama(
    { reply: () => ({ text: "I know no rules" }), windowTokens: 2_000, tooLong: "cut" },
    { maxRetries: 3 },
    { messages: conversation(150, 0), tools: [] },
  );
  assertAppError(
    error,
    "LLM_PROMPT_TRUNCATED",
    /model "test-model": of about 3,\d{3} tokens it read 1,000, although.* 8,000\. .*"ollama ps"/,
  );
  assert.equal((error as AppError).details?.readTokens, 1_000);
  assert.deepEqual(waits, []);
  assert.equal(requests.length, 2);
  assert.deepEqual(requests[1]?.body.options, { num_ctx: 8_000, num_predict: 1 });
});

Deno.test("ollamaLlm() notices that less was read than of the conversation so far", async () => {
  const { outcomes } = await askOllama(
    { reply: () => ({ text: "ok" }), windowTokens: 2_000, tooLong: "cut" },
    {},
    { messages: conversation(116, 0), tools: [] },
    { messages: conversation(116, 2), tools: [] },
  );
  assert.equal(outcomes[0]?.reply?.usage?.inputTokens, 1_924);
  const error = outcomes[1]?.error;
  assertAppError(error, "LLM_PROMPT_TRUNCATED", /of at least 1,924 tokens it read 1,000/);
});

Deno.test("ollamaLlm() needs no second request where the server tells the cached part", async () => {
  const { error, requests } = await askOllama(
    {
      reply: () => ({ text: "ok" }),
      windowTokens: 2_000,
      tooLong: "cut",
      counting: "all_told",
    },
    {},
    { messages: conversation(150, 0), tools: [] },
  );
  assertAppError(error, "LLM_PROMPT_TRUNCATED", /it read 1,000/);
  assert.equal(requests.length, 1);
});

for (const counting of ["all", "all_told", "new", "new_or_none"] as const) {
  Deno.test(`ollamaLlm() does not take a cached prompt for a cut one where ${counting} is counted`, async () => {
    const { outcomes } = await askOllama(
      { reply: () => ({ text: "ok" }), counting },
      {},
      { messages: conversation(150, 0) },
      { messages: conversation(150, 0) },
      { messages: conversation(150, 1) },
      { messages: conversation(150, 2) },
      { messages: conversation(150, 3) },
    );
    assert.deepEqual(outcomes.map(({ error }) => error), Array(5).fill(undefined));
  });
}

Deno.test("ollamaLlm() asks again only once to learn that a server counts what is new", async () => {
  const { requests } = await askOllama(
    { reply: () => ({ text: "ok" }), counting: "new" },
    {},
    { messages: conversation(150, 0) },
    { messages: conversation(150, 2) },
    { messages: conversation(150, 4) },
  );
  assert.deepEqual(
    requests.map(({ body }) => body.options?.num_predict),
    [undefined, undefined, 1, undefined],
  );
});

Deno.test("ollamaLlm() says that a prompt fills the window and leaves no room for an answer", async () => {
  const request = { messages: conversation(50, 0), tools: [] };
  const { reply } = await askOllama({ replies: [{ text: "ok" }] }, {}, request);
  const contextWindowTokens = reply?.usage?.inputTokens ?? 0;
  const { error } = await askOllama({ replies: [{ text: "" }] }, { contextWindowTokens }, request);
  assertAppError(
    error,
    "LLM_PROMPT_TRUNCATED",
    /fills the context window.*Choose a larger context/,
  );
});

async function failureOf(connection: OllamaConnection): Promise<unknown> {
  return await ollamaLlm(connection, hastyClock()).complete(recordingRequest().request)
    .catch((thrown: unknown) => thrown);
}

function assertAppError(error: unknown, code: string, message: RegExp): void {
  assert.ok(error instanceof AppError, `not an AppError: ${error}`);
  assert.equal(error.code, code);
  assert.match(error.message, message);
}
