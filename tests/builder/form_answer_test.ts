import assert from "node:assert/strict";
import { answerOfForm } from "../../builder/form_answer.ts";
import type { Question } from "../../schemas/question.ts";

function formOf(fields: Readonly<Record<string, string>>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

const FORM: Question = {
  question: "Who?",
  kind: "form",
  schema: {
    type: "object",
    required: ["name"],
    properties: {
      name: { type: "string" },
      age: { type: "integer" },
      size: { type: "number" },
      member: { type: "boolean" },
      colour: { enum: ["red", 7] },
      tags: { type: "array" },
    },
  },
};

Deno.test("answerOfForm() reads each field by its type, and leaves out what is empty", () => {
  const text = answerOfForm(
    formOf({
      "field.name": "Ann",
      "field.age": "41",
      "field.size": "",
      "field.member": "true",
      "field.colour": "7",
      "field.tags": '["a"]',
    }),
    FORM,
  );
  const answer = { name: "Ann", age: 41, member: true, colour: 7, tags: ["a"] };
  assert.deepEqual(JSON.parse(text), answer);
});

for (
  const [name, value] of [
    ["name", " "],
    ["age", "1.5"],
    ["age", "old"],
    ["size", "Infinity"],
    ["colour", "blue"],
    ["tags", "[a"],
  ]
) {
  Deno.test(`answerOfForm() refuses "${value}" for ${name} and names the field`, () => {
    const form = formOf({ "field.name": "Ann", [`field.${name}`]: value ?? "" });
    assert.throws(() => answerOfForm(form, FORM), {
      code: "ANSWERS_INVALID",
      message: new RegExp(`"${name}"`),
    });
  });
}

Deno.test("answerOfForm() of a review says whether it is approved, and the comments", () => {
  const question: Question = { question: "Good?", kind: "review", path: "@project/a.md" };
  const form = formOf({ approved: "no", comments: "Shorter" });
  assert.deepEqual(JSON.parse(answerOfForm(form, question)), {
    approved: false,
    comments: "Shorter",
  });
});
