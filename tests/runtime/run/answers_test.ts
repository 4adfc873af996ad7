import assert from "node:assert/strict";
import type { Question } from "../../../schemas/question.ts";
import { answersPerson, parseAnswers, simulatedPerson } from "../../../runtime/run/answers.ts";
import { firstOf, nobody } from "../../../runtime/run/person.ts";

const text: Question = { question: "Which?", kind: "text" };
const at = (nodeId: string) => ({ nodeId, signal: new AbortController().signal });

Deno.test("parseAnswers() refuses what is no answers file and says what is wrong", () => {
  const rows: [string, RegExp][] = [
    ["", /not JSON/],
    ["[]", /not an object/],
    ["null", /not an object/],
    ['{"answer": ["x"]}', /unknown key "answer"/],
    ['{"answers": "x"}', /"answers" is not a list/],
    ['{"answers": [1]}', /"answers" is not a list/],
    ['{"answers": [null]}', /"answers" is not a list/],
    ['{"answersByNode": {"a": "x"}}', /"answersByNode" does not map/],
    ['{"decisions": ["a"]}', /"decisions" does not map/],
    ['{"decisions": {"a": "x", "b": 1}}', /"decisions" has for "b" neither/],
    ['{"decisions": {"main/b": ["x", 1]}}', /"decisions" has for "main\/b" neither/],
    ['{"decisions": {"b": [["x"]]}}', /"decisions" has for "b" neither/],
    ['{"decisions": {"b": null}}', /"decisions" has for "b" neither/],
    ['{"__proto__": {}, "constructor": {}}', /unknown key/],
  ];
  for (const [content, message] of rows) {
    assert.throws(() => parseAnswers(content), { code: "ANSWERS_INVALID", message }, content);
  }
});

Deno.test("parseAnswers() takes decisions as a label or as a list of labels, one per visit", () => {
  const decisions = { review: "accept", "main/review": ["revise", "accept"], draft: [] };
  assert.deepEqual(parseAnswers(JSON.stringify({ decisions })).decisions, decisions);
});

Deno.test("answersPerson() gives each answer once, by node before in order, then leaves open", async () => {
  const person = answersPerson(parseAnswers(
    '{"answers": ["first", true], "answersByNode": {"b": [{"name": "Ada"}]}}',
  ));
  assert.deepEqual(await person.ask(text, at("a")), { answer: "first", by: "answers" });
  assert.deepEqual(await person.ask(text, at("b")), { answer: { name: "Ada" }, by: "answers" });
  assert.deepEqual(await person.ask(text, at("b")), { answer: true, by: "answers" });
  assert.equal(await person.ask(text, at("b")), null);
});

Deno.test("simulatedPerson answers every kind of question with labelled placeholders", async () => {
  const schema = {
    type: "object",
    properties: { name: { type: "string" }, age: { type: "integer" }, size: { enum: ["s", "m"] } },
  };
  const rows: [Question, unknown][] = [
    [text, "[simulation] answer to: Which?"],
    [{ ...text, kind: "confirmation" }, true],
    [{ ...text, kind: "selection", options: ["one", "two"] }, "one"],
    [{ ...text, kind: "form", schema }, { name: "[simulation]", age: 1, size: "s" }],
  ];
  for (const [question, answer] of rows) {
    assert.deepEqual((await simulatedPerson.ask(question, at("a")))?.answer, answer);
  }
});

Deno.test("simulatedPerson gives no consent: only a person or --yes does", async () => {
  assert.equal(
    await simulatedPerson.approve({ callId: "1", tool: "fs.write", arguments: {} }, at("a")),
    null,
  );
});

Deno.test("firstOf() asks the second person only for what the first leaves open", async () => {
  const person = firstOf(answersPerson(parseAnswers('{"answers": ["one"]}')), simulatedPerson);
  assert.equal((await person.ask(text, at("a")))?.by, "answers");
  assert.equal((await person.ask(text, at("a")))?.by, "simulation");
  assert.equal(await firstOf(nobody, nobody).advise("why", at("a")), null);
});
