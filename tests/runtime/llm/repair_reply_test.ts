import assert from "node:assert/strict";
import { repairAnswer } from "../../../runtime/llm/repair_reply.ts";
import { TOOLS } from "./served_model.ts";

const NO_IDS = new Set<string>();

Deno.test("repairAnswer() leaves a clean answer as it is and reports nothing", () => {
  const call = { id: "c1", name: "fs_read", arguments: '{ "path" : "a.md" }' };
  const repaired = repairAnswer({ content: "Reading.", toolCalls: [call] }, TOOLS, NO_IDS);
  assert.deepEqual(repaired, { content: "Reading.", toolCalls: [call], thinking: "", repairs: [] });
});

Deno.test("repairAnswer() takes a call from behind thoughts and reports it", () => {
  const content = '<think>I need a.md</think>\n{"name":"fs_read","arguments":{"path":"a.md"}}';
  const repaired = repairAnswer({ content, toolCalls: [] }, TOOLS, NO_IDS);
  assert.equal(repaired.content, "");
  assert.equal(repaired.thinking, "I need a.md");
  assert.equal(repaired.toolCalls[0]?.name, "fs_read");
  assert.match(repaired.toolCalls[0]?.id ?? "", /^call_/);
  assert.deepEqual(repaired.repairs, [
    "Read the call of fs_read from the answer's text (bare JSON)",
  ]);
});

Deno.test("repairAnswer() reads no calls from the text of an answer that makes some", () => {
  const content = '{"name":"fs_read","arguments":{"path":"a.md"}}';
  const call = { id: "c1", name: "fs_read", arguments: '{"path":"b.md"}' };
  const repaired = repairAnswer({ content, toolCalls: [call] }, TOOLS, NO_IDS);
  assert.deepEqual([repaired.content, repaired.toolCalls], [content, [call]]);
});

Deno.test("repairAnswer() drops a text that only repeats the calls and says so", () => {
  const call = { id: "c1", name: "fs_read", arguments: '{"path":"a.md"}' };
  const content = 'I read.\n<tool_call>{"name":"fs_read","arguments":{"path":"a.md"}}</tool_call>';
  const repaired = repairAnswer({ content, toolCalls: [call] }, TOOLS, NO_IDS);
  assert.deepEqual([repaired.content, repaired.toolCalls], ["I read.", [call]]);
  assert.deepEqual(repaired.repairs, [
    "Dropped a copy of the calls from the answer's text (<tool_call>)",
  ]);
});

Deno.test("repairAnswer() keeps a text that repeats only some of the calls it holds", () => {
  const call = { id: "c1", name: "fs_read", arguments: '{"path":"a.md"}' };
  const content =
    ["a.md", "b.md"].map((path) =>
      `<tool_call>{"name":"fs_read","arguments":{"path":"${path}"}}</tool_call>`
    ).join("") + ".";
  const repaired = repairAnswer({ content, toolCalls: [call] }, TOOLS, NO_IDS);
  assert.deepEqual([repaired.content, repaired.toolCalls], [content, [call]]);
});

Deno.test("repairAnswer() mends arguments and names and reports both", () => {
  const toolCalls = [{ id: "c1", name: "fs_read<|channel|>json", arguments: "{'path': 'a.md'}" }];
  const repaired = repairAnswer({ content: "", toolCalls }, TOOLS, NO_IDS);
  assert.deepEqual(repaired.toolCalls, [{
    id: "c1",
    name: "fs_read",
    arguments: '{"path":"a.md"}',
  }]);
  assert.equal(repaired.repairs.length, 2);
});

Deno.test("repairAnswer() leaves arguments that are cut off to whoever parses them", () => {
  const toolCalls = [{ id: "c1", name: "fs_write", arguments: '{"path":"a.md","content":"Half' }];
  const repaired = repairAnswer({ content: "", toolCalls }, TOOLS, NO_IDS);
  assert.deepEqual([repaired.toolCalls, repaired.repairs], [toolCalls, []]);
});

Deno.test("repairAnswer() replaces ids that are empty, repeated or used before", () => {
  const toolCalls = ["", "c1", "c1", "old"].map((id) => ({ id, name: "fs_read", arguments: "{}" }));
  const { toolCalls: calls } = repairAnswer({ content: "", toolCalls }, TOOLS, new Set(["old"]));
  const ids = calls.map(({ id }) => id);
  assert.equal(new Set([...ids, "old", ""]).size, 6);
  assert.equal(ids[1], "c1");
});
