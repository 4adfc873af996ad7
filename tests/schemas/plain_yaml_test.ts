import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { parse } from "yaml";
import { readPlainYaml } from "../../schemas/plain_yaml.ts";

/** What nearly all front matter looks like: the fast reader has to take it. */
const PLAIN = [
  'schemaVersion: "1.1"\nnodeId: write-story\ntype: step\n',
  "a: artifacts/{{story_id}}/x-{y}.md\n",
  "a: Poem or fact?\nb: it's (really) 100% fine, yes & no | maybe * ! @ `x` >\n",
  "a: []\nb: {}\nc: ''\nd: \"\"\n",
  "a:\n  - x\n  - y z\nb: 1\n",
  "a:\n- x\n- y\nb: -12\n",
  "a:\n  - to: b\n    label: c d\n    isDefault: true\n  - to: e\n    label: 'f: g # h'\n",
  "a:\n  b:\n    c: x\n  d: 0\ne: null\nf: False\n",
  "a:\nb:\n",
  "a:\n  - b:\n      - c\n      - d\n    e: f\n",
  "a:\n  -   b: 1\n      c: 2\n",
  "a: x\n\nb: y\n\n",
  "a: 999999999999999\n",
  "a: yes\nb: on\nc: Nan\nd: e5\n",
  "a: grüße 日本 😀\n",
  "a:   spaced\n",
  "a: 2026-11-20T10:11:12.345Z\nb:\n  - c: 2026-11-20T10:11:12Z\n",
  "a: [x]\nb: {b: x}\nc: [x, y z, [], {}]\nd: {a: {}, b: [c-d, e.f, g/h]}\n",
  "a: [true, null, False]\nb: {c: null, d: 'x y', e: \"z\"}\n",
  "a:\n  - [x, y]\n  - {b: c}\n",
  "a: https://example.org/x#y\nb:\n  - issue#12\n  - c:d e\n",
];

for (const yaml of PLAIN) {
  Deno.test(`readPlainYaml() reads ${JSON.stringify(yaml)} as the library does`, () => {
    deepStrictEqual(readPlainYaml(yaml), parse(yaml, { schema: "core" }));
  });
}

/** What needs a real reader: a guess would be wrong in some of these. */
const NOT_PLAIN = [
  "",
  "# comment\n",
  "a: x # comment\n",
  "a: b: c\n",
  "a: [x\n",
  "a: [x,\n  y]\n",
  "a: [x, ]\n",
  "a: [, x]\n",
  "a: [x,y]\n",
  "a: [ x ]\n",
  "a: [1]\n",
  "a: [x: y]\n",
  "a: [x] y\n",
  "a: [x #y]\n",
  "a: [*x]\n",
  "a: [- x]\n",
  "a: [[[[[[x]]]]]]\n",
  "a: {b}\n",
  "a: {b: x, b: y}\n",
  "a: {b:x}\n",
  "a: {true: x}\n",
  "a: {__proto__: x}\n",
  "a: {b: x: y}\n",
  "a: ['it''s']\n",
  'a: ["x\\n"]\n',
  "a: &x y\n",
  "a: *x\n",
  "a: !tag y\n",
  "a: |\n  text\n",
  "a: >\n  text\n",
  "a: x\n  continued\n",
  "a:\n  x\n",
  "a:\n  - x\n    continued\n",
  "a:\n  - - x\n",
  "a:\n  -\n",
  "a: - x\n",
  "a: 1.5\n",
  "a: 0x10\n",
  "a: 010\n",
  "a: 1e3\n",
  "a: 2026-11-20\n",
  "a: 2026-11-20T10:11:12\n",
  "a: x:\n",
  "a: x :y\n b\n",
  "a: x #y\n",
  "a: x:#y\n",
  "a: .inf\n",
  "a: ~\n",
  'a: "x\\n"\n',
  "a: 'it''s'\n",
  'a: "x\n  y"\n',
  "a: x\ta\n",
  "a: x \n",
  "a: x\r\nb: y\r\n",
  "a: x\na: y\n",
  "  a: x\n",
  "a:\n    b: 1\n  c: 2\n",
  "a: x\n b: y\n",
  "? a\n: b\n",
  "1: a\n",
  "true: a\n",
  "__proto__: a\n",
  "<<: a\n",
  "- a\n",
  "a\n",
  "a:x\n",
  "a: @x\n",
  "a: `x\n",
  "a: %x\n",
  "a: x\u0085y\n",
  "--- \n",
  "...\n",
];

for (const yaml of NOT_PLAIN) {
  Deno.test(`readPlainYaml() leaves ${JSON.stringify(yaml)} to the library`, () => {
    strictEqual(readPlainYaml(yaml), undefined);
  });
}

Deno.test("readPlainYaml() never disagrees with the library, whatever the lines", () => {
  const pieces = [
    "a",
    "b:",
    "c: d",
    "- e",
    "- f: g",
    "  ",
    "    ",
    "\n",
    ": ",
    "'",
    '"',
    "[]",
    "{}",
    "[x, y]",
    "{a: [b]}",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "1",
    "-",
    "true",
    "x y",
    "|",
    "#",
    " ",
    "\n  - h",
    "\nk: v",
    "\n    l: m",
    "null",
    "~",
    ":",
    "h:i",
    "j#k",
    "2026-11-20T10:11:12Z",
  ];
  const random = seeded(42);
  let read = 0;
  for (let round = 0; round < 20_000; round++) {
    const count = 2 + Math.floor(random() * 8);
    const yaml = Array.from({ length: count }, () => pieces[Math.floor(random() * pieces.length)])
      .join("");
    const plain = readPlainYaml(yaml);
    if (plain === undefined) continue;
    read++;
    deepStrictEqual(plain, parse(yaml, { schema: "core", strict: true }), JSON.stringify(yaml));
  }
  ok(read > 100, `${read} were plain`);
});

/** A small generator with a fixed start, so that a failure comes back. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
