import { deepStrictEqual, strictEqual } from "node:assert/strict";
import plugin from "../../.ci/lint_docs.ts";

/** The rules that a source in that file breaks. */
function broken(path: string, source: string): readonly string[] {
  return Deno.lint.runPlugin(plugin, path, source).map(({ id }) => id);
}

const DOCUMENTED: readonly string[] = [
  "/** Adds. */\nexport function add() {}",
  "/**\n * Adds.\n */\nexport const add = 1;",
  "/** A sum. */\nexport interface Sum {}",
  "/** @inline */\nexport type Sum = number;",
  'export { add } from "./add.ts";',
  'export * from "./add.ts";',
  "function add() {}",
];

const UNDOCUMENTED: readonly string[] = [
  "export function add() {}",
  "// Adds.\nexport function add() {}",
  "/* Adds. */\nexport function add() {}",
  "/** Adds. */\nconst one = 1;\nexport const two = one + one;",
];

for (const source of DOCUMENTED) {
  Deno.test(`exports-carry-jsdoc accepts ${JSON.stringify(source)}`, () => {
    deepStrictEqual(broken("runtime/run/add.ts", `// Sums.\n\n${source}\n`), []);
  });
}

for (const source of UNDOCUMENTED) {
  Deno.test(`exports-carry-jsdoc refuses ${JSON.stringify(source)}`, () => {
    const rules = broken("runtime/run/add.ts", `// Sums.\n\n${source}\n`);
    deepStrictEqual(rules, ["docs/exports-carry-jsdoc"]);
  });
}

Deno.test("files-open-with-purpose refuses a file that begins with code", () => {
  deepStrictEqual(broken("main.ts", "let sum = 1;\n"), ["docs/files-open-with-purpose"]);
});

Deno.test("files-open-with-purpose lets tests begin with code", () => {
  strictEqual(broken("tests/main_test.ts", "let sum = 1;\n").length, 0);
});
