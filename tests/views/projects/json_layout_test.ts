import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { layOutJson } from "../../../views/projects/json_layout.ts";

Deno.test("layOutJson() lays out like JSON.stringify, strings with brackets and commas included", () => {
  const values = [
    {},
    [],
    { a: [], b: {}, c: [{}], d: [[1, 2], { e: null }] },
    'a "quoted" \\ text, with {brackets} [and]: all',
    { "k,{": ["}\\", "\u0000", "é"] },
    [true, false, null, -1.5],
  ];
  for (const value of values) {
    strictEqual(layOutJson(JSON.stringify(value)), JSON.stringify(value, null, 2));
    strictEqual(layOutJson(JSON.stringify(value, null, 7)), JSON.stringify(value, null, 2));
  }
});

Deno.test("layOutJson() keeps numbers, escapes, repeated keys and their order as they are written", () => {
  const text = String.raw`{"b":1.0,"a":2e3,"b":12345678901234567890,"u":"\u00e9\/"}`;
  strictEqual(
    layOutJson(text),
    String.raw`{
  "b": 1.0,
  "a": 2e3,
  "b": 12345678901234567890,
  "u": "\u00e9\/"
}`,
  );
});

Deno.test("layOutJson() knows what is no JSON", () => {
  const none = ["", "{", "{a:1}", "[1,]", "// x\n{}", "undefined", "{} {}"];
  deepStrictEqual(none.map(layOutJson), none.map(() => undefined));
});

Deno.test("layOutJson() lays out JSON that is nested very deeply, or gives up in peace", () => {
  const laidOut = layOutJson("[".repeat(5_000) + "]".repeat(5_000)) ?? "";
  strictEqual(laidOut.replace(/\s/g, "").length, 10_000);
});
