import { strictEqual } from "node:assert/strict";
import { withKeys, writeJsonObject } from "../../../builder/edit/json_document.ts";

const VALUES: readonly Record<string, unknown>[] = [
  {},
  { a: [], b: {}, c: [[]], d: [1, "x\n\u2028", null, [{ e: [] }]], f: undefined },
  { nodes: [{ id: "a", list: ["b\nc"] }, {}], metadata: { layout: { a: { x: 1, y: 2 } } } },
  JSON.parse('{"__proto__": {"a": 1}, "constructor": [{"__proto__": 1}], "": ""}'),
];

for (const value of VALUES) {
  Deno.test(`writeJsonObject() writes ${JSON.stringify(value)} as JSON.stringify does, again and again`, () => {
    const expected = `${JSON.stringify(value, null, 2)}\n`;
    for (const _time of [1, 2]) {
      strictEqual(new TextDecoder().decode(writeJsonObject(value)), expected);
    }
  });
}

Deno.test("withKeys() keeps old keys in place and puts new ones where the order has them", () => {
  const after = withKeys({ z: 1, id: 2, mine: 3, file: 4 }, {
    type: 5,
    z: undefined,
    file: 6,
    new: 7,
  }, [
    "id",
    "type",
    "file",
  ]);
  strictEqual(JSON.stringify(after), '{"id":2,"type":5,"mine":3,"file":6,"new":7}');
});
