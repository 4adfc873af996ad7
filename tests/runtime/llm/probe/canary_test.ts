// The code word has to be the same each time and differ between models.
import assert from "node:assert/strict";
import { canaryOf } from "../../../../runtime/llm/probe/canary.ts";

Deno.test("canaryOf() is the same for the same model", () => {
  assert.equal(canaryOf("qwen3:8b"), canaryOf("qwen3:8b"));
});

Deno.test("canaryOf() tells models apart and never leaves its form", () => {
  const words = Array.from({ length: 500 }, (_, number) => canaryOf(`model-${number}`));
  for (const word of words) assert.match(word, /^[a-z]+-[a-z]+-[1-9]\d{3}$/);
  assert.ok(new Set(words).size > 490, `${new Set(words).size}`);
});
