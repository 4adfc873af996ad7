import assert from "node:assert/strict";
import { isTextTooDeep, isTooDeep, MAX_DEPTH } from "../../schemas/depth.ts";

const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

Deno.test("isTooDeep() and isTextTooDeep() draw the line at the same depth", () => {
  for (const [depth, tooDeep] of [[1, false], [MAX_DEPTH, false], [MAX_DEPTH + 1, true]] as const) {
    assert.equal(isTextTooDeep(nested(depth)), tooDeep, `${depth}`);
    assert.equal(isTooDeep(JSON.parse(nested(depth))), tooDeep, `${depth}`);
  }
});

Deno.test("isTextTooDeep() counts no bracket inside a string, closed or not", () => {
  const brackets = "[".repeat(500);
  for (const text of [`{"a":"${brackets}"}`, `{"a":"\\"${brackets}"}`, `{"a":"${brackets}`]) {
    assert.equal(isTextTooDeep(text), false);
  }
});

Deno.test("isTextTooDeep() reads megabytes of an open string in linear time", () => {
  assert.equal(isTextTooDeep(`{"content":"${'\\"'.repeat(1_000_000)}`), false);
  assert.equal(isTextTooDeep('"'.repeat(1_000_001)), false);
});
