import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { normalise, soundDocument } from "../../schemas/lenient.ts";
import { validate } from "../../schemas/validate.ts";

const STATE = { schemaVersion: "1.1", workflowType: "w", stepsCompleted: [], currentNodeId: "" };

Deno.test("normalise() drops empty strings and nulls of optional fields only", () => {
  const value = {
    ...STATE,
    updatedAt: "",
    variables: null,
    decisionLog: [{ from: "a", to: "b", label: "", reason: "", decidedAt: "" }],
    unknown: "",
    alsoUnknown: null,
  };

  deepStrictEqual(normalise("workflow_state", value), {
    ...STATE,
    decisionLog: [{ from: "a", to: "b", label: "" }],
    unknown: "",
    alsoUnknown: null,
  });
});

Deno.test("normalise() leaves what a package says under a key like __proto__ a plain key", () => {
  const value = JSON.parse('{"__proto__": {"polluted": true}, "nodeId": "n"}');
  const result = normalise("step", value) as Record<string, unknown>;

  strictEqual(Object.getPrototypeOf(result), Object.prototype);
  strictEqual(result.polluted, undefined);
  deepStrictEqual(Object.keys(result), ["__proto__", "nodeId"]);
});

Deno.test("normalise() does not change its argument", () => {
  const value = { ...STATE, updatedAt: "" };
  normalise("workflow_state", value);

  strictEqual(value.updatedAt, "");
});

const DATES: ReadonlyArray<readonly [string, string]> = [
  ["2026-11-20", "2026-11-20T00:00:00Z"],
  ["2026-1-2", "2026-01-02T00:00:00Z"],
  ["2026-11-20 14:30", "2026-11-20T14:30:00Z"],
  ["2026-11-20 14:30:05", "2026-11-20T14:30:05Z"],
  ["2026-11-20T14:30:05", "2026-11-20T14:30:05Z"],
  ["2026-11-20 09:30:05 +01", "2026-11-20T09:30:05+01:00"],
  ["2026-11-20t09:30:05z", "2026-11-20T09:30:05Z"],
  ["2026-11-20T09:30:05+0100", "2026-11-20T09:30:05+01:00"],
  ["2026-11-20T09:30:05.123Z", "2026-11-20T09:30:05.123Z"],
  ["soon", "soon"],
];

for (const [given, wanted] of DATES) {
  Deno.test(`normalise() reads the unquoted date ${given} of front matter as ${wanted}`, () => {
    const result = normalise("workflow_state", { ...STATE, updatedAt: given });

    deepStrictEqual(result, { ...STATE, updatedAt: wanted });
  });
}

Deno.test("normalise() turns numbers of front matter into the strings they were meant as", () => {
  const step = { schemaVersion: 1.1, nodeId: 7, type: "step", inputs: [2026] };
  const wanted = { schemaVersion: "1.1", nodeId: "7", type: "step", inputs: ["2026"] };

  deepStrictEqual(normalise("step", step), wanted);
  deepStrictEqual(validate("step", normalise("step", step)), []);
});

Deno.test("normalise() keeps numbers and dates of JSON documents, where quotes are not optional", () => {
  const manifest = { schemaVersion: 1.1, createdAt: "2026-11-20" };

  deepStrictEqual(normalise("bmad", manifest), manifest);
});

Deno.test("soundDocument() gives a document of the right shape for any value", () => {
  const empty = { schemaVersion: "", entryNodeId: "", nodes: [], edges: [] };

  for (const value of [null, undefined, 1, "x", [], {}, { nodes: 1, edges: {} }]) {
    deepStrictEqual(soundDocument("workflow_graph", value), empty);
  }
});

Deno.test("soundDocument() keeps what is sound, and every item at its index", () => {
  const value = {
    schemaVersion: "1.1",
    entryNodeId: "a",
    nodes: [null, { id: "a", type: "loop", file: 3, title: [], description: "d", extra: 1 }],
    edges: [{ from: "a", isDefault: "yes" }],
    metadata: "x",
  };

  deepStrictEqual(soundDocument("workflow_graph", value), {
    schemaVersion: "1.1",
    entryNodeId: "a",
    nodes: [
      { id: "", type: "step", file: "" },
      { id: "a", type: "step", file: "", description: "d", extra: 1 },
    ],
    edges: [{ from: "a", to: "", label: "" }],
  });
});
