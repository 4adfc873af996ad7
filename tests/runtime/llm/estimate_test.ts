import assert from "node:assert/strict";
import { estimateTextTokens, estimateTokens } from "../../../runtime/llm/estimate.ts";
import type { ChatMessage } from "../../../schemas/conversation.ts";
import recorded from "../../fixtures/token_counts.json" with { type: "json" };
import { TOOLS } from "./served_model.ts";

const MESSAGES: ChatMessage[] = [
  { role: "user", content: "Read the file, please." },
  {
    role: "assistant",
    content: "",
    toolCalls: [{ id: "1", name: "fs_read", arguments: '{"path":"@project/a.md"}' }],
    extras: { reasoning_content: "The user wants me to read the file." },
  },
  { role: "tool", callId: "1", content: '{"ok":true,"content":"Hello"}' },
];

/** Kind → the most that its estimate may be of what today's tokenizers count, as a ratio. */
const MOST: Readonly<Record<string, number>> = {
  "English Markdown": 1.15,
  "English prose": 1.25,
  "TypeScript": 1.25,
  "JSON, indented": 1.2,
  "JSON Schema, compact": 1.25,
  "tool definitions": 1.25,
  "tool result, file inside JSON": 1.2,
  "minified code": 1.25,
  "CSV": 1.5,
  "long numbers": 2.3,
  "sha256 list": 1.7,
  "base64": 1.1,
  "Chinese": 1.6,
  "Chinese and English mixed": 1.3,
  "Japanese": 1.6,
  "Korean": 1.4,
  "Russian": 1.6,
  "German and French": 1.45,
  "Arabic and Hindi": 3.3,
  "emoji": 1.6,
};

for (const [kind, most] of Object.entries(MOST)) {
  const samples = recorded.filter((sample) => sample.kind === kind);

  Deno.test(`estimateTextTokens() takes ${kind} for no less than 0.95 and at most ${most} of its tokens`, () => {
    assert.ok(samples.length > 0, "the fixture has this kind");
    for (const { text, tokens } of samples) {
      const estimate = estimateTextTokens(text);
      for (const real of [tokens["o200k"], tokens["llama3"], tokens["qwen2.5"]]) {
        assert.ok(estimate >= 0.95 * real, `${estimate} for ${real}: ${text.slice(0, 40)}`);
        assert.ok(estimate <= most * real, `${estimate} for ${real}: ${text.slice(0, 40)}`);
      }
    }
  });

  Deno.test(`estimateTextTokens() takes ${kind} for more than half of what small vocabularies make of it`, () => {
    for (const { text, tokens } of samples) {
      const real = Math.max(tokens["cl100k"], tokens["llama2"], tokens["mistral-v1"]);
      assert.ok(estimateTextTokens(text) >= 0.55 * real, `${text.slice(0, 40)}: ${real}`);
    }
  });
}

Deno.test("estimateTextTokens() knows every kind that was recorded", () => {
  assert.deepEqual(new Set(recorded.map(({ kind }) => kind)), new Set(Object.keys(MOST)));
});

/** Text no tokenizer knows → the tokens that llama3 or qwen2.5, whichever has more, takes for 3,000 of it. */
const STRANGE: readonly [name: string, text: string, least: number][] = [
  ["nothing", "", 0],
  ["letters without words", "qzxvkjwpgh".repeat(300), 1000],
  ["one line of spaces", " ".repeat(3000), 20],
  ["halves of emoji", "\ud83d".repeat(3000), 3000],
  ["control characters", "\u0001\u0002".repeat(1500), 750],
];

for (const [name, text, least] of STRANGE) {
  Deno.test(`estimateTextTokens() does not take ${name} for next to nothing`, () => {
    assert.ok(estimateTextTokens(text) >= least, `${estimateTextTokens(text)}`);
  });
}

Deno.test("estimateTokens() is the sum of its parts", () => {
  const parts = MESSAGES.map((message) => estimateTokens([message], []));
  const sum = parts.reduce((total, part) => total + part, estimateTokens([], TOOLS));
  assert.equal(estimateTokens(MESSAGES, TOOLS), sum);
});

Deno.test("estimateTokens() counts calls and reasoning of the assistant", () => {
  const bare = estimateTokens([{ role: "assistant", content: "" }], []);
  assert.ok(estimateTokens([MESSAGES[1] as ChatMessage], []) > bare + 20);
});
