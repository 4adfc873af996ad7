// The test of a profile against Ollama's own API, whose servers give smaller windows than asked for.
import assert from "node:assert/strict";
import { ollamaLlm } from "../../../../runtime/llm/ollama.ts";
import { probeModel } from "../../../../runtime/llm/probe/probe_model.ts";
import { nodeIdOf, type WireMessage } from "../../../model_server/script.ts";
import { startOllamaServer } from "../../../ollama_server/ollama_server.ts";
import type { OllamaOptions, OllamaRequest, Reply } from "../../../ollama_server/script.ts";
import { hastyClock } from "../served_model.ts";
import { ollamaConnectionTo } from "../served_ollama.ts";
import { goodModel } from "./played_model.ts";
import { failedIn, reasonOf } from "./probe_served.ts";

function playOllama({ number, path, headers, body }: OllamaRequest): Reply {
  const messages: WireMessage[] = body.messages
    .map(({ role, content }) => ({ role: role as WireMessage["role"], content }));
  const tools = (body.tools ?? []).map((tool) => ({ function: { name: tool.function.name } }));
  const asked = { number, path, headers, body: { messages, tools }, nodeId: nodeIdOf(messages) };
  const { text, toolCalls } = goodModel(asked);
  return { ...(text && { text }), ...(toolCalls && { toolCalls }) };
}

async function probeOllama(options: OllamaOptions) {
  await using server = startOllamaServer({ reply: playOllama, ...options });
  return await probeModel(ollamaLlm(ollamaConnectionTo(server), hastyClock()), {
    signal: new AbortController().signal,
    listModels: () => Promise.resolve(["test-model:latest"]),
  });
}

Deno.test("probeModel() gives a good model of Ollama 100", async () => {
  const test = await probeOllama({});
  assert.deepEqual(failedIn(test), []);
  assert.equal(test.score, 100);
});

for (
  const { tooLong, reason } of [
    { tooLong: "cut", reason: /Ollama has cut the prompt .* of about 4,\d+ tokens it read 1,000/ },
    { tooLong: "refuse", reason: /longer than .* can take/ },
  ] as const
) {
  Deno.test(`probeModel() fails the long prompt where Ollama has a smaller window, to ${tooLong} it`, async () => {
    const test = await probeOllama({ windowTokens: 2_000, tooLong });
    assert.deepEqual(failedIn(test), ["long_prompt"]);
    assert.match(reasonOf(test, "long_prompt"), reason);
  });
}
