import assert from "node:assert/strict";
import type { ChatMessage } from "../../../schemas/conversation.ts";
import { trimContext } from "../../../runtime/run/context.ts";

const estimate = (messages: readonly ChatMessage[]) =>
  messages.reduce((sum, message) => sum + message.content.length, 0);

const prompt: ChatMessage[] = [
  { role: "system", content: "rules" },
  { role: "user", content: "RUN_DIRECTIVE" },
  { role: "user", content: "NODE_BRIEF" },
];

function round(number: number, calls: number): ChatMessage[] {
  const toolCalls = Array.from({ length: calls }, (_, index) => ({
    id: `${number}.${index}`,
    name: "fs_read",
    arguments: "{}",
  }));
  return [
    { role: "assistant", content: "x".repeat(10), toolCalls },
    ...toolCalls.map(({ id }): ChatMessage => ({
      role: "tool",
      callId: id,
      content: "y".repeat(100),
    })),
  ];
}

function assertNoOrphans(messages: readonly ChatMessage[]): void {
  const offered = new Set<string>();
  const answered = new Set<string>();
  for (const message of messages) {
    if (message.role === "assistant") message.toolCalls?.forEach(({ id }) => offered.add(id));
    if (message.role !== "tool") continue;
    assert.ok(offered.has(message.callId), `tool message ${message.callId} has no call before it`);
    answered.add(message.callId);
  }
  assert.deepEqual(answered, offered, "every call is answered");
}

Deno.test("trimContext() returns a conversation within the budget untouched", () => {
  const messages = [...prompt, ...round(1, 1)];
  const trimmed = trimContext(messages, 10_000, estimate);
  assert.equal(trimmed.messages, messages);
  assert.equal(trimmed.removedMessages, 0);
});

Deno.test("trimContext() drops whole rounds, oldest first, and never leaves an orphan", () => {
  for (let calls = 1; calls <= 4; calls++) {
    const rounds = Array.from({ length: 30 }, (_, index) => round(index, calls)).flat();
    const trimmed = trimContext([...prompt, ...rounds], 2_000, estimate);
    assert.ok(trimmed.fits);
    assert.ok(trimmed.estimatedTokens <= 2_000);
    assert.deepEqual(trimmed.messages.slice(0, 3), prompt);
    assert.deepEqual(trimmed.messages.at(-1), rounds.at(-1));
    assertNoOrphans(trimmed.messages);
  }
});

Deno.test("trimContext() keeps the present brief although it stands inside an old round", () => {
  const brief: ChatMessage[] = [
    { role: "user", content: "RUN_DIRECTIVE second node" },
    { role: "user", content: "NODE_BRIEF second node" },
  ];
  const rounds = Array.from({ length: 30 }, (_, index) => round(index, 1)).flat();
  const trimmed = trimContext([...prompt, ...round(99, 1), ...brief, ...rounds], 1_500, estimate);
  assert.ok(trimmed.fits);
  assert.ok(trimmed.messages.includes(brief[0] as ChatMessage));
  assert.ok(trimmed.messages.includes(brief[1] as ChatMessage));
  assertNoOrphans(trimmed.messages);
});

Deno.test("trimContext() says so when even prompt and last rounds are over the budget", () => {
  const trimmed = trimContext([...prompt, ...round(1, 1), ...round(2, 1)], 50, estimate);
  assert.equal(trimmed.fits, false);
});
