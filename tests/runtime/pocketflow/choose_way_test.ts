import assert from "node:assert/strict";
import { chooseWay, readNext } from "../../../runtime/pocketflow/choose_way.ts";
import type { FlowWay } from "../../../runtime/flow/flow_source.ts";

const way = (action: string, more: Partial<FlowWay> = {}): FlowWay => ({
  from: "a",
  to: action,
  action,
  isDefault: false,
  condition: null,
  ...more,
});

const small = { "<": [{ var: "count" }, 3] };

Deno.test("chooseWay() takes the first way whose condition holds, whatever the step said", () => {
  const ways = [way("out", { isDefault: true }), way("again", { condition: small })];
  assert.equal(chooseWay(ways, "out", { count: 2 })?.action, "again");
  assert.equal(chooseWay(ways, "again", { count: 3 })?.action, "out");
});

Deno.test("chooseWay() takes what the step said, else the default, else the first", () => {
  const ways = [way("one"), way("two"), way("three", { isDefault: true })];
  assert.equal(chooseWay(ways, "two", {})?.action, "two");
  assert.equal(chooseWay(ways, "four", {})?.action, "three");
  assert.equal(chooseWay(ways.slice(0, 2), undefined, {})?.action, "one");
});

Deno.test("chooseWay() takes the only way, and none where there is none", () => {
  assert.equal(
    chooseWay([way("one", { condition: small })], undefined, { count: 9 })?.action,
    "one",
  );
  assert.equal(chooseWay([], "one", {}), undefined);
});

Deno.test("chooseWay() takes a condition that cannot be evaluated as one that does not hold", () => {
  const ways = [way("odd", { condition: { nonsense: [1] } }), way("out", { isDefault: true })];
  assert.equal(chooseWay(ways, "odd", {})?.action, "out");
});

Deno.test("readNext() reads the block at the end of an answer, and survives any other text", () => {
  const block = 'Done.\n\n```next\n{"label": "poem", "variables": {"count": 2}}\n```\n';
  assert.deepEqual(readNext(block), { label: "poem", variables: { count: 2 } });
  const nothing = { label: undefined, variables: {} };
  for (
    const text of [
      "",
      "```next\n{\n```",
      "```next\n[1]\n```",
      "```next\nnull\n```",
      `${block}More.`,
    ]
  ) {
    assert.deepEqual(readNext(text), nothing, text);
  }
  assert.deepEqual(readNext('```next\n{"label": 1, "variables": []}\n```'), nothing);
});
