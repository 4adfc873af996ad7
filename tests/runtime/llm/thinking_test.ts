import assert from "node:assert/strict";
import { splitThinking, thinkingSplitter } from "../../../runtime/llm/thinking.ts";

const ROWS: readonly [string, string, string, string][] = [
  ["no thoughts", "Just text", "", "Just text"],
  ["a block at the head", "<think>\nHm.\n</think>\n\nText", "Hm.", "Text"],
  ["the longer tag", "<thinking>Hm.</thinking>Text", "Hm.", "Text"],
  ["a block of Mistral", "[THINK]Hm.[/THINK]Text", "Hm.", "Text"],
  ["a block of Gemma", "<|channel>thought\nHm.\n<channel|>Text", "Hm.", "Text"],
  ["a block of Cohere", "<|START_THINKING|>Hm.<|END_THINKING|>Text", "Hm.", "Text"],
  [
    "channels",
    "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Text",
    "Hm.",
    "Text",
  ],
  ["two blocks", "<think>One. </think><think>Two.</think>Text", "One. Two.", "Text"],
  ["an empty block", "<think>\n\n</think>\nText", "", "Text"],
  ["a block that never ends", "<think>Hm, and on and on", "Hm, and on and on", ""],
  ["an end tag alone", "Hm.\n</think>\nText", "Hm.", "Text"],
  ["a block that a call ends", "<think>Hm. <tool_call>{}", "Hm.", "<tool_call>{}"],
  ["a tag in the middle of a text", "Use <think>x</think> here", "", "Use <think>x</think> here"],
  ["an end tag inside a line", "The tag </think> ends it", "", "The tag </think> ends it"],
  ["a tag in a later line", "a\n<think>b</think>\nc", "", "a\n<think>b</think>\nc"],
];

for (const [title, text, thinking, content] of ROWS) {
  Deno.test(`splitThinking() splits ${title}`, () => {
    assert.deepEqual(splitThinking(text), { thinking, content });
  });
}

Deno.test("thinkingSplitter() finds the tags however the text is cut into pieces", () => {
  const text = "<think>Some <b> thought</think>\nThe answer < 5";
  for (let size = 1; size <= text.length; size += 1) {
    const splitter = thinkingSplitter();
    const pieces = text.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
    const deltas = [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.end()];
    const join = (kind: string) =>
      deltas.filter((delta) => delta.kind === kind).map((delta) => delta.text).join("");
    assert.deepEqual([join("reasoning"), join("text")], ["Some <b> thought", "The answer < 5"]);
  }
});

Deno.test("thinkingSplitter() releases a text as soon as it cannot be a tag", () => {
  const splitter = thinkingSplitter();
  assert.deepEqual(splitter.push("<thi"), []);
  assert.deepEqual(splitter.push("s is it"), [{ kind: "text", text: "<this is it" }]);
  assert.deepEqual(splitter.push(" all"), [{ kind: "text", text: " all" }]);
});
