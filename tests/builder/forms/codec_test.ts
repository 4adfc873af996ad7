// Texts of controls and values of documents: both ways, and with texts that nobody would type.
import assert from "node:assert/strict";
import {
  type Codec,
  flag,
  json,
  lineList,
  number,
  pairs,
  prose,
  words,
} from "../../../builder/forms/codec.ts";
import { items, listAction, textItems, withAction } from "../../../builder/forms/item_codec.ts";
import { formOf, readSubmission } from "../../../builder/forms/submission.ts";

const ROUND_TRIPS: readonly (readonly [string, Codec, unknown])[] = [
  ["prose", prose, "\nfirst line empty,\ttabs, ünïcode\n"],
  ["lineList", lineList, ["a", "b c"]],
  ["words", words, ["draft", "long text"]],
  ["pairs", pairs, {
    a: 1,
    b: "x = y",
    c: "1",
    d: " spaces ",
    e: null,
    f: ["1"],
    g: "two\nlines",
    h: "",
  }],
  ["pairs of hostile names", pairs, JSON.parse('{"__proto__": "x", "constructor": 1}')],
  ["json", json("object"), { a: { b: [1, "2"] } }],
  ["number", number({ isWhole: false }), -1.5],
  ["flag", flag(), true],
  ["textItems", textItems, ["one\ntwo", "three"]],
  ["a text instead of a list", textItems, "only one"],
];

for (const [name, codec, value] of ROUND_TRIPS) {
  Deno.test(`read() gives back what show() was given: ${name}`, () => {
    const { value: back, faults } = codec.read(codec.show(value), value);
    assert.deepEqual(back, value);
    assert.equal(faults.size, 0);
  });
}

Deno.test("items().read() gives every item its own unknown keys, wherever it was moved", () => {
  const codec = items([{ key: "id", codec: prose }], { isOpen: true });
  const old = [{ id: "a", x: 1 }, { id: "b", y: { z: 2 } }];
  const moved = withAction(codec.show(old), { field: "f", verb: "down", index: 0 }, {});
  assert.deepEqual(codec.read(moved, old).value, [old[1], old[0]]);
});

Deno.test("items().read() writes hostile keys as keys like any other", () => {
  const codec = items([{ key: "id", codec: prose }], { isOpen: true });
  const entries = new Map([["0.id", "a"], [
    "0.more",
    '{"__proto__": {"polluted": true}, "id": "no"}',
  ]]);
  const [item] = codec.read(entries, []).value as Record<string, unknown>[];
  assert.deepEqual(Object.keys(item ?? {}), ["__proto__", "id"]);
  assert.equal(item?.id, "a");
  assert.equal(({} as Record<string, unknown>).polluted, undefined);
});

Deno.test("withAction() leaves a list alone where the button is about no item", () => {
  const codec = items([{ key: "id", codec: prose }], { isOpen: false });
  const old = [{ id: "a" }, { id: "b" }];
  const shown = codec.show(old);
  for (const verb of ["up", "remove", "down"] as const) {
    const index = verb === "up" ? 0 : verb === "down" ? 1 : 9;
    assert.deepEqual(
      codec.read(withAction(shown, { field: "f", verb, index }, {}), old).value,
      old,
    );
  }
  assert.equal(listAction("prompts explode 1"), undefined);
  assert.equal(listAction("prompts up 99999"), undefined);
});

Deno.test("readSubmission() ignores fields that the form did not show", () => {
  const fields = [{ name: "title", codec: prose, value: "Old" }, {
    name: "goal",
    codec: prose,
    value: "G",
  }];
  const sent = new FormData();
  sent.set("title", "New");
  sent.set("goal", "Mine");
  sent.set("was.goal", formOf(fields).fields.get("goal")?.was ?? "");
  assert.deepEqual([...readSubmission(sent, fields).changes], [["goal", "Mine"]]);
});

Deno.test("readSubmission() takes a text that others wrote in the same words for no conflict", () => {
  const before = [{ name: "title", codec: prose, value: "Old" }];
  const now = [{ name: "title", codec: prose, value: "Same" }];
  const sent = new FormData();
  sent.set("title", "Same");
  sent.set("was.title", formOf(before).fields.get("title")?.was ?? "");
  const { changes, form } = readSubmission(sent, now);
  assert.equal(changes.size, 0);
  assert.equal(form.fields.get("title")?.theirs, undefined);
});
