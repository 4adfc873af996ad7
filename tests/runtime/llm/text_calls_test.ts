// Calls written as text: each shape that local models use, and texts that are no calls.
import assert from "node:assert/strict";
import { findTextCalls } from "../../../runtime/llm/text_calls.ts";
import { TOOLS } from "./served_model.ts";
import { PATIENCE_MS } from "../../patience.ts";

const READ = { path: "@project/a.md" };
const WRITE = { path: "b.json", content: '{"n": 1}' };

interface Row {
  readonly shape: string;
  readonly text: string;
  readonly calls: readonly [string, unknown][];
  readonly content?: string;
}

const ROWS: readonly Row[] = [
  {
    shape: "<tool_call> of Hermes and Qwen",
    text:
      'Reading.\n<tool_call>\n{"name": "fs_read", "arguments": {"path": "@project/a.md"}}\n</tool_call>',
    calls: [["fs_read", READ]],
    content: "Reading.",
  },
  {
    shape: "two <tool_call>",
    text:
      '<tool_call>{"name":"fs_read","arguments":{"path":"@project/a.md"}}</tool_call>\n<tool_call>{"name":"fs_write","arguments":{"path":"b.json","content":"{\\"n\\": 1}"}}</tool_call>',
    calls: [["fs_read", READ], ["fs_write", WRITE]],
  },
  {
    shape: "<tool_call> that is not closed",
    text: '<tool_call>{"name":"fs_read","arguments":{"path":"@project/a.md"}',
    calls: [["fs_read", READ]],
  },
  {
    shape: "<tool_calls> with a list",
    text: '<tool_calls>[{"name":"fs_read","arguments":{"path":"@project/a.md"}}]</tool_calls>',
    calls: [["fs_read", READ]],
  },
  {
    shape: "<tool_call> with arguments as text",
    text:
      '<tool_call>{"name":"fs_read","arguments":"{\\"path\\":\\"@project/a.md\\"}"}</tool_call>',
    calls: [["fs_read", READ]],
  },
  {
    shape: "<tool_call> with a nested function",
    text:
      '<tool_call>{"type":"function","function":{"name":"fs_read","arguments":{"path":"@project/a.md"}}}</tool_call>',
    calls: [["fs_read", READ]],
  },
  {
    shape: "<tool_call> with a trailing comma and a dotted name",
    text: '<tool_call>{"name":"fs.read","arguments":{"path":"@project/a.md",},}</tool_call>',
    calls: [["fs_read", READ]],
  },
  {
    shape: "XML of Qwen Coder",
    text:
      '<tool_call>\n<function=fs_write>\n<parameter=path>\nb.json\n</parameter>\n<parameter=content>\n{"n": 1}\n</parameter>\n</function>\n</tool_call>',
    calls: [["fs_write", WRITE]],
  },
  {
    shape: "XML of Qwen Coder with a number and without the outer tag",
    text:
      "I look.\n<function=fs_read>\n<parameter=path>\n@project/a.md\n</parameter>\n<parameter=startLine>\n3\n</parameter>\n</function>",
    calls: [["fs_read", { path: "@project/a.md", startLine: 3 }]],
    content: "I look.",
  },
  {
    shape: "XML of Qwen Coder without end tags of parameters",
    text: '<function=fs_write>\n<parameter=path>b.json\n<parameter=content>{"n": 1}\n</function>',
    calls: [["fs_write", WRITE]],
  },
  {
    shape: "<function=name>{…}</function> of Llama",
    text: '<function=fs_read>{"path": "@project/a.md"}</function>',
    calls: [["fs_read", READ]],
  },
  {
    shape: "<arg_key> of GLM",
    text:
      "<tool_call>fs_read\n<arg_key>path</arg_key>\n<arg_value>@project/a.md</arg_value>\n</tool_call>",
    calls: [["fs_read", READ]],
  },
  {
    shape: "[TOOL_CALLS] with a list",
    text: '[TOOL_CALLS] [{"name": "fs_read", "arguments": {"path": "@project/a.md"}}]',
    calls: [["fs_read", READ]],
  },
  {
    shape: "[TOOL_CALLS] with [ARGS]",
    text:
      '[TOOL_CALLS]fs_read[ARGS]{"path":"@project/a.md"}[TOOL_CALLS]fs_read[CALL_ID]x1[ARGS]{"path":"@project/a.md"}',
    calls: [["fs_read", READ], ["fs_read", READ]],
  },
  {
    shape: "<|python_tag|> of Llama with parameters",
    text: '<|python_tag|>{"name": "fs_read", "parameters": {"path": "@project/a.md"}}<|eom_id|>',
    calls: [["fs_read", READ]],
  },
  {
    shape: "<|python_tag|> with two calls",
    text:
      '<|python_tag|>{"name":"fs_read","parameters":{"path":"@project/a.md"}}; {"name":"fs_read","parameters":{"path":"@project/a.md"}}',
    calls: [["fs_read", READ], ["fs_read", READ]],
  },
  {
    shape: "a fence",
    text: '```json\n{"name": "fs_read", "arguments": {"path": "@project/a.md"}}\n```',
    calls: [["fs_read", READ]],
  },
  {
    shape: "a fence at the end",
    text:
      'Now I read the file:\n\n```json\n{\n  "name": "fs_read",\n  "arguments": {"path": "@project/a.md"}\n}\n```\n',
    calls: [["fs_read", READ]],
    content: "Now I read the file:",
  },
  {
    shape: "two fences",
    text:
      '```json\n{"name":"fs_read","arguments":{"path":"@project/a.md"}}\n```\n\n```json\n{"name":"fs_read","arguments":{"path":"@project/a.md"}}\n```',
    calls: [["fs_read", READ], ["fs_read", READ]],
  },
  {
    shape: "a bare object",
    text: '{"name": "fs_read", "parameters": {"path": "@project/a.md"}}',
    calls: [["fs_read", READ]],
  },
  {
    shape: "a bare object with other words for name and arguments",
    text: '{"tool": "FS-Read", "args": {"path": "@project/a.md"}}',
    calls: [["fs_read", READ]],
  },
  {
    shape: "a bare object that is not closed",
    text: '{"name": "fs_read", "arguments": {"path": "@project/a.md"}',
    calls: [["fs_read", READ]],
  },
  {
    shape: "bare objects in a row",
    text:
      '{"name":"fs_read","arguments":{"path":"@project/a.md"}}\n{"name":"fs_read","arguments":{"path":"@project/a.md"}}',
    calls: [["fs_read", READ], ["fs_read", READ]],
  },
];

for (const { shape, text, calls, content = "" } of ROWS) {
  Deno.test(`findTextCalls() reads ${shape}`, () => {
    const found = findTextCalls(text, TOOLS);
    assert.deepEqual(
      found?.calls.map((call) => [call.name, JSON.parse(call.arguments)]),
      calls,
    );
    assert.equal(found?.content, content);
  });
}

const CUT: readonly string[] = [
  '<tool_call>{"name":"fs_write","arguments":{"path":"b.md","content":"Half of the te',
  "<tool_call><function=fs_write><parameter=path>b.md</parameter><parameter=content>\nHalf of the te",
  "<tool_call>fs_write<arg_key>path</arg_key><arg_value>b.md</arg_value><arg_key>content</arg_key><arg_value>Half of the te",
];

for (const text of CUT) {
  Deno.test(`findTextCalls() leaves cut arguments open in ${JSON.stringify(text)}`, () => {
    const [call] = findTextCalls(text, TOOLS)?.calls ?? [];
    assert.equal(call?.name, "fs_write");
    assert.throws(() => JSON.parse(call?.arguments ?? "{}"));
    assert.match(call?.arguments ?? "", /Half of the te$/);
  });
}

const NO_CALLS: readonly [string, string][] = [
  ["plain prose", "I have read the file and all is well."],
  ["JSON of something else", '{"name": "Ada", "age": 36}'],
  [
    "JSON of something else in a fence",
    'The config:\n```json\n{"name": "app", "version": "1"}\n```',
  ],
  ["a tool that is not offered", '{"name": "rm_rf", "arguments": {"path": "/"}}'],
  [
    "a tag with a tool that is not offered",
    '<tool_call>{"name":"rm_rf","arguments":{}}</tool_call>',
  ],
  [
    "a call in the middle of prose",
    'To read it one calls {"name":"fs_read","arguments":{"path":"a.md"}} and then goes on.',
  ],
  [
    "a bare call behind prose",
    'A call looks so:\n{"name":"fs_read","arguments":{"path":"a.md"}}',
  ],
  [
    "a bare call before prose",
    '{"name":"fs_read","arguments":{"path":"a.md"}}\nThat is how a call looks.',
  ],
  [
    "a fence before prose",
    '```json\n{"name":"fs_read","arguments":{"path":"a.md"}}\n```\nThis is an example.',
  ],
  ["arguments that the tool does not have", '{"name":"fs_read","arguments":{"file":"a.md"}}'],
  ["arguments that lack what the tool needs", '{"name":"fs_write","arguments":{"path":"a.md"}}'],
  ["a tool's name as data", '{"name":"fs_read"}'],
  ["a list of data", '[{"name":"fs_read"},{"name":"x"}]'],
  ["code of another language", "```python\nfs_read(path='a.md')\n```"],
  ["Python that is cut off", '[fs_read(path="a.md",'],
  ["Python without names", '[fs_read("a.md")]'],
  ["an empty tag", "<tool_call></tool_call>"],
  ["nothing", ""],
];

for (const [title, text] of NO_CALLS) {
  Deno.test(`findTextCalls() leaves ${title} alone`, () => {
    assert.equal(findTextCalls(text, TOOLS), null);
  });
}

Deno.test("findTextCalls() finds nothing where no tool is offered", () => {
  assert.equal(findTextCalls('{"name":"fs_read","arguments":{"path":"a"}}', []), null);
});

const CALL = '<tool_call>{"name":"fs_read","arguments":{"path":"a"}}</tool_call>';

Deno.test("findTextCalls() reads a hundred calls, and none of a model that runs in circles", () => {
  assert.equal(findTextCalls(CALL.repeat(100), TOOLS)?.calls.length, 100);
  assert.equal(findTextCalls(CALL.repeat(101), TOOLS), null);
  const list = `[${Array(101).fill('{"name":"fs_read","arguments":{"path":"a"}}').join()}]`;
  assert.equal(findTextCalls(list, TOOLS), null);
});

Deno.test("findTextCalls() tells a call in a block that ends the answer from an example", () => {
  const block = `\`\`\`xml\n${CALL}\n\`\`\``;
  assert.equal(findTextCalls(`Look:\n${block}\nSo it is.`, TOOLS), null);
  assert.equal(findTextCalls(`Look:\n${block}\nSo it is.\n${CALL}`, TOOLS)?.calls.length, 1);
  assert.equal(findTextCalls(`I read.\n${block}\n`, TOOLS)?.content, "I read.");
  assert.equal(findTextCalls(`Write \`${CALL}\` for it.`, TOOLS), null);
});

Deno.test("findTextCalls() reads the outer call where another shape is quoted inside", () => {
  const quoted = "<function=fs_read><parameter=path>a</parameter></function>";
  const args = { path: "b.md", content: quoted };
  const outer = `<|python_tag|>${JSON.stringify({ name: "fs_write", parameters: args })}`;
  const found = findTextCalls(outer, TOOLS);
  assert.deepEqual(found?.calls.map(({ name }) => name), ["fs_write"]);
  assert.deepEqual(JSON.parse(found?.calls[0]?.arguments ?? ""), args);
});

Deno.test("findTextCalls() takes time in proportion to 1 MB of hostile text", () => {
  // A fraction of a second on a quiet machine; in the square of the length, minutes.
  const started = performance.now();
  for (
    const piece of ["<tool_call>", "<function=", "[TOOL_CALLS]", "```json\n", "{", '{"', " ", "\n"]
  ) {
    findTextCalls(piece.repeat(1_000_000 / piece.length), TOOLS);
  }
  assert.ok(performance.now() - started < PATIENCE_MS, `${performance.now() - started} ms`);
});
