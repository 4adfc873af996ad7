import assert from "node:assert/strict";
import { estimateTextTokens, estimateTokens } from "../../../runtime/llm/estimate.ts";
import type { ChatMessage } from "../../../schemas/conversation.ts";
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

Deno.test("estimateTextTokens() counts bytes, so Chinese weighs more than English", () => {
  assert.equal(estimateTextTokens(""), 0);
  assert.equal(estimateTextTokens("a".repeat(330)), 100);
  assert.equal(estimateTextTokens("文".repeat(110)), 100);
});

Deno.test("estimateTokens() is the sum of its parts", () => {
  const parts = MESSAGES.map((message) => estimateTokens([message], []));
  const sum = parts.reduce((total, part) => total + part, estimateTokens([], TOOLS));
  assert.equal(estimateTokens(MESSAGES, TOOLS), sum);
});

Deno.test("estimateTokens() counts calls and reasoning of the assistant", () => {
  const bare = estimateTokens([{ role: "assistant", content: "" }], []);
  assert.ok(estimateTokens([MESSAGES[1] as ChatMessage], []) > bare + 20);
});
