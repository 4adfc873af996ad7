import assert from "node:assert/strict";
import { composePrompt } from "../../../runtime/flow/compose_prompt.ts";
import { readAnswer, summaryOf } from "../../../runtime/flow/read_answer.ts";
import { agents, openFlowWorld, sourceOf } from "./flow_world.ts";

const FILES = {
  "agents/pm.md":
    "---\npersona: You are careful.\ntasks: [t]\nchecklists: [c]\ntemplates: [f]\n---\nI am pm.\n",
  "tasks/t.md": "Do it.",
  "checklists/c.md":
    "# List\n- [ ] Names the section `## Risks`\n- [ ] Is polite\n* [x] Is short\n",
  "templates/f.md": "# Title",
};

Deno.test("composePrompt() writes persona, body, tasks, checklists and template, byte for byte", async () => {
  const { source } = await sourceOf(FILES);
  const [agent] = source.agents;
  assert.ok(agent);
  const [system, user] = composePrompt(agent, {
    input: { goal: "Ship" },
    documents: [{ name: "brief", text: "B" }, { name: "gone", text: "" }],
    results: [{ name: "analyst", text: "R" }],
    memory: [{ key: "k", value: null }, { key: "l", value: { a: 1 } }],
    context: { locale: "en" },
  });
  assert.equal(
    system?.content,
    `You are careful.

I am pm.

<task name="t">
Do it.
</task>

<checklist name="c">
# List
- [ ] Names the section \`## Risks\`
- [ ] Is polite
* [x] Is short
</checklist>

<template name="f">
# Title
</template>

Answer with the finished work in Markdown and nothing else: your answer is stored and handed on as it is.
If you cannot do the work because information is missing that nobody gave you, answer only with the line NEEDS_INPUT and below it what is missing, one thing a line, each line beginning with "- ".
Follow the template: keep its headings and order.
Go through the checklist before you answer. End the answer with a fenced block "\`\`\`checklist" that has one line for each item of all checklists, numbered in their order: "1. yes" or "2. no: the reason". The block is taken off.`,
  );
  assert.equal(
    user?.content,
    `<input>
{
  "goal": "Ship"
}
</input>

<document name="brief">
B
</document>

<document name="gone">

</document>

<result name="analyst">
R
</result>

<context>
{
  "locale": "en"
}
</context>

<memory>
k: null
l: {"a":1}
</memory>`,
  );
});

Deno.test("readAnswer() checks a checklist: what can be seen in the output goes before what is said", async () => {
  const { source } = await sourceOf(FILES);
  const { content, checklists } = readAnswer(
    "# Plan\n\nAll well.\n\n```checklist\n1. yes\n2. no: too curt\n```\n",
    source.agents[0]?.checklists ?? [],
  );
  assert.equal(content, "# Plan\n\nAll well.");
  assert.deepEqual(checklists, [{
    checklist: "c",
    passed: 0,
    total: 3,
    items: [
      { text: "Names the section `## Risks`", met: false },
      { text: "Is polite", met: false },
      { text: "Is short", met: null },
    ],
  }]);
});

Deno.test("readAnswer() leaves a text about NEEDS_INPUT, and a block in the middle, alone", () => {
  const text = "We use NEEDS_INPUT here.\n```checklist\n1. yes\n```\nThe end";
  assert.deepEqual(readAnswer(text, [{ name: "c", file: "c", text: "- [ ] a" }]), {
    content: text,
    missing: [],
    needsInput: false,
    checklists: [{ checklist: "c", passed: 0, total: 1, items: [{ text: "a", met: null }] }],
  });
});

Deno.test("summaryOf() takes the first line with words, without its Markdown", () => {
  assert.equal(summaryOf("\n---\n\n# **The** plan\n\nMore"), "The plan");
  assert.equal(summaryOf("x".repeat(500)).length, 200);
});

Deno.test("executeAgent() remembers nothing: the same request asks the model the same", async () => {
  await using world = await openFlowWorld(agents({ a: "wait_for: {docs: [brief], agents: []}" }));
  await world.ports.documents.write("brief", "Not read");
  await world.ports.memory.set("isolated:a:x1", "k", "not read");
  const request = { documents: { "brief.md": "Read" }, context_data: { a: 1 } };
  const first = await world.execute("a", request);
  await world.execute("a", request);
  assert.deepEqual([first.status, first.content], ["completed", "Done by a"]);
  const [one, two] = world.model.requests.map(({ body }) => body);
  assert.deepEqual(one, two);
  assert.match(JSON.stringify(one), /Read\\n<\/document>/);
  assert.doesNotMatch(JSON.stringify(one), /ot read/);
});

Deno.test("executeAgent() asks for documents with `wait`, and refuses unknown agents and bad names", async () => {
  const files = {
    ...agents({ a: "wait_for: {docs: [brief]}" }),
    "config/runtime.yaml": "on_missing_doc: wait\n",
  };
  await using world = await openFlowWorld(files);
  const result = await world.execute("a");
  assert.deepEqual([result.status, result.missing_inputs], ["needs_input", ["brief"]]);
  await assert.rejects(() => world.execute("b"), { code: "FLOW_AGENT_NOT_FOUND", message: /"a"/ });
  await assert.rejects(() => world.execute("a", { documents: { '"><x': "" } }), {
    code: "REQUEST_INVALID",
  });
  assert.equal(world.asked.length, 0);
});
