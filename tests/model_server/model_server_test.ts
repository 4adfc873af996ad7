// The test model server is itself tested with a plain client, so that it is known to be right.
import assert from "node:assert/strict";
import { startModelServer } from "./model_server.ts";
import { byNode, type ModelRequest, ofScript } from "./script.ts";

const ASK = { model: "m", messages: [{ role: "user", content: "Go" }] };

function post(baseUrl: string, body: unknown, headers = {}): Promise<Response> {
  const init = { method: "POST", body: JSON.stringify(body), headers };
  return fetch(`${baseUrl}/chat/completions`, init);
}

Deno.test("startModelServer() answers whole and streamed by the protocol", async () => {
  const reply = { text: "Hi there", toolCalls: [{ name: "fs_read", arguments: { path: "a" } }] };
  await using server = startModelServer({ replies: [reply, reply] });
  const whole = await (await post(server.baseUrl, ASK)).json();
  assert.deepEqual(whole.choices[0].message, {
    role: "assistant",
    content: "Hi there",
    tool_calls: [
      {
        id: "call_0_1",
        type: "function",
        function: { name: "fs_read", arguments: '{"path":"a"}' },
      },
    ],
  });
  assert.equal(whole.choices[0].finish_reason, "tool_calls");
  const stream = await post(server.baseUrl, {
    ...ASK,
    stream: true,
    stream_options: { include_usage: true },
  });
  const events = (await stream.text()).trimEnd().split("\n\n");
  assert.equal(stream.headers.get("content-type"), "text/event-stream");
  assert.equal(events.at(-1), "data: [DONE]");
  assert.match(events.at(-2) ?? "", /"choices":\[\],"usage":\{"prompt_tokens":10/);
});

Deno.test("startModelServer() lists models, wants its key, and knows no other path", async () => {
  await using server = startModelServer({ models: ["a", "b"], apiKey: "k" });
  const headers = { authorization: "Bearer k" };
  const models = await (await fetch(`${server.baseUrl}/models`, { headers })).json();
  assert.deepEqual(models.data.map(({ id }: { id: string }) => id), ["a", "b"]);
  const denied = await post(server.baseUrl, ASK);
  const unknown = await fetch(`${server.baseUrl}/completions`, { method: "POST", headers });
  assert.deepEqual([denied.status, unknown.status], [401, 404]);
  await Promise.all([denied.body?.cancel(), unknown.body?.cancel()]);
});

Deno.test("startModelServer() records requests and answers by function", async () => {
  const reply = ({ number, body }: ModelRequest) => ({ text: `${number} ${body.model}` });
  await using server = startModelServer({ reply });
  const first = await (await post(server.baseUrl, ASK, { "x-test": "1" })).json();
  assert.equal(first.choices[0].message.content, "0 m");
  assert.equal(server.requests[0]?.headers.get("x-test"), "1");
  assert.deepEqual(server.requests[0]?.body.messages, ASK.messages);
});

Deno.test("startModelServer() says so when its replies are used up", async () => {
  await using server = startModelServer();
  const response = await post(server.baseUrl, ASK);
  assert.equal(response.status, 400);
  assert.match(await response.text(), /no reply for request 0/);
});

Deno.test("byNode() answers by the latest NODE_BRIEF, each visit going on in the list", async () => {
  const reply = byNode({ a: [{ text: "a1" }, { text: "a2" }], b: [{ text: "b1" }] });
  await using server = startModelServer({ reply });
  const ask = async (...ids: string[]) => {
    const messages = ids.map((id) => ({
      role: "user",
      content: `RUN_DIRECTIVE\n{}\n\nNODE_BRIEF\n${JSON.stringify({ node: { id } }, null, 2)}`,
    }));
    const answer = await (await post(server.baseUrl, { ...ASK, messages })).json();
    return answer.choices?.[0].message.content;
  };
  assert.deepEqual(
    [await ask("a"), await ask("a", "b"), await ask("a"), await ask("b")],
    ["a1", "b1", "a2", undefined],
  );
});

Deno.test("ofScript() falls back to the replies in order", () => {
  const reply = ofScript({ nodes: { a: [{ text: "a" }] }, replies: [{ text: "any" }] });
  const request = { number: 0, path: "", headers: new Headers(), body: {}, nodeId: "x" };
  assert.deepEqual(reply({ ...request, nodeId: "a" }), { text: "a" });
  assert.deepEqual(reply(request), { text: "any" });
  assert.equal(reply(request), undefined);
});

Deno.test("serve.ts serves a script file as a program and prints its base URL", async () => {
  const script = await Deno.makeTempFile({ suffix: ".json" });
  await Deno.writeTextFile(script, JSON.stringify({ replies: [{ text: "From a file" }] }));
  const program = new URL("./serve.ts", import.meta.url);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-net=127.0.0.1", "--allow-read", program.href, "--script", script],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await reader.read();
  const answer = await (await post(value.trim(), ASK)).json();
  assert.equal(answer.choices[0].message.content, "From a file");
  await reader.cancel();
  child.kill();
  await child.status;
  await Deno.remove(script);
});
