import assert from "node:assert/strict";
import { placeholderFile } from "../../../runtime/llm/placeholder_file.ts";
import { readYaml } from "../../../schemas/yaml_map.ts";

const NODE = { id: "a-1", title: 'A "title" <b> & more' };

Deno.test("placeholderFile() writes JSON and YAML that parse and are labelled", () => {
  const expected = { simulated: true, nodeId: "a-1" };
  for (
    const value of [
      JSON.parse(placeholderFile("x.json", NODE)),
      readYaml(placeholderFile("x.yaml", NODE)),
      readYaml(placeholderFile("X.YML", NODE)),
    ]
  ) {
    const { note, ...rest } = value as Record<string, unknown>;
    assert.deepEqual(rest, expected);
    assert.match(String(note), /^\[simulation\]/);
  }
});

Deno.test("placeholderFile() writes CSV with a header and quoted fields", () => {
  assert.match(placeholderFile("x.csv", NODE), /^nodeId,note\n"a-1","\[simulation\] .*""a-1""/);
});

Deno.test("placeholderFile() escapes the title in HTML", () => {
  assert.match(placeholderFile("x.html", NODE), /A &quot;title&quot; &lt;b> &amp; more/);
});

Deno.test("placeholderFile() labels every type of file", () => {
  for (const type of ["md", "txt", "xml", "svg", "jsonl", "html", "py", ""]) {
    assert.match(placeholderFile(`artifacts/x.${type}`, NODE), /\[simulation\]/);
  }
});
