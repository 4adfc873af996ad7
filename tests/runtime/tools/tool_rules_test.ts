import assert from "node:assert/strict";
import { compileRules, formatRule, parseRule } from "../../../runtime/tools/tool_rules.ts";

const rule = (text: string) => {
  const [action, ...words] = text.split(" ");
  return parseRule(action as "allow", words);
};

Deno.test("parseRule() and formatRule() are each other's way back", () => {
  for (
    const text of ["deny fs.*", "ask mcp__github__* repo=me/**", "allow fs.write path=@project/a"]
  ) {
    assert.equal(formatRule(rule(text)), text);
  }
});

Deno.test("parseRule() says what is wrong with a rule", () => {
  const rows: [words: string[], message: RegExp][] = [
    [[], /begins with a tool/],
    [["path=@project/**"], /begins with a tool.*not "path=/],
    [["fs.write", "@project/docs"], /"@project\/docs" is no pattern.*argument=pattern/],
    [["fs.write", "path="], /is no pattern/],
  ];
  for (const [words, message] of rows) {
    assert.throws(() => parseRule("deny", words), { code: "USAGE", message });
  }
});

Deno.test("compileRules() lets the first rule that fits decide", () => {
  const rules = compileRules([
    rule("allow fs.write path=@project/docs/**"),
    rule("deny fs.*"),
    rule("ask * query=*secret*"),
  ]);
  const rows: [
    tool: string,
    path: string | undefined,
    args: Record<string, unknown>,
    action: string | undefined,
  ][] = [
    ["fs.write", "@project/docs/a/b.md", {}, "allow"],
    ["fs.write", "@project/doc/a.md", {}, "deny"],
    ["fs.write", undefined, { path: "@project/docs/a.md" }, "allow"],
    ["fs.read", "@project/docs/a.md", {}, "deny"],
    ["mcp__web__search", undefined, { query: "my secret" }, "ask"],
    ["mcp__web__search", undefined, { query: ["secret"] }, "ask"],
    ["mcp__web__search", undefined, { query: null }, undefined],
    ["state.complete_node", undefined, {}, undefined],
  ];
  for (const [tool, path, args, action] of rows) {
    const found = rules.ruleFor({ tool, path, arguments: args });
    assert.equal(found?.action, action, `${tool} ${path} ${JSON.stringify(args)}`);
  }
});

Deno.test("compileRules() hides a tool only if no call of it could pass", () => {
  assert.equal(compileRules([rule("deny fs.write")]).hides("fs.write"), true);
  assert.equal(compileRules([rule("deny fs.write path=@project/x/**")]).hides("fs.write"), false);
  assert.equal(compileRules([rule("deny fs.write")]).hides("fs.read"), false);
  const exception = [rule("allow fs.write path=@project/docs/**"), rule("deny fs.write")];
  assert.equal(compileRules(exception).hides("fs.write"), false);
});

Deno.test("compileRules() takes hostile patterns and values in linear time", () => {
  const rules = compileRules([rule(`deny fs.write path=${"**a".repeat(40)}`)]);
  const path = `@project/${"a".repeat(5000)}b`;
  assert.equal(rules.ruleFor({ tool: "fs.write", path, arguments: {} }), undefined);
});
