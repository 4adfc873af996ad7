import assert from "node:assert/strict";
import { literal, stringLiteral } from "../../../runtime/generate/code_literal.ts";
import { HOSTILE_TEXTS } from "./hostile_sources.ts";

const evaluated = (code: string): unknown => new Function(`"use strict"; return ${code};`)();

Deno.test("stringLiteral() gives back every text, on one line and without hidden characters", () => {
  for (const text of HOSTILE_TEXTS) {
    const code = stringLiteral(text);
    assert.equal(evaluated(code), text);
    assert.doesNotMatch(code, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
  }
});

Deno.test("literal() gives back every value, own keys such as __proto__ too", () => {
  const value = JSON.parse(
    '{"__proto__": {"polluted": true}, "a-b": [1, null, true, "x"], "": {}, "1": [], "$": "\\n"}',
  );
  const copy = evaluated(literal({ value, texts: HOSTILE_TEXTS })) as { value: unknown };
  assert.deepEqual(copy, { value, texts: HOSTILE_TEXTS });
  assert.equal(Object.hasOwn(copy.value as object, "__proto__"), true);
});

Deno.test("literal() writes long texts as their lines", () => {
  assert.equal(literal("a\nb"), '[\n  "a",\n  "b",\n].join("\\n")');
});
