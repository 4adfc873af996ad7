// Arguments of tool calls in every state in which models send them.
import assert from "node:assert/strict";
import { parseArguments } from "../../../runtime/llm/repair.ts";

const EXACT: readonly [string, Record<string, unknown>][] = [
  ['{"path":"a.md"}', { path: "a.md" }],
  ['  {"a":{"b":[1,2]}}\n', { a: { b: [1, 2] } }],
  ["{}", {}],
  ["", {}],
  ["null", {}],
  ['{"content":"line\\nline \\"quoted\\" {not json"}', {
    content: 'line\nline "quoted" {not json',
  }],
];

for (const [text, args] of EXACT) {
  Deno.test(`parseArguments() takes ${JSON.stringify(text)} as it is`, () => {
    assert.deepEqual(parseArguments(text), { ok: true, args, repaired: false });
  });
}

const MENDED: readonly [string, string, Record<string, unknown>][] = [
  ["a trailing comma", '{"path":"a.md",}', { path: "a.md" }],
  ["a missing brace", '{"path":"a.md","edit":{"x":1', { path: "a.md", edit: { x: 1 } }],
  ["a brace that is missing behind a text", '{"path":"a.md"', { path: "a.md" }],
  ["double encoding", '"{\\"path\\":\\"a.md\\"}"', { path: "a.md" }],
  ["triple encoding", JSON.stringify(JSON.stringify('{"path":"a.md"}')), { path: "a.md" }],
  ["a list round it", '[{"path":"a.md"}]', { path: "a.md" }],
  ["a fence round it", '```json\n{"path":"a.md"}\n```', { path: "a.md" }],
  ["Python quotes and words", "{'path': 'a.md', 'all': True, 'x': None}", {
    path: "a.md",
    all: true,
    x: null,
  }],
  ["bare keys", '{path: "a.md"}', { path: "a.md" }],
  ["comments", '{"path":"a.md" /* the file */}', { path: "a.md" }],
  ["raw line breaks", '{"content":"one\ntwo\n"}', { content: "one\ntwo\n" }],
  ["an apostrophe in a text", '{"content":"it\'s fine",}', { content: "it's fine" }],
  ["a tag behind it", '{"path":"a.md"}</tool_call>', { path: "a.md" }],
  ["words before it", 'Arguments: {"path":"a.md"}', { path: "a.md" }],
  ["the same object twice", '{"path":"a.md"}{"path":"a.md"}', { path: "a.md" }],
];

for (const [flaw, text, args] of MENDED) {
  Deno.test(`parseArguments() mends ${flaw}`, () => {
    assert.deepEqual(parseArguments(text), { ok: true, args, repaired: true });
  });
}

const REFUSED: readonly [string, string, RegExp][] = [
  ["a text that is cut off", '{"path":"a.md","content":"Half of the fi', /cut off.*Half of the fi/],
  ["a cut text that ends in a brace", '{"content":"function f() {}', /cut off/],
  ["a cut text that ends in an escaped quote", '{"content":"he said \\"', /cut off/],
  ["a cut text with single quotes", "{'content': 'Half of", /cut off/],
  ["a cut text inside double encoding", '"{\\"content\\":\\"Half', /cut off/],
  ["two objects", '{"path":"a.md"}{"path":"b.md"}', /hold 2 JSON objects.*once for each/],
  ["a sentence", "please read a.md", /must be one JSON object.*please read a\.md/],
  ["a number", "42", /must be one JSON object/],
  ["a list of two", '[{"a":1},{"b":2}]', /must be one JSON object/],
  ["a list of texts", '["a.md"]', /must be one JSON object/],
];

for (const [flaw, text, message] of REFUSED) {
  Deno.test(`parseArguments() refuses ${flaw} and says why`, () => {
    const parsed = parseArguments(text);
    assert.equal(parsed.ok, false);
    assert.match("message" in parsed ? parsed.message : "", message);
  });
}
