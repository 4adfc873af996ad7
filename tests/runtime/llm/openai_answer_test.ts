// Parts of tool calls as servers really send them, put together again.
import assert from "node:assert/strict";
import { collectAnswer } from "../../../runtime/llm/openai_answer.ts";

type Part = Record<string, unknown>;

const A = ["fs_read", '{"path":"a"}'];
const B = ["fs_read", '{"path":"b"}'];

const STREAMS: readonly [string, readonly (readonly Part[])[], readonly string[][]][] = [
  ["by the protocol", [
    [part({ index: 0, id: "1" }, "fs_read", "")],
    [part({ index: 1, id: "2" }, "fs_read", "")],
    [part({ index: 0 }, undefined, '{"path":')],
    [part({ index: 1 }, undefined, '{"path":"b"}')],
    [part({ index: 0 }, undefined, '"a"}')],
  ], [A, B]],
  ["id and name in each part", [
    [part({ index: 0, id: "1" }, "fs_read", '{"pa')],
    [part({ index: 0, id: "1" }, "fs_read", 'th":"a"}')],
    [part({ index: 0, id: "1" }, "fs_read", "")],
  ], [A]],
  ["an empty id and name in later parts", [
    [part({ index: 0, id: "1" }, "fs_read", '{"pa')],
    [part({ index: 0, id: "" }, "", 'th":"a"}')],
  ], [A]],
  ["neither index nor id", [
    [part({}, "fs_read", '{"path":"a"}')],
    [part({}, "fs_read", '{"path":"b"}')],
  ], [A, B]],
  ["neither index nor id, in parts", [
    [part({}, "fs_read", "")],
    [part({}, undefined, '{"path":"a"}')],
    [part({}, "fs_read", "")],
    [part({}, undefined, '{"path":"b"}')],
  ], [A, B]],
  ["ids without index, interleaved", [
    [part({ id: "1" }, "fs_read", "")],
    [part({ id: "2" }, "fs_read", "")],
    [part({ id: "1" }, undefined, '{"path":"a"}')],
    [part({ id: "2" }, undefined, '{"path":"b"}')],
  ], [A, B]],
  ["index 0 for all", [
    [part({ index: 0, id: "1" }, "fs_read", '{"path":"a"}')],
    [part({ index: 0, id: "2" }, "fs_read", '{"path":"b"}')],
  ], [A, B]],
  ["index 0 for all and no ids, both in one piece", [
    [part({ index: 0 }, "fs_read", '{"path":"a"}'), part({ index: 0 }, "fs_read", '{"path":"b"}')],
  ], [A, B]],
  ["index 0 for all and a first call without arguments", [
    [part({ index: 0, id: "1" }, "fs_list", "")],
    [part({ index: 0, id: "2" }, "fs_read", '{"path":"b"}')],
  ], [["fs_list", ""], B]],
  ["an index that begins at 1", [
    [part({ index: 1, id: "1" }, "fs_read", '{"path":"a"}')],
  ], [A]],
  ["arguments as an object", [
    [{ index: 0, id: "1", function: { name: "fs_read", arguments: { path: "a" } } }],
  ], [A]],
  ["parts that are empty or no objects", [
    [{}, { function: null }],
    [part({ index: 0, id: "1" }, "fs_read", '{"path":"a"}')],
    [{ index: 0 }],
  ], [A]],
];

for (const [title, deltas, expected] of STREAMS) {
  Deno.test(`collectAnswer() joins calls that come with ${title}`, () => {
    const collector = collectAnswer(() => {});
    for (const tool_calls of deltas) collector.add({ choices: [{ delta: { tool_calls } }] });
    const { calls } = collector.answer();
    assert.deepEqual(calls.map((call) => [call.name, call.arguments]), expected);
  });
}

Deno.test("collectAnswer() reads the old function_call", () => {
  const collector = collectAnswer(() => {});
  const function_call = { name: "fs_read", arguments: '{"path":"a"}' };
  collector.add({ choices: [{ message: { content: null, function_call } }] });
  assert.equal(collector.answer().calls[0]?.arguments, '{"path":"a"}');
});

Deno.test("collectAnswer() keeps what a server adds to a call", () => {
  const collector = collectAnswer(() => {});
  const call = { ...part({ index: 0, id: "1" }, "fs_read", "{}"), extra_content: { google: 1 } };
  collector.add({ choices: [{ delta: { tool_calls: [call] } }] });
  assert.deepEqual(collector.answer().calls[0]?.extras, { extra_content: { google: 1 } });
});

Deno.test("collectAnswer() reads content in parts, and a refusal as text", () => {
  const collector = collectAnswer(() => {});
  collector.add({
    choices: [{ delta: { content: [{ type: "text", text: "One" }, { image: 1 }] } }],
  });
  collector.add({ choices: [{ delta: { content: null, refusal: " no" } }] });
  assert.equal(collector.answer().content, "One no");
});

Deno.test("collectAnswer() streams reasoning once that a server sends under two names", () => {
  const streamed: string[] = [];
  const collector = collectAnswer(({ text }) => streamed.push(text));
  collector.add({ choices: [{ delta: { reasoning: "Hm", reasoning_content: "Hm" } }] });
  assert.deepEqual(streamed, ["Hm"]);
  assert.deepEqual(collector.answer().reasoning, { reasoning_content: "Hm", reasoning: "Hm" });
});

function part(place: Part, name: string | undefined, args: string): Part {
  return { ...place, function: { ...(name !== undefined && { name }), arguments: args } };
}
