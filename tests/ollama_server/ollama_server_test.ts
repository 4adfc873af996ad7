// The server itself, by plain requests, so that a failing adapter is not its own witness.
import assert from "node:assert/strict";
import { startOllamaServer } from "./ollama_server.ts";
import type { OllamaOptions } from "./script.ts";

const MESSAGES = [{ role: "user", content: "word ".repeat(800) }];

async function chat(options: OllamaOptions, body: Record<string, unknown>, times = 1) {
  await using server = startOllamaServer({ reply: () => ({ text: "Well said" }), ...options });
  let status = 0;
  let text = "";
  for (let time = 0; time < times; time += 1) {
    const response = await fetch(`${server.baseUrl}/api/chat`, {
      method: "POST",
      body: JSON.stringify({ model: "test-model", messages: MESSAGES, ...body }),
    });
    status = response.status;
    text = await response.text();
  }
  return { status, lines: text.trim().split("\n").map((line) => JSON.parse(line)) };
}

Deno.test("startOllamaServer() streams lines of which only the last is done and counts", async () => {
  const { lines } = await chat({}, { options: { num_ctx: 2_000 } });
  assert.deepEqual(
    lines.map(({ message, done, prompt_eval_count }) => [message.content, done, prompt_eval_count]),
    [["Well ", false, undefined], ["said", false, undefined], ["", true, 1_006]],
  );
});

Deno.test("startOllamaServer() cuts a long prompt to half of the window and says so nowhere else", async () => {
  const { status, lines } = await chat({}, { stream: false, options: { num_ctx: 1_000 } });
  assert.equal(status, 200);
  assert.deepEqual([lines[0].message.content, lines[0].prompt_eval_count], ["Well said", 500]);
});

Deno.test("startOllamaServer() refuses a long prompt where it may not cut it", async () => {
  const body = { truncate: false, options: { num_ctx: 1_000 } };
  const { status, lines } = await chat({}, body);
  assert.equal(status, 400);
  assert.match(lines[0].error, /request \(1006 tokens\) exceeds/);
  assert.equal((await chat({ tooLong: "cut" }, body)).status, 200);
});

const COUNTS: readonly [NonNullable<OllamaOptions["counting"]>, unknown, unknown][] = [
  ["all", 1_006, undefined],
  ["all_told", 1_006, 1_005],
  ["new", 1, undefined],
  ["new_or_none", undefined, undefined],
];

for (const [counting, tokens, cached] of COUNTS) {
  Deno.test(`startOllamaServer() counts ${counting} of a prompt that it has read before`, async () => {
    const { lines } = await chat({ counting }, { stream: false }, 2);
    assert.equal(lines[0].prompt_eval_count, tokens);
    assert.equal(lines[0].prompt_eval_cached_count, cached);
  });
}

Deno.test("startOllamaServer() lists, shows and names its version", async () => {
  await using server = startOllamaServer({ models: ["a:7b"], windowTokens: 4_096 });
  const read = async (path: string, model?: string) => {
    const post = { method: "POST", body: JSON.stringify({ model }) };
    return await (await fetch(`${server.baseUrl}${path}`, model ? post : {})).json();
  };
  assert.equal((await read("/api/tags")).models[0].name, "a:7b");
  assert.equal((await read("/api/version")).version, "0.33.3");
  const { capabilities, model_info } = await read("/api/show", "a:7b");
  assert.deepEqual(capabilities, ["completion", "tools"]);
  assert.equal(model_info["test.context_length"], 4_096);
  assert.match((await read("/api/show", "b")).error, /'b' not found/);
});
