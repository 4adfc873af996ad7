// The test of a profile against a real HTTP server: a good model, and every way to be a bad one.
import assert from "node:assert/strict";
import { estimateTokens } from "../../../../runtime/llm/estimate.ts";
import type { ProbeOptions } from "../../../../runtime/llm/probe/probe_model.ts";
import { AppError } from "../../../../schemas/error.ts";
import { EXERCISES } from "../../../../schemas/profile.ts";
import type { Reply } from "../../../model_server/script.ts";
import { type Asked, askedIn, goodModel, readsOnlyTheEnd, spoiled } from "./played_model.ts";
import { failedIn, probeServed, reasonOf, type ServedProbe } from "./probe_served.ts";

const ALL = [...EXERCISES];
const CALLING: readonly Asked[] = ["one_read", "two_reads", "save_note", "workflow"];
const WITH_TOOLS = ["tool_call", "parallel_tool_calls", "json_arguments", "three_nodes"];

Deno.test("probeModel() gives a good model 100 and tells each step as it is done", async () => {
  const { test, steps } = await probeServed({ server: { reply: goodModel } });
  assert.deepEqual(failedIn(test), []);
  assert.equal(test.score, 100);
  assert.equal(test.model, "test-model");
  assert.ok(Math.abs(Date.parse(test.at) - Date.now()) < 60_000);
  assert.deepEqual(steps, test.exercises);
  assert.deepEqual(steps.map(({ exercise }) => exercise), ALL);
});

Deno.test("probeModel() gives a good model 100 also where its answers are odd but readable", async () => {
  const reply = spoiled("all", (right) => ({ ...right, mood: "no_ids", reasoning: "Well then" }));
  const { test } = await probeServed({ server: { reply } });
  assert.deepEqual(failedIn(test), []);
});

Deno.test("probeModel() asks the same of the same model each time", async () => {
  const first = await probeServed({ server: { reply: goodModel } });
  const second = await probeServed({ server: { reply: goodModel } });
  const bodies = ({ requests }: typeof first) =>
    requests.map(({ body }) => JSON.stringify(body).replace(/call_\w+/g, "call"));
  assert.deepEqual(bodies(first), bodies(second));
});

for (
  const { contextWindowTokens, atLeast, atMost } of [
    { contextWindowTokens: 2_000, atLeast: 1_300, atMost: 1_400 },
    { contextWindowTokens: 8_000, atLeast: 5_500, atMost: 5_600 },
    { contextWindowTokens: 200_000, atLeast: 23_900, atMost: 24_000 },
  ]
) {
  Deno.test(`probeModel() fills a window of ${contextWindowTokens} to 70 %, with the code word at its head`, async () => {
    const { test, requests } = await probeServed({
      server: { reply: goodModel },
      connection: { contextWindowTokens },
    });
    const [asked] = requests.filter((request) => askedIn(request) === "code_word");
    const messages = (asked?.body.messages ?? [])
      .map(({ content }) => ({ role: "user" as const, content: content ?? "" }));
    const tokens = estimateTokens(messages, []);
    assert.ok(tokens >= atLeast && tokens <= atMost, `${tokens}`);
    assert.match(messages[0]?.content ?? "", /^The code word is [a-z]+-[a-z]+-\d{4}\./);
    assert.equal(reasonOf(test, "long_prompt").includes(`${tokens} tokens`), true);
  });
}

interface BadModel extends ServedProbe {
  readonly title: string;
  readonly failed: readonly string[];
  readonly score: number;
  /** Exercise → what its reason says. */
  readonly reasons: Readonly<Record<string, RegExp>>;
}

const inText = ({ toolCalls = [] }: Reply): Reply => ({
  text: toolCalls.map((call) => `<tool_call>${JSON.stringify(call)}</tool_call>`).join("\n"),
});

const leakingChannel = ({ toolCalls = [] }: Reply): Reply => ({
  toolCalls: toolCalls.map((call) => ({ ...call, name: `${call.name}<|channel|>json` })),
});

/** Puts the JSON text of a call's arguments in place of the arguments. */
const withArguments = (change: (json: string) => string) => ({ toolCalls = [] }: Reply): Reply => ({
  toolCalls: toolCalls.map(({ name, arguments: args }) => ({
    name,
    arguments: change(JSON.stringify(args)),
  })),
});

/** Longer than one word, since an answer that has come whole may stall behind its end. */
const stalling = (reply: Reply): Reply => ({
  ...reply,
  ...(reply.text && { text: `The answer to your question is ${reply.text}` }),
  mood: "stall",
});

const noTools: Reply = {
  mood: "status",
  status: 400,
  error: { message: "test-model does not support tools" },
};
const noModel: Reply = {
  mood: "status",
  status: 404,
  error: { message: 'model "test-model" not found, try pulling it first' },
};

const BAD_MODELS: readonly BadModel[] = [
  {
    title: "that answers in words instead of calling tools",
    server: { reply: spoiled(CALLING, () => ({ text: "Sure, I shall read the file." })) },
    failed: WITH_TOOLS,
    score: 40,
    reasons: {
      tool_call: /answered "Sure, I shall read the file\." instead of calling .*can call tools/,
      parallel_tool_calls: /instead of calling the tool: choose a model that can call tools/,
      json_arguments: /instead of calling the tool: choose a model that can call tools/,
      three_nodes: /At node "gather" of gather → weigh → seal it answered twice in words/,
    },
  },
  {
    title: "whose server refuses tools",
    server: { reply: spoiled(CALLING, () => noTools) },
    failed: WITH_TOOLS,
    score: 40,
    reasons: Object.fromEntries(
      WITH_TOOLS.map((name) => [name, /Choose a model that can call tools; "test-model" cannot/]),
    ),
  },
  {
    title: "that writes its calls as text",
    server: { reply: spoiled(CALLING, inText) },
    failed: ["tool_call", "json_arguments"],
    score: 70,
    reasons: {
      tool_call: /right only after mending \(Read the call of fs_read from the answer's text/,
      json_arguments: /right only after mending \(Read the call of save_note/,
    },
  },
  {
    title: "whose template leaks into the names of tools",
    server: { reply: spoiled(CALLING, leakingChannel) },
    failed: ["tool_call", "json_arguments"],
    score: 70,
    reasons: {
      tool_call: /right only after mending \(.*fs_read<\|channel\|>json.*own chat template/,
      json_arguments: /right only after mending \(.*save_note<\|channel\|>json/,
    },
  },
  {
    title: "that calls with another argument",
    server: {
      reply: spoiled(["one_read"], withArguments((json) => json.replace("harbour", "Harbour"))),
    },
    failed: ["tool_call"],
    score: 80,
    reasons: { tool_call: /called "fs_read" with .*Harbour-17.* instead of .*harbour-17/ },
  },
  {
    title: "that calls twice where one call was asked for",
    server: {
      reply: spoiled(["one_read"], ({ toolCalls = [] }) => ({
        toolCalls: [...toolCalls, ...toolCalls],
      })),
    },
    failed: ["tool_call"],
    score: 80,
    reasons: { tool_call: /made 2 calls where one was asked for: choose/ },
  },
  {
    title: "that makes one call at a time",
    server: {
      reply: spoiled(CALLING, ({ toolCalls = [] }) => ({ toolCalls: toolCalls.slice(0, 1) })),
    },
    failed: ["parallel_tool_calls"],
    score: 95,
    reasons: { parallel_tool_calls: /one call at a time: runs work but take more turns/ },
  },
  {
    title: "that reads one of two files twice",
    server: {
      reply: spoiled(["two_reads"], withArguments((json) => json.replace("south", "north"))),
    },
    failed: ["parallel_tool_calls"],
    score: 95,
    reasons: { parallel_tool_calls: /made 2 calls, but not one for each of the two files/ },
  },
  {
    title: "whose server silently cuts the front of a prompt",
    server: { reply: readsOnlyTheEnd(4_096) },
    failed: ["long_prompt"],
    score: 80,
    reasons: {
      long_prompt:
        /read only the last 1024 of about 55\d\d tokens: set its context window to 8000 \(Ollama: num_ctx/,
    },
  },
  {
    title: "whose server cuts the front and does not count",
    server: {
      reply: (request) => ({ ...readsOnlyTheEnd(4_096)(request), mood: "no_usage" }),
    },
    failed: ["long_prompt"],
    score: 80,
    reasons: {
      long_prompt:
        /answered "I know of no code word" .* may have cut the prompt, so set its context window/,
    },
  },
  {
    title: "that forgets what it has read",
    server: {
      reply: spoiled(["code_word"], () => ({
        text: "tea",
        usage: { promptTokens: 5_400, completionTokens: 1 },
      })),
    },
    failed: ["long_prompt"],
    score: 80,
    reasons: { long_prompt: /answered "tea" .* read 5400: set a smaller context window/ },
  },
  {
    title: "whose server refuses a long prompt",
    server: { reply: spoiled(["code_word"], () => ({ mood: "context_too_long" })) },
    failed: ["long_prompt"],
    score: 80,
    reasons: {
      long_prompt: /longer than .* can take .*Set the context window to the server's own/,
    },
  },
  {
    title: "that writes JSON which can be mended",
    server: { reply: spoiled(["save_note"], withArguments((json) => json.replace(/}$/, ",}"))) },
    failed: ["json_arguments"],
    score: 90,
    reasons: { json_arguments: /right only after mending \(Mended the arguments of save_note/ },
  },
  {
    title: "that writes JSON which cannot be mended",
    server: { reply: spoiled(["save_note"], withArguments((json) => json.slice(0, 60))) },
    failed: ["json_arguments"],
    score: 90,
    reasons: { json_arguments: /broken JSON that cannot be mended: choose a larger model/ },
  },
  {
    title: "that loses backslashes",
    server: {
      reply: spoiled(["save_note"], withArguments((json) => json.replaceAll("\\\\", "/"))),
    },
    failed: ["json_arguments"],
    score: 90,
    reasons: { json_arguments: /argument "content" came back as .* not as it was given/ },
  },
  {
    title: "that flattens a nested list",
    server: {
      reply: spoiled(["save_note"], withArguments((json) => json.replace(",[]]", "]"))),
    },
    failed: ["json_arguments"],
    score: 90,
    reasons: { json_arguments: /argument "tags" came back as \[\["tea"/ },
  },
  {
    title: "that skips nodes",
    server: {
      reply: spoiled(
        ["workflow"],
        () => ({ toolCalls: [{ name: "state_complete_node", arguments: { nodeId: "seal" } }] }),
      ),
    },
    failed: ["three_nodes"],
    score: 75,
    reasons: {
      three_nodes: /After 8 turns .* "gather" .*tried to jump from "gather" to "seal": choose/,
    },
  },
  {
    title: "that completes nodes without reading their steps",
    server: {
      reply: spoiled(["workflow"], (_, { nodeId = "" }) => ({
        toolCalls: [{ name: "state_complete_node", arguments: { nodeId } }],
      })),
    },
    failed: ["three_nodes"],
    score: 75,
    reasons: { three_nodes: /After 8 turns it was still at node "gather" of gather → weigh/ },
  },
  {
    title: "that answers in one piece",
    server: {
      reply: spoiled("all", (reply) => ({ ...reply, reasoning: "Well then", oneChunk: true })),
    },
    failed: ["streaming"],
    score: 90,
    reasons: {
      streaming: /in one piece: runs work, but show nothing until .* switch streaming on/,
    },
  },
  {
    title: "that streams only until it breaks off",
    server: {
      reply: spoiled(
        ["numbers"],
        (reply, { number }) =>
          number === 0 ? { ...reply, mood: "cut" } : { ...reply, oneChunk: true },
      ),
    },
    connection: { maxRetries: 1 },
    failed: ["streaming"],
    score: 90,
    reasons: { streaming: /came in one piece/ },
  },
  {
    title: "that says nothing",
    server: { reply: spoiled(["numbers"], () => ({})) },
    failed: ["streaming"],
    score: 90,
    reasons: { streaming: /answered a simple question with nothing: check/ },
  },
  {
    title: "that stalls",
    server: { reply: spoiled("all", stalling) },
    connection: { idleTimeoutMs: 60 },
    failed: ALL.slice(2),
    score: 10,
    reasons: Object.fromEntries(
      ALL.slice(2).map((name) => [name, /has sent nothing more for 60 ms.* try a smaller model/]),
    ),
  },
  {
    title: "whose server breaks off one answer but is still there",
    server: { reply: spoiled(["two_reads"], (reply) => ({ ...reply, mood: "cut" })) },
    failed: ["parallel_tool_calls"],
    score: 95,
    reasons: { parallel_tool_calls: /was lost in the middle of the answer/ },
  },
  {
    title: "whose server denies everything",
    server: { reply: goodModel, apiKey: "another" },
    failed: ALL,
    score: 0,
    reasons: { reachable: /Incorrect API key/, three_nodes: /Not tried.*"reachable" failed/ },
  },
  {
    title: "whose server lists its models but denies answers",
    server: {
      reply: () => ({ mood: "status", status: 401, error: { message: "No credit" } }),
    },
    failed: ALL.slice(2),
    score: 0,
    reasons: {
      streaming: /denies access \(HTTP 401\): "?No credit.*Check that the API key is right/,
      tool_call: /Not tried, .* "streaming" failed/,
    },
  },
  {
    title: "that the server does not have",
    server: { reply: () => noModel, models: ["nomic-embed", "test-model-2", "llama"] },
    failed: ALL.slice(1),
    score: 0,
    reasons: {
      model_present:
        /does not have "test-model"; the nearest .* "test-model-2": use that, or load the model there$/,
      streaming: /Not tried, .* "model_present" failed/,
    },
  },
  {
    title: "that a server without a list does not have",
    server: { reply: () => noModel, models: [] },
    failed: ALL.slice(1),
    score: 0,
    reasons: { model_present: /Check the name of the model "test-model"/ },
  },
];

for (const { title, failed, score, reasons, ...served } of BAD_MODELS) {
  Deno.test(`probeModel() says what is wrong with a model ${title}`, async () => {
    const { test } = await probeServed(served);
    assert.deepEqual(failedIn(test), failed);
    assert.equal(test.score, score);
    for (const [exercise, reason] of Object.entries(reasons)) {
      assert.match(reasonOf(test, exercise), reason);
    }
  });
}

const listing = (models: readonly string[]): Partial<ProbeOptions> => ({
  listModels: () => Promise.resolve(models),
});

for (
  const { list, reason } of [
    { list: ["other", "test-model"], reason: /^The server lists "test-model"$/ },
    { list: ["models/test-model"], reason: /^The server lists "test-model"$/ },
    { list: ["Test-Model:latest"], reason: /^The server lists "test-model"$/ },
    { list: [], reason: /lists no models, so it is unknown .* answers as "test-model"/ },
    { list: ["loaded.gguf"], reason: /does not list "test-model" but .* "loaded\.gguf"/ },
  ]
) {
  Deno.test(`probeModel() takes a model as present that a server lists as ${JSON.stringify(list)} and serves`, async () => {
    const { test } = await probeServed({ server: { reply: goodModel }, options: listing(list) });
    assert.equal(test.score, 100);
    assert.match(reasonOf(test, "model_present"), reason);
  });
}

Deno.test("probeModel() takes a server as reachable that has no list of models", async () => {
  const noList = new AppError("LLM_HTTP", "Not found", { details: { status: 404 } });
  const { test } = await probeServed({
    server: { reply: goodModel },
    options: { listModels: () => Promise.reject(noList) },
  });
  assert.equal(test.score, 100);
  assert.match(reasonOf(test, "reachable"), /answers, though it has no list of models/);
});

Deno.test("probeModel() sends no question to a server that cannot be reached", async () => {
  const { test, requests } = await probeServed({
    server: { reply: goodModel },
    options: { listModels: () => Promise.reject(new TypeError("connection refused")) },
  });
  assert.deepEqual([test.score, requests.length, failedIn(test).length], [0, 0, 8]);
  assert.match(reasonOf(test, "reachable"), /\(connection refused\): check that it is running/);
});

Deno.test("probeModel() ends when the server is lost on the way", async () => {
  const lists: (() => Promise<string[]>)[] = [
    () => Promise.resolve(["test-model"]),
    () => Promise.reject(new TypeError("connection refused")),
  ];
  const { test, requests } = await probeServed({
    server: { reply: spoiled(["one_read"], (reply) => ({ ...reply, mood: "cut" })) },
    options: { listModels: () => lists.shift()?.() ?? Promise.reject(new Error("asked again")) },
  });
  assert.equal(test.score, 0);
  assert.deepEqual(failedIn(test), ALL.slice(3));
  assert.match(reasonOf(test, "long_prompt"), /Not tried, .* "tool_call" failed/);
  assert.equal(requests.length, 2);
});

Deno.test("probeModel() lets a model put a refused call right within its turns", async () => {
  let jumped = false;
  const reply = spoiled(["workflow"], (right) => {
    if (jumped) return right;
    jumped = true;
    const args = { nodeId: "gather", next: "seal", variables: { harbour: "Lindisfarne" } };
    return { toolCalls: [{ name: "state_complete_node", arguments: args }] };
  });
  const { test } = await probeServed({ server: { reply } });
  assert.equal(reasonOf(test, "three_nodes"), "It completed three nodes in order, in 7 turns");
});

Deno.test("probeModel() goes on after one reminder and drops calls behind a completed node", async () => {
  let reminded = false;
  const reply = spoiled(["workflow"], (right, { nodeId }) => {
    if (!reminded) {
      reminded = true;
      return { text: "The node is done." };
    }
    const [call] = right.toolCalls ?? [];
    if (call?.name !== "state_complete_node" || nodeId !== "gather") return right;
    const args = { nodeId: "weigh", next: "seal", variables: { crates: "seventeen" } };
    return { toolCalls: [call, { name: "state_complete_node", arguments: args }] };
  });
  const { test } = await probeServed({ server: { reply } });
  assert.equal(reasonOf(test, "three_nodes"), "It completed three nodes in order, in 7 turns");
});

Deno.test("probeModel() throws ENGINE_ABORTED when it is stopped in the middle of an answer", async () => {
  const stop = new AbortController();
  const reply = spoiled(["one_read"], (right) => {
    setTimeout(() => stop.abort(), 20);
    return { ...right, mood: "stall" };
  });
  await assert.rejects(
    probeServed({ server: { reply }, options: { signal: stop.signal } }),
    { code: "ENGINE_ABORTED" },
  );
});
