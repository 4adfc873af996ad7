import assert from "node:assert/strict";
import { schemaProblem, validateAgainst } from "../../schemas/validate_against.ts";
import { TooMuchWork, WorkBudget } from "../../schemas/work_budget.ts";

function judge(schema: unknown, value: unknown) {
  return validateAgainst(schema, value, new WorkBudget(1_000_000));
}

const REFUSED: readonly [what: string, schema: unknown, says: RegExp][] = [
  ["no object", true, /has to be an object/],
  ["a list", [], /has to be an object/],
  ["great depth", deep(200), /nested too deeply/],
  ["great length", { description: "x".repeat(60_000) }, /longer than 50000/],
  ["many keywords", { enum: Array(3000).fill(1) }, /more than 2000 keywords/],
  ["another draft", { $schema: "http://json-schema.org/draft-07/schema#" }, /"\$schema" can only/],
  ["an id", { $id: "x" }, /"\$id" is not supported/],
  ["a dynamic reference", { $dynamicRef: "#x" }, /"\$dynamicRef" is not supported/],
  ["definitions below the top", { items: { $defs: {} } }, /\$defs belongs to the top/],
  ["a reference to itself", { $ref: "#" }, /leads nowhere/],
  ["a reference to nothing", { $ref: "#/$defs/a", $defs: {} }, /leads nowhere/],
  ["a reference to a prototype", { $ref: "#/$defs/toString", $defs: {} }, /leads nowhere/],
  ["a detour to itself", { $defs: { a: { not: { $ref: "#/$defs/a" } } } }, /recursion/],
  ["an unknown format", { format: "regex" }, /known are: date, time/],
  ["a backreference", { pattern: "(a)\\1" }, /no regular expression of RE2/],
  ["a bad name pattern", { patternProperties: { "[": {} } }, /no regular expression of RE2/],
  ["a bad pattern deep inside", { anyOf: [{ items: { pattern: "(?=a)" } }] }, /RE2/],
  ["a type that is none", { type: "strng" }, /not well-formed/],
  ["a limit that is text", { minimum: "1" }, /not well-formed/],
  ["properties that are a list", { properties: [] }, /not well-formed/],
  ["an item that is no schema", { items: 3 }, /not well-formed/],
];

function deep(levels: number): unknown {
  let schema: unknown = {};
  for (let level = 0; level < levels; level++) schema = { not: schema };
  return schema;
}

for (const [what, schema, says] of REFUSED) {
  Deno.test(`schemaProblem() refuses a schema with ${what}`, () => {
    assert.match(schemaProblem(schema) ?? "", says);
    assert.equal(judge(schema, 1).ok, false);
  });
}

Deno.test("schemaProblem() accepts every keyword that a check may hold", () => {
  const schema = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $defs: { word: { type: "string", pattern: "^\\w+$" } },
    type: "object",
    properties: { a: { $ref: "#/$defs/word" }, type: { const: 1 }, $id: { type: "number" } },
    patternProperties: { "^x-": { type: ["string", "null"] } },
    propertyNames: { maxLength: 20 },
    dependentRequired: { a: ["b"] },
    additionalProperties: { anyOf: [{ type: "array", prefixItems: [true], uniqueItems: true }] },
    if: { required: ["a"] },
    then: { minProperties: 1 },
    else: { not: { const: 3 } },
  };
  assert.equal(schemaProblem(schema), undefined);
  assert.deepEqual(judge(schema, { a: "b", b: [1], "x-1": null }), {
    ok: true,
    violations: [],
    count: 0,
  });
});

Deno.test("validateAgainst() says every violation with its place", () => {
  const schema = {
    type: "array",
    items: { type: "object", required: ["a"], properties: { a: { enum: ["x", "y"] } } },
  };
  assert.deepEqual(judge(schema, [{}, { a: "z" }]), {
    ok: true,
    violations: [
      "/0 must have required property 'a'",
      '"a" must be one of x, y, but is "z" (at /1/a)',
    ],
    count: 2,
  });
});

Deno.test("validateAgainst() counts what it does not put into words", () => {
  const verdict = judge({ items: { type: "string" } }, Array(1000).fill(1));
  assert.ok(verdict.ok);
  assert.deepEqual([verdict.violations.length, verdict.count], [5, 1000]);
});

Deno.test("validateAgainst() keeps two patterns of one schema apart", () => {
  const schema = { properties: { a: { pattern: "^a$" }, b: { pattern: "^b$" } } };
  const verdict = judge(schema, { a: "a", b: "a" });
  assert.ok(verdict.ok);
  assert.deepEqual(verdict.violations.map((text) => text.slice(-6)), ["at /b)"]);
});

Deno.test("validateAgainst() stops where patterns exceed the budget", () => {
  const schema = { items: { pattern: "^a*$" } };
  assert.throws(
    () => validateAgainst(schema, ["a".repeat(1000)], new WorkBudget(999)),
    TooMuchWork,
  );
});

Deno.test("validateAgainst() does not judge a value of too many parts", () => {
  const verdict = judge({ items: { type: "number" } }, Array(900_000).fill(1));
  assert.ok(!verdict.ok);
  assert.match(verdict.message, /too many values/);
});
