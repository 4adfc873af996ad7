import assert from "node:assert/strict";
import { loadCheckedFiles } from "../../../runtime/package/load_checked.ts";
import { declaredStart, inputValues } from "../../../runtime/run/workflow_inputs.ts";
import { packageWithVariables } from "../../talk_package.ts";

async function workflowWith(variables: string) {
  const loaded = loadCheckedFiles(await packageWithVariables(variables), "variables");
  const [workflow] = loaded.workflows;
  assert.ok(workflow);
  return {
    declared: declaredStart(loaded, workflow),
    values: (given: Record<string, unknown>) => inputValues(loaded, workflow, given),
  };
}

const VARIABLES = `  audience: ""
  pages: 2
  formal: true
  languages: [en]
  tone: warm
  deadline:
  topic: ""
`;

Deno.test("declaredStart() takes what no step sets, by the kind of its first value", async () => {
  const { declared } = await workflowWith(VARIABLES);
  assert.deepEqual(declared.inputs, [
    { name: "audience", kind: "text", isRequired: true },
    { name: "pages", kind: "number", isRequired: false, preset: 2 },
    { name: "formal", kind: "yes-no", isRequired: false, preset: true },
    { name: "languages", kind: "json", isRequired: false, preset: ["en"] },
    { name: "tone", kind: "text", isRequired: false, preset: "warm" },
    { name: "deadline", kind: "text", isRequired: true },
  ]);
});

Deno.test("inputValues() reads texts of a form by their kind, and leaves presets alone", async () => {
  const { values } = await workflowWith(VARIABLES);
  const given = { audience: "friends", deadline: "May", pages: "3", formal: "no", tone: " " };
  assert.deepEqual(values({ ...given, languages: '["en", "de"]' }), {
    audience: "friends",
    pages: 3,
    formal: false,
    languages: ["en", "de"],
    deadline: "May",
  });
  assert.deepEqual(values({ audience: "x", deadline: "y", pages: 4, languages: [] }), {
    audience: "x",
    pages: 4,
    languages: [],
    deadline: "y",
  });
});

Deno.test("inputValues() refuses with a message for each field that is wrong", async () => {
  const { values } = await workflowWith(VARIABLES);
  const good = { audience: "x", deadline: "y" };
  const rows: [given: Record<string, unknown>, field: string, message: RegExp][] = [
    [{ deadline: "y" }, "audience", /needed to begin/],
    [{ ...good, audience: " \n" }, "audience", /needed to begin/],
    [{ ...good, audience: 7 }, "audience", /takes a text, not 7/],
    [{ ...good, audience: "x".repeat(100_001) }, "audience", /longer than/],
    [{ ...good, pages: "many" }, "pages", /takes a number, not "many"/],
    [{ ...good, pages: "Infinity" }, "pages", /takes a number/],
    [{ ...good, formal: "perhaps" }, "formal", /takes yes or no/],
    [{ ...good, languages: "[en" }, "languages", /takes JSON/],
    [{ ...good, topic: "set by a step" }, "topic", /no input of the workflow/],
    [{ ...good, ["__proto__x"]: "1" }, "__proto__x", /no input/],
  ];
  for (const [given, field, message] of rows) {
    assert.throws(() => values(given), (thrown: { code: string; details: { fields: object } }) => {
      assert.equal(thrown.code, "INPUTS_INVALID");
      const [[name, text] = []] = Object.entries(thrown.details.fields);
      assert.deepEqual([name, message.test(String(text))], [field, true], String(text));
      return true;
    });
  }
});
