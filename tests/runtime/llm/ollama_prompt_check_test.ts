import assert from "node:assert/strict";
import { promptCheck, type PromptRead } from "../../../runtime/llm/ollama_prompt_check.ts";
import type { ChatMessage } from "../../../schemas/conversation.ts";
import { TOOLS } from "./served_model.ts";

const WINDOW = 8_000;

function prompt(content: string, more: readonly ChatMessage[] = []): PromptRead {
  return { messages: [{ role: "user", content }, ...more], tools: [] };
}

/** Bytes of UTF-8 a token that tokenizers reach for prose, the densest ones known. */
const DENSITIES: readonly [string, string, number][] = [
  ["English", "The quick brown fox jumps over the lazy dog. ", 4.6],
  ["Russian", "Съешь же ещё этих мягких французских булок. ", 7.5],
  ["Hindi", "मैं एक नई तरह का भाषा मॉडल हूँ। ", 7.9],
  ["Chinese", "我是一种新型的语言模型，很高兴认识你。", 5.4],
  ["JSON", '{"path":"@project/a.md","ok":true},', 3.2],
];

for (const [language, text, bytesPerToken] of DENSITIES) {
  const content = text.repeat(200);
  const tokens = Math.ceil(new TextEncoder().encode(content).byteLength / bytesPerToken);

  Deno.test(`promptCheck() takes ${language} that was read whole for whole`, () => {
    assert.equal(promptCheck(WINDOW * 4).judge(prompt(content), tokens), undefined);
  });

  Deno.test(`promptCheck() finds ${language} of which a third was read too short`, () => {
    const doubt = promptCheck(WINDOW * 4).judge(prompt(content), Math.floor(tokens / 3));
    assert.equal(doubt?.kind, "short");
  });
}

Deno.test("promptCheck() expects nothing of tools and thoughts, which templates may drop", () => {
  const thoughtful: ChatMessage = {
    role: "assistant",
    content: "So",
    extras: { thinking: "Hm. ".repeat(1_000) },
  };
  const request = { ...prompt("Go", [thoughtful]), tools: Array(20).fill(TOOLS).flat() };
  assert.equal(promptCheck(WINDOW).judge(request, 20), undefined);
});

for (const readTokens of [WINDOW - 7, WINDOW]) {
  Deno.test(`promptCheck() finds ${readTokens} of ${WINDOW} tokens to fill the window`, () => {
    assert.equal(
      promptCheck(WINDOW).judge(prompt("word ".repeat(9_000)), readTokens)?.kind,
      "full",
    );
  });
}

for (const readTokens of [WINDOW - 8, WINDOW + 1]) {
  Deno.test(`promptCheck() lets ${readTokens} tokens pass for a window of ${WINDOW}`, () => {
    assert.equal(promptCheck(WINDOW).judge(prompt("word ".repeat(8_000)), readTokens), undefined);
  });
}

Deno.test("promptCheck() finds a continued prompt shrunk of which less was read than before", () => {
  const check = promptCheck(WINDOW);
  const next: ChatMessage = { role: "user", content: "Go on" };
  assert.equal(check.judge(prompt("word ".repeat(1_000)), 1_100), undefined);
  assert.deepEqual(check.judge(prompt("word ".repeat(1_000), [next]), 900), {
    kind: "shrunk",
    readTokens: 900,
    sentTokens: 1_100,
  });
});

Deno.test("promptCheck() lets a template drop the thoughts of earlier turns", () => {
  const check = promptCheck(WINDOW);
  const thinking = "Hm. ".repeat(300);
  const turn: ChatMessage = { role: "assistant", content: "So", extras: { thinking } };
  const next: ChatMessage = { role: "user", content: "Go on" };
  assert.equal(check.judge(prompt("word ".repeat(1_000), [turn]), 1_450), undefined);
  assert.equal(check.judge(prompt("word ".repeat(1_000), [turn, next]), 1_110), undefined);
});

Deno.test("promptCheck() compares only with a prompt that is continued, with the same tools", () => {
  const check = promptCheck(WINDOW);
  const long = prompt("word ".repeat(1_000));
  assert.equal(check.judge({ ...long, tools: TOOLS }, 1_300), undefined);
  assert.equal(check.judge(long, 1_000), undefined);
  assert.equal(check.judge(prompt("other ".repeat(500)), 600), undefined);
});
