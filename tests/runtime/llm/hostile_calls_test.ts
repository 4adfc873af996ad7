// A megabyte of what looks like the beginning of a call, over and over: found or not, it is quick.
import assert from "node:assert/strict";
import { repairAnswer } from "../../../runtime/llm/repair_reply.ts";
import { TOOLS } from "./served_model.ts";
import { PATIENCE_MS } from "../../patience.ts";

const PIECES = [
  '[{"name":"fs_read","arguments":{"path":"a"}},',
  '<tool_call>{"name":"fs_read","arguments":{"path":"a"}}</tool_call>',
  "<tool_call>",
  "<tool_call>{",
  '<tool_call>{"name":"fs_read","arguments":{',
  "<tool_calls>",
  "<tool_call>fs_read<arg_key>",
  "<arg_key>a</arg_key>",
  "</tool_call>",
  "<function=",
  "<function=a>",
  "<function=a><parameter=b>",
  "<tool_call><function=a><parameter=b>",
  "[TOOL_CALLS]",
  "[TOOL_CALLS]a{",
  "a[ARGS]{",
  "a[ARGS]{}",
  "<|python_tag|>",
  "<|python_tag|>a(",
  '<|python_tag|>a(b="',
  "functools[",
  "functools[{",
  "<|tool_call>",
  "<|tool_call>call:a{",
  '<|"|>',
  "<｜tool▁call▁begin｜>",
  "<｜tool▁call▁begin｜>function<｜tool▁sep｜>a{",
  "<|tool_call_begin|>a<|tool_call_argument_begin|>{",
  '<invoke name="',
  '<invoke name="a"><parameter name="b">',
  '<｜DSML｜invoke name="a">',
  "<|channel|>",
  "<|channel|>analysis<|message|>",
  "<|start|>assistant<|channel|>commentary to=functions.a <|constrain|>json<|message|>{",
  "to=functions.a json{",
  "to=functions.a ",
  "<think>",
  "<think></think>",
  "</think>\n",
  "<|channel>thought",
  "[THINK]",
  "```json\n",
  "```\n```json\n",
  "```tool_code\n",
  "~~~\n<tool_call>\n",
  "[a]{",
  "\n[a] {",
  "[",
  "[[",
  "{",
  '{"',
  '{"a":',
  "{}",
  "{},",
  "a(",
  "[a(",
  "[a(b=1),",
  "call:a{",
  '\\"',
  '"',
  "'",
  " ",
  "\n",
  "a",
  "a.",
  "\t<",
  "`<tool_call>`",
];

for (const piece of PIECES) {
  Deno.test(`repairAnswer() takes time in proportion to 1 MB of ${JSON.stringify(piece)}`, () => {
    const content = piece.repeat(1_000_000 / piece.length);
    // Milliseconds on a quiet machine; in the square of the length, many minutes.
    const started = performance.now();
    repairAnswer({ content, toolCalls: [] }, TOOLS, new Set());
    assert.ok(performance.now() - started < PATIENCE_MS, `${performance.now() - started} ms`);
  });
}
