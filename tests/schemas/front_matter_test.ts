import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import {
  type FrontMatter,
  type FrontMatterChange,
  readFrontMatter,
  writeFrontMatter,
} from "../../schemas/front_matter.ts";
import { readYaml } from "../../schemas/yaml_map.ts";
import { PATIENCE_MS } from "../patience.ts";

function read(text: string): FrontMatter {
  const result = readFrontMatter(text);
  ok(result.ok, JSON.stringify(result));
  return result.value;
}

const PROBLEMS: ReadonlyArray<readonly [string, string, string, number]> = [
  ["an empty file", "", "FRONT_MATTER_MISSING", 1],
  ["Markdown alone", "# Title\n", "FRONT_MATTER_MISSING", 1],
  ["a line before the front matter", "\n---\na: 1\n---\n", "FRONT_MATTER_MISSING", 1],
  ["four dashes", "----\na: 1\n----\n", "FRONT_MATTER_MISSING", 1],
  ["one line of dashes", "---\na: 1\n", "FRONT_MATTER_NOT_CLOSED", 1],
  ["an indented closing line", "---\na: 1\n ---\n", "FRONT_MATTER_NOT_CLOSED", 1],
  ["a quote that does not end", "---\na: 1\nb: 'x\n---\n", "FRONT_MATTER_YAML", 4],
  ["a repeated key", "---\na: 1\nb: 2\na: 3\n---\n", "FRONT_MATTER_YAML", 4],
  ["a repeated key deep inside", "---\na:\n  - b: 1\n    b: 2\n---\n", "FRONT_MATTER_YAML", 4],
  ["a tab as indentation", "---\na:\n\tb: 1\n---\n", "FRONT_MATTER_YAML", 3],
  ["an unknown alias", "---\na: *b\n---\n", "FRONT_MATTER_YAML", 2],
  ["a list", "---\n- a\n---\n", "FRONT_MATTER_NOT_A_MAP", 2],
  ["a text", "---\nhello\n---\n", "FRONT_MATTER_NOT_A_MAP", 2],
  [
    "nesting that exhausts the stack",
    `---\na: ${"[".repeat(50_000)}\n---\n`,
    "FRONT_MATTER_YAML",
    2,
  ],
  ["more than a megabyte", `---\na: ${"x".repeat(1_100_000)}\n---\n`, "FRONT_MATTER_YAML", 2],
  ["a billion laughs", billionLaughs(), "FRONT_MATTER_YAML", 2],
];

function billionLaughs(): string {
  const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"];
  for (let level = 1; level < 9; level++) {
    const alias = Array(9).fill(`*a${level - 1}`).join(", ");
    lines.push(`a${level}: &a${level} [${alias}]`);
  }
  return `---\n${lines.join("\n")}\n---\n`;
}

for (const [what, text, code, line] of PROBLEMS) {
  Deno.test(`readFrontMatter() refuses ${what} as ${code}`, () => {
    const result = readFrontMatter(text);

    ok(!result.ok);
    strictEqual(result.problem.code, code);
    strictEqual(result.problem.line, line);
    ok(result.problem.column >= 1);
    ok(!result.problem.message.includes("\n"), result.problem.message);
  });
}

Deno.test("readFrontMatter() is quick with a map of very many keys", () => {
  const keys = Array.from({ length: 60_000 }, (_, index) => `k${index}: [1]`);
  const start = performance.now();
  const result = readFrontMatter(`---\n${keys.join("\n")}\n---\n`);

  ok(result.ok);
  ok(performance.now() - start < PATIENCE_MS);
});

Deno.test("readFrontMatter() reads a list of very many items", () => {
  const items = "1,".repeat(200_000);

  strictEqual((read(`---\nl: [${items}]\n---\n`).data.l as unknown[]).length, 200_000);
});

Deno.test("readFrontMatter() keeps the body byte for byte, with --- and all", () => {
  const body = "\n# T\r\n\n---\n\nnot: front matter\n---\n\u00a0end";

  strictEqual(read(`---\na: 1\n---\n${body}`).body, body);
});

Deno.test("readFrontMatter() accepts a BOM, CRLF, spaces behind the dashes and an end without a line break", () => {
  deepStrictEqual(read("\uFEFF---\na: x\n---\nb").data, { a: "x" });
  deepStrictEqual(read("---\r\na: x\r\nb:\r\n  - y\r\n---\r\nbody").data, { a: "x", b: ["y"] });
  deepStrictEqual(read("---  \na: x\n---\t\nb").data, { a: "x" });
  deepStrictEqual(read("---\na: x\n---").data, { a: "x" });
  deepStrictEqual(read("---\n---\nbody").data, {});
  deepStrictEqual(read("---\n# only a comment\n---\nbody").data, {});
});

Deno.test("readFrontMatter() reads by the core schema: dates stay strings, yes and no too", () => {
  const text =
    "---\nd: 2026-11-20\nt: 2026-11-20 14:30:00\ny: yes\nn: no\nb: true\nz: ~\no: 010\n---\n";

  deepStrictEqual(read(text).data, {
    d: "2026-11-20",
    t: "2026-11-20 14:30:00",
    y: "yes",
    n: "no",
    b: true,
    z: null,
    o: 10,
  });
});

Deno.test("readFrontMatter() makes no prototype of a key __proto__", () => {
  const { data } = read("---\n__proto__:\n  polluted: true\n---\n");

  strictEqual(Object.getPrototypeOf(data), Object.prototype);
  strictEqual(data.polluted, undefined);
});

Deno.test("readFrontMatter() says on which line the body starts", () => {
  strictEqual(read("---\na: 1\n---\nbody").bodyLine, 4);
  strictEqual(read("---\r\n---\r\nbody").bodyLine, 3);
  strictEqual(read("\uFEFF---\na:\n  - 1\n# c\n---\n").bodyLine, 6);
});

Deno.test("locate() finds values by their path, in plain and in other YAML", () => {
  const plain = read("---\na: x\nlist:\n  - to: b\n    label: c\n---\n");
  const flow = read("---\n# c\nm: {k: [1, 2]}\n---\n");

  deepStrictEqual(plain.locate(["a"]), { line: 2, column: 4 });
  deepStrictEqual(plain.locate(["list", 0, "label"]), { line: 5, column: 12 });
  deepStrictEqual(plain.locate(["list", "0"]), { line: 4, column: 5 });
  deepStrictEqual(flow.locate(["m", "k", 1]), { line: 3, column: 12 });
  deepStrictEqual(flow.locate([]), { line: 3, column: 1 });
  strictEqual(flow.locate(["none"]), undefined);
  strictEqual(flow.locate(["m", "k", 9]), undefined);
});

const set = (path: string[], value: unknown): FrontMatterChange => ({ path, set: value });
const append = (path: string[], value: unknown): FrontMatterChange => ({ path, append: value });

const CHANGES: ReadonlyArray<readonly [string, string, FrontMatterChange[], string]> = [
  ["sets a value", "a: 1\nb: 2", [set(["a"], 3)], "a: 3\nb: 2"],
  ["keeps comments", "# head\na: 1 # one\n# foot", [set(["a"], 2)], "# head\na: 2 # one\n\n# foot"],
  ["keeps the order of keys", "z: 1\na: 2", [set(["m"], 3), set(["z"], 0)], "z: 0\na: 2\nm: 3"],
  [
    "keeps quotes and flow style",
    "a: \"x\"\nb: 'y'\nc: [1, 2]",
    [set(["d"], 1)],
    "a: \"x\"\nb: 'y'\nc: [1, 2]\nd: 1",
  ],
  ["keeps the quotes and the comment of a value", "a: \"\" # x\nb: ''", [
    set(["a"], "n"),
    set(["b"], "m"),
  ], "a: \"n\" # x\nb: 'm'"],
  [
    "keeps the comment of a list that was empty",
    "l: # none yet\nb: 1",
    [append(["l"], "x")],
    "l:\n  - x\n  # none yet\nb: 1",
  ],
  ["makes parents", "a: 1", [set(["v", "x", "y"], 2)], "a: 1\nv:\n  x:\n    y: 2"],
  ["fills an empty parent", "v:\nb: 1", [set(["v", "x"], 2)], "v:\n  x: 2\nb: 1"],
  ["replaces a parent of the wrong type", "v: 3", [set(["v", "x"], 2)], "v:\n  x: 2"],
  [
    "appends to a block list",
    "l:\n  - a # first\nb: 1",
    [append(["l"], "c")],
    "l:\n  - a # first\n  - c\nb: 1",
  ],
  ["appends to a flow list", "l: [a]", [append(["l"], "b")], "l: [a, b]"],
  ["opens an empty list", "l: []", [append(["l"], "a"), append(["l"], "b")], "l:\n  - a\n  - b"],
  ["makes a list of nothing", "a: 1\nl:", [append(["l"], "b")], "a: 1\nl:\n  - b"],
  ["makes a missing list", "a: 1", [append(["l"], { x: 1 })], "a: 1\nl:\n  - x: 1"],
  [
    "copies an aliased list",
    "t: &t [x]\nu: *t",
    [append(["u"], "y")],
    "t: &t [x]\nu:\n  - x\n  - y",
  ],
  [
    "copies an aliased map",
    "t: &t {a: 1}\nu: *t",
    [set(["u", "b"], 2)],
    "t: &t {a: 1}\nu:\n  a: 1\n  b: 2",
  ],
  [
    "quotes what would be read otherwise",
    "a: 1",
    [set(["a"], "true"), set(["b"], "# x")],
    'a: "true"\nb: "# x"',
  ],
  ["writes text of several lines", "a: 1", [set(["a"], "x\ny\n")], "a: |\n  x\n  y"],
];

for (const [what, before, changes, after] of CHANGES) {
  Deno.test(`withChanges() ${what}`, () => {
    const text = `---\n${before}\n---\nbody\n---\n`;
    const result = read(text).withChanges(changes);

    strictEqual(result, `---\n${after}\n---\nbody\n---\n`);
    ok(readFrontMatter(result).ok);
  });
}

Deno.test("withChanges() keeps BOM, CRLF and the body of a Windows file", () => {
  const text = "\uFEFF---\r\na: 1 # one\r\nl:\r\n  - x\r\n---\r\nbody\r\n";
  const result = read(text).withChanges([set(["a"], 2), append(["l"], "y")]);

  strictEqual(result, "\uFEFF---\r\na: 2 # one\r\nl:\r\n  - x\r\n  - y\r\n---\r\nbody\r\n");
});

Deno.test("withChanges() leaves long lines unfolded", () => {
  const long = "word ".repeat(60).trim();

  strictEqual(
    read(`---\na: 1\n---\n`).withChanges([set(["b"], long)]),
    `---\na: 1\nb: ${long}\n---\n`,
  );
});

Deno.test("withChanges() does not change the front matter it was called on", () => {
  const front = read("---\nl: [a]\n---\n");
  front.withChanges([append(["l"], "b")]);

  deepStrictEqual(front.data, { l: ["a"] });
});

Deno.test("writeFrontMatter() writes keys in order, and readFrontMatter() gives them back", () => {
  const data = {
    b: "1.1",
    a: ["x: y", "# no", ""],
    d: { n: null, t: true, f: 1.5 },
    s: "2026-11-20",
  };
  const text = writeFrontMatter(data, "\nbody");
  const result = read(text);

  deepStrictEqual(result.data, data);
  deepStrictEqual(Object.keys(result.data), ["b", "a", "d", "s"]);
  strictEqual(result.body, "\nbody");
});

Deno.test("readYaml() reads whole documents and throws a SyntaxError with the reason", () => {
  deepStrictEqual(readYaml("- a\n- {b: 1}\n"), ["a", { b: 1 }]);
  throws(() => readYaml("a: 'x"), SyntaxError);
  throws(() => readYaml("a: 1\na: 2"), /"a" stands twice/);
});

Deno.test("withChanges() sets a key inside an item of a list by its index, and replaces what is no item", () => {
  const change = (index: string) => {
    const before = read("---\nlog:\n  - label: a # why\n  - label: b\n---\n");
    return read(before.withChanges([{ path: ["log", index, "at"], set: "now" }])).data;
  };
  deepStrictEqual(change("1"), { log: [{ label: "a" }, { label: "b", at: "now" }] });
  deepStrictEqual(change("5"), { log: { 5: { at: "now" } } });
});

/** Front matter that is written in many ways, to be changed twice. */
const TWICE: readonly string[] = [
  "a: 1\n",
  "# head\na: 1 # one\n\nlist:\n  # first\n  - x\nmap:\n  k: 'v'\n# end\n",
  "list: []\nmap: {}\nlog: []\n",
  'list: [x, "y"]\nmap: {k: v}\nat: "2026-01-01T00:00:00.000Z"\n',
  "list:\n- x\n- y\nmap:\n    k: |\n      two\n      lines\nat: 2026-01-01T00:00:00.000Z\n",
  "list: null\nmap: text\nlog:\n  - from: a\n    to: b\n",
  "base: &b {k: 1}\nmap: *b\nlist: ['1', \"true\", null]\n",
];
const PAIRED: readonly (readonly FrontMatterChange[])[] = [
  [{ path: ["list"], append: "2" }, { path: ["map", "k"], set: "true" }],
  [{ path: ["map"], set: { k: "a: b", l: ["# c", ""] } }, { path: ["at"], set: "x" }],
  [{ path: ["log"], append: { from: "a", reason: "two\nlines" } }, { path: ["a"], set: null }],
  [{ path: ["at"], set: "2026-02-02T00:00:00.000Z" }, { path: ["map", "k"], set: "2" }],
  [{ path: ["log", "0", "at"], set: "2026-02-02T00:00:00.000Z" }, { path: ["list"], set: [] }],
];

function changed(text: string, changes: readonly FrontMatterChange[]): string {
  const read = readFrontMatter(text);
  ok(read.ok, text);
  return read.value.withChanges(changes);
}

for (const yaml of TWICE) {
  Deno.test(`withChanges() of what was just changed is as of the same text read anew: ${JSON.stringify(yaml)}`, () => {
    for (const newline of ["\n", "\r\n"]) {
      const text = `---\n${yaml}---\nbody`.replaceAll("\n", newline);
      for (const first of PAIRED) {
        for (const second of PAIRED) {
          const once = changed(text, first);
          const atOnce = changed(once, second);
          // Another document in between: nothing is left of the first change.
          changed("---\nother: 1\n---\n", []);
          strictEqual(atOnce, changed(once, second));
        }
      }
    }
  });
}
