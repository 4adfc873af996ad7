import assert from "node:assert/strict";
import { compileExpression, quoteExpression } from "../../schemas/regular_expression.ts";

function expression(pattern: string, multiline = false) {
  const compiled = compileExpression(pattern, { multiline });
  assert.ok(compiled.ok, JSON.stringify(compiled));
  return compiled.expression;
}

Deno.test("compileExpression() finds the first match, in UTF-16 units", () => {
  assert.equal(expression("b+").find("😀abb"), 3);
  assert.equal(expression("c").find("ab"), -1);
});

Deno.test("compileExpression() lets ^ and $ match at each line only where it is told", () => {
  assert.equal(expression("^b$").test("a\nb\nc"), false);
  assert.equal(expression("^b$", true).test("a\nb\nc"), true);
});

Deno.test("compileExpression() matches patterns that make others backtrack for ever", () => {
  assert.equal(expression("^(a+)+$").test(`${"a".repeat(100_000)}!`), false);
});

for (const pattern of ["[", "a(?=b)", "(a)\\1", "(", "a{2,1}", "\\p{No}{1001}", "(".repeat(5000)]) {
  Deno.test(`compileExpression() refuses ${pattern.slice(0, 20)} with a reason`, () => {
    const compiled = compileExpression(pattern);
    assert.ok(!compiled.ok);
    assert.ok(compiled.message.length > 5);
  });
}

Deno.test("quoteExpression() makes a pattern of a text", () => {
  assert.ok(expression(`^${quoteExpression("a.(b)*")}$`).test("a.(b)*"));
});
