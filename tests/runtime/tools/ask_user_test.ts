import { deepEqual, equal, ok } from "node:assert/strict";
import { readQuestion } from "../../../runtime/tools/ask_user.ts";

type Values = Readonly<Record<string, unknown>>;

const QUESTIONS: readonly (readonly [string, Values, Values])[] = [
  ["plain text", { question: "Who?" }, { question: "Who?", kind: "text" }],
  ["prompt-less kinds", { question: "Ok?", kind: "Confirmation" }, {
    question: "Ok?",
    kind: "confirmation",
  }],
  ["options", { question: "?", options: ["a", 2] }, {
    question: "?",
    options: ["a", "2"],
    kind: "selection",
  }],
  ["choices", { question: "?", choices: ["a"] }, {
    question: "?",
    options: ["a"],
    kind: "selection",
  }],
  [
    "a schema",
    { question: "?", schema: { type: "object" } },
    { question: "?", schema: { type: "object" }, kind: "form" },
  ],
  [
    "a review",
    { question: "?", kind: "review", path: "artifacts/a.md" },
    { question: "?", kind: "review", path: "@project/artifacts/a.md" },
  ],
];

for (const [title, args, value] of QUESTIONS) {
  Deno.test(`readQuestion() reads ${title}`, () => {
    deepEqual(readQuestion(args), { ok: true, value });
  });
}

const REFUSED: readonly (readonly [Values, string])[] = [
  [{}, 'ui_ask_user: "question" is missing; it has to be a text that is not empty'],
  [
    { question: "?", kind: "selection" },
    'ui_ask_user: a selection needs "options", a list of texts',
  ],
  [
    { question: "?", kind: "form" },
    'ui_ask_user: a form needs "schema", a JSON Schema of type object',
  ],
  [
    { question: "?", kind: "form", schema: { type: "array" } },
    'ui_ask_user: a form needs "schema", a JSON Schema of type object',
  ],
  [
    { question: "?", kind: "review" },
    'ui_ask_user: a review needs "path", the mount path of the file to look at',
  ],
];

for (const [args, message] of REFUSED) {
  Deno.test(`readQuestion() refuses ${JSON.stringify(args)}`, () => {
    const read = readQuestion(args);
    ok(!read.ok);
    equal(read.failure.error.message, message);
  });
}

Deno.test("readQuestion() refuses a path outside the mounts", () => {
  const read = readQuestion({ question: "?", kind: "review", path: "/etc/passwd" });
  ok(!read.ok);
  equal(read.failure.error.code, "E_SANDBOX_VIOLATION");
});
