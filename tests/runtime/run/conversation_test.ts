import assert from "node:assert/strict";
import type { ChatMessage } from "../../../schemas/conversation.ts";
import type { RunEvent, RunEventBody } from "../../../schemas/run_event.ts";
import type { ToolCall } from "../../../schemas/tool.ts";
import { consentKey, foldConversation } from "../../../runtime/run/conversation.ts";

function events(...bodies: RunEventBody[]): RunEvent[] {
  return bodies.map((body, index) => ({
    seq: index + 1,
    at: "2026-11-20T22:15:30.000Z",
    runId: "20261120-221530-abcdef",
    ...body,
  }));
}

const entered = (id: string): RunEventBody => ({
  type: "node_entered",
  node: { id, type: "step" },
  workflowId: "main",
  depth: 0,
});
const prompt = (text: string, fresh = true): RunEventBody => ({
  type: "prompt_composed",
  reason: "node",
  fresh,
  messages: [{ role: "system", content: `rules ${text}` }, { role: "user", content: text }],
});
const request: RunEventBody = {
  type: "request_sent",
  model: "m",
  digest: "0".repeat(64),
  messageCount: 1,
  estimatedTokens: 1,
};
const call = (id: string, name = "fs_write"): ToolCall => ({ id, name, arguments: "{}" });
const said = (...toolCalls: ToolCall[]): RunEventBody => ({
  type: "assistant_message",
  message: { role: "assistant", content: "", toolCalls },
  finishReason: "tool_calls",
});
const began = (callId: string, tool = "fs.write"): RunEventBody => ({
  type: "tool_call",
  callId,
  tool,
  arguments: {},
});
const answered = (callId: string, ok = true, tool = "fs.write"): RunEventBody => ({
  type: "tool_result",
  callId,
  tool,
  durationMs: 1,
  result: ok
    ? { ok: true, path: `@project/artifacts/${callId}.md` }
    : { ok: false, error: { code: "ENOENT", message: "No such file" } },
});
const fold = (...bodies: RunEventBody[]) => foldConversation(events(...bodies)).read();
const contents = (messages: readonly ChatMessage[]) => messages.map(({ content }) => content);

Deno.test("foldConversation() starts anew at a fresh prompt", () => {
  const { messages } = fold(
    entered("a"),
    prompt("one"),
    request,
    said(),
    entered("b"),
    prompt("two"),
  );
  assert.deepEqual(contents(messages), ["rules two", "two"]);
});

Deno.test("foldConversation() keeps one growing conversation, with the system messages of the present node", () => {
  const { messages } = fold(entered("a"), prompt("one"), request, said(), prompt("two", false));
  assert.deepEqual(contents(messages), ["rules two", "one", "", "two"]);
});

Deno.test("foldConversation() tells which calls finished, which began and which never did", () => {
  const read = fold(
    entered("a"),
    prompt("one"),
    request,
    said(call("1"), call("2"), call("3")),
    began("1"),
    answered("1"),
    began("2"),
  );
  assert.deepEqual(read.pending.map((item) => [item.call.id, item.begun]), [["2", true], [
    "3",
    false,
  ]]);
  assert.equal(read.finishedCalls, 1);
  assert.deepEqual(read.finished.map(({ tool }) => tool), ["fs.write"]);
});

Deno.test("foldConversation() keeps an answer and a decision that were given before the process ended", () => {
  const read = fold(
    entered("a"),
    said(call("1", "ui_ask_user"), call("2")),
    began("1", "ui.ask_user"),
    { type: "question_asked", callId: "1", question: { question: "Which?", kind: "text" } },
    { type: "question_answered", callId: "1", answer: "this", by: "person" },
    {
      type: "approval_requested",
      approval: { callId: "2", tool: "fs.write", arguments: {}, path: "@project/x" },
    },
    {
      type: "approval_decided",
      callId: "2",
      decision: { decision: "allow", scope: "run" },
      by: "person",
    },
  );
  assert.deepEqual(read.pending.map(({ answer, decision }) => [answer, decision?.decision]), [
    ["this", undefined],
    [undefined, "allow"],
  ]);
  assert.ok(read.allowedForRun.has(consentKey("fs.write", "@project/x")));
});

Deno.test("foldConversation() counts equal failures in a visit and forgets them after input or resume", () => {
  const failing = [said(call("1")), began("1"), answered("1", false)];
  const twice = [entered("a"), ...failing, ...failing];
  assert.deepEqual([...fold(...twice).failures.values()], [2]);
  assert.equal(fold(...twice, { type: "user_input", forNodeId: "a", text: "x" }).failures.size, 0);
  assert.equal(fold(...twice, entered("b")).failures.size, 0);
  const resumed: RunEventBody = { type: "run_resumed", finishedCalls: 2, interruptedCalls: [] };
  assert.equal(fold(...twice, resumed).failures.size, 0);
});

Deno.test("foldConversation() grants a resumed run its turns again but numbers them on", () => {
  const resumed: RunEventBody = { type: "run_resumed", finishedCalls: 0, interruptedCalls: [] };
  const read = fold(
    entered("a"),
    prompt("one"),
    request,
    said(),
    request,
    said(),
    resumed,
    request,
  );
  assert.deepEqual([read.totalTurns, read.turns, read.turnsInNode], [3, 1, 1]);
  assert.equal(read.briefDue, true);
  assert.equal(fold(entered("a"), resumed, prompt("again", false)).briefDue, false);
});

Deno.test("foldConversation() marks the node as left once it is completed, until the next is entered", () => {
  assert.equal(fold(entered("a"), { type: "node_completed", next: "b" }).nodeLeft, true);
  const next = fold(entered("a"), { type: "node_completed", next: "b" }, entered("b"));
  assert.equal(next.nodeLeft, false);
  assert.deepEqual(next.openNode, { nodeId: "b", workflowId: "main" });
});
