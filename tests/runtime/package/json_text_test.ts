import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { jsonFault, jsonPlaces } from "../../../runtime/package/json_text.ts";

const FAULTS: ReadonlyArray<readonly [string, string, RegExp]> = [
  ["", "1:1", /is empty/],
  ["  \n ", "2:2", /is empty/],
  ['{"a": 1,}', "1:9", /comma .* before "}"/],
  ['{"a": [1, 2,]}', "1:13", /comma .* before "]"/],
  ['{"a": 1 "b": 2}', "1:9", /comma is missing/],
  ['{\n  "a": 1\n  "b": 2\n}', "3:3", /comma is missing/],
  ['{"a" 1}', "1:6", /colon is missing/],
  ['{"a":}', "1:6", /nothing behind it/],
  ['{"a"}', "1:5", /value is missing/],
  ["{a: 1}", "1:2", /key in double quotes/],
  ["{'a': 1}", "1:2", /double quotes/],
  ["{\"a\": 'x'}", "1:7", /double quotes/],
  ['{"a": 1} // note', "1:10", /no comments/],
  ['{"a": /* x */ 1}', "1:7", /no comments/],
  ['{"a": "x}', "1:7", /not closed/],
  ['{"a": "x\ny"}', "1:9", /line where it starts/],
  ['{"a": "C:\\dir"}', "1:10", /backslash/],
  ['{"a": "\\u12"}', "1:8", /backslash/],
  ['{"a": 1', "1:8", /ends before "}"/],
  ['{"a": [1', "1:9", /ends before "]"/],
  ['{"a": [1}', "1:9", /"}" stands where "]" belongs/],
  ["]", "1:1", /closes nothing/],
  ['{"a": 1}}', "1:9", /closes nothing/],
  ['{"a": 1} x', "1:10", /behind the end/],
  ['{"a": True}', "1:7", /not "True"/],
  ['{"a": 01}', "1:7", /not "01"/],
  ['{"a": .5}', "1:7", /not ".5"/],
  ['{"a": undefined}', "1:7", /not "undefined"/],
  ["\u00a0{}", "1:1", /value belongs here/],
  ["[,1]", "1:2", /value belongs here/],
];

for (const [text, place, says] of FAULTS) {
  Deno.test(`jsonFault() finds the fault of ${JSON.stringify(text)} at ${place}`, () => {
    throws(() => JSON.parse(text));
    const { line, column, message } = jsonFault(text);

    strictEqual(`${line}:${column}`, place);
    ok(says.test(message), message);
  });
}

Deno.test("jsonFault() finds a fault in every text that JSON.parse() refuses, whatever is cut out", () => {
  const text = '{"a": [1, {"b": "c\\n"}, null, -1.5e3], "d": {}, "e": true}';
  const cuts = Array.from(text, (_, index) => text.slice(0, index) + text.slice(index + 1));
  const silent = cuts.filter((cut) =>
    !parses(cut) && jsonFault(cut).message === "The document is no JSON"
  );

  deepStrictEqual(silent, []);
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

Deno.test("jsonPlaces() finds values by pointer; a member stands where its key does", () => {
  const text = '{\n  "a": [1,\n    {"b/c": 2, "d~e": {}}],\n  "ü\\"": "x"\n}\n';
  const places = jsonPlaces(text);
  const at = (pointer: string) => Object.values(places(pointer) ?? {}).join(":");

  deepStrictEqual(
    ["", "/a", "/a/0", "/a/1", "/a/1/b~1c", "/a/1/d~0e", '/ü"', "/none"].map(at),
    ["1:1", "2:3", "2:9", "3:5", "3:6", "3:16", "4:3", ""],
  );
});

Deno.test("jsonPlaces() is not exhausted by nesting", () => {
  const text = "[".repeat(200_000) + "]".repeat(200_000);

  deepStrictEqual(jsonPlaces(text)("/0/0"), { line: 1, column: 3 });
});
