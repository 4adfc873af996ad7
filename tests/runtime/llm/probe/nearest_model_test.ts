// Which name a person probably meant.
import assert from "node:assert/strict";
import { nearestModel } from "../../../../runtime/llm/probe/nearest_model.ts";

const MODELS = ["llama3.2:3b", "qwen3:8b", "qwen3:8b-instruct-q4", "mistral-small", "gpt-oss:20b"];

for (
  const [name, nearest] of [
    ["qwen3-8b", "qwen3:8b"],
    ["Qwen3:8b-instruct", "qwen3:8b-instruct-q4"],
    ["llama3", "llama3.2:3b"],
    ["mistral", "mistral-small"],
    ["gptoss", "gpt-oss:20b"],
  ]
) {
  Deno.test(`nearestModel() finds "${nearest}" for "${name}"`, () => {
    assert.equal(nearestModel(String(name), MODELS), nearest);
  });
}

Deno.test("nearestModel() finds nothing in an empty list", () => {
  assert.equal(nearestModel("any", []), undefined);
});
