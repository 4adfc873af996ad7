// A tools.yaml by somebody who wants to get out of the sources, or to hold the reader up.
import assert from "node:assert/strict";
import { checkArguments } from "../../../runtime/flow/check_arguments.ts";
import { readFlowSource } from "../../../runtime/flow/read_flow_source.ts";
import { inFolder } from "./flow_world.ts";

const LAUGHS = Array.from(
  { length: 30 },
  (_, index) =>
    `l${index}: &l${index} [${index === 0 ? "x" : Array(9).fill(`*l${index - 1}`).join(", ")}]`,
);

const HOSTILE: readonly (readonly [string, string])[] = [
  ["names a file by its address", "t: {module: 'file:///etc/passwd', call: f}"],
  ["names a web address", "t: {module: 'https://evil.example/x.js', call: f}"],
  ["names an absolute path", "t: {module: /etc/passwd, call: f}"],
  ["names a path that leads out", "t: {module: a/../../x.js, call: f}"],
  ["names a module of Node", "t: {module: 'node:fs', call: readFileSync}"],
  ["names a library", "t: {module: 'npm:left-pad', call: f}"],
  ["breaks its line in a name", '"a\\nb": {module: x, call: f}'],
  ["injects by a name", '"${globalThis.injected = 1}": {module: x, call: f}'],
  ["injects by a function", "t: {module: x, call: 'f(); globalThis.injected = 1'}"],
  ["names what every object has", "t: {module: x, call: __proto__}"],
  ["is a list", "- module: x"],
  ["has a tool that is a number", "t: 5"],
  ["has parameters that are a text", "t: {module: x, call: f, parameters: all}"],
  ["repeats itself without end", LAUGHS.join("\n")],
  ["nests without end", `t: ${"[".repeat(5_000)}`],
  ["is no YAML", "t: {module: x"],
  ["is binary", "t: \0"],
  ["is larger than any file", `# ${"x".repeat(2_000_000)}`],
];

for (const [title, yaml] of HOSTILE) {
  Deno.test(`readFlowSource() has an error for a tools.yaml that ${title}, and goes on`, () =>
    inFolder({
      "agents/a.md": "Do it.\n",
      "tools.yaml": yaml,
      "x.js": "export function f() {}\n",
    }, (dir) => {
      const { source } = readFlowSource(dir, { env: {}, envFiles: [] });
      const errors = source.findings.filter(({ severity, file }) =>
        severity === "error" && file.startsWith("tools.yaml")
      );
      assert.ok(errors.length > 0, JSON.stringify(source.findings));
      assert.deepEqual(source.agents.map(({ id }) => id), ["a"]);
      assert.equal("injected" in globalThis, false);
      return Promise.resolve();
    }));
}

Deno.test("checkArguments() judges by a pattern that others backtrack over for ever", () => {
  const parameters = {
    type: "object",
    properties: { text: { type: "string", pattern: "^(a+)+$" } },
  };
  assert.equal(checkArguments(parameters, { text: "a".repeat(1_000) }), undefined);
  assert.match(checkArguments(parameters, { text: `${"a".repeat(1_000)}!` }) ?? "", /text/);
});
