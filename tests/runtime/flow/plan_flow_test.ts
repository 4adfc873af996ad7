import assert from "node:assert/strict";
import { flowGraph, toMermaid } from "../../../runtime/flow/flow_graph.ts";
import { planFlow } from "../../../runtime/flow/plan_flow.ts";
import { agents, type Files, sourceOf } from "./flow_world.ts";

async function stagesOf(files: Files): Promise<(readonly string[])[]> {
  const { source } = await sourceOf(files);
  return planFlow(source, "default").stages.map((stage) => stage.agents);
}

const P = "parallel: true";

const PLANS: readonly (readonly [string, Files, readonly (readonly string[])[]])[] = [
  ["agents in the order of their files", agents({ b: "", a: "", c: "" }), [["a"], ["b"], ["c"]]],
  ["what is waited for first", agents({ a: "wait_for: {agents: [c]}", b: "", c: "" }), [
    ["b"],
    ["c"],
    ["a"],
  ]],
  ["parallel neighbours in a group", agents({ a: P, b: P, c: "" }), [["a", "b"], ["c"]]],
  ["no group across one that is not parallel", agents({ a: P, b: "", c: P }), [
    ["a"],
    ["b"],
    ["c"],
  ]],
  [
    "no group of an agent and the one it waits for",
    agents({
      a: P,
      b: `${P}\nwait_for: {agents: [a]}`,
      c: P,
    }),
    [["a"], ["b", "c"]],
  ],
  ["the order of workflow.yaml", {
    ...agents({ a: "", b: "", c: "" }),
    "workflow.yaml": "flows: {default: {sequence: [c, {parallel: [b, a]}]}}",
  }, [["c"], ["b", "a"]]],
  ["parallel steps", {
    ...agents({ a: "", b: "", c: "" }),
    "workflow.yaml": "flows: {default: {steps: [{agents: [a, b], parallel: true}, {agents: [c]}]}}",
  }, [["a", "b"], ["c"]]],
  ["steps one after the other unless they are parallel", {
    ...agents({ a: "", b: "" }),
    "workflow.yaml": "flows: {default: {steps: [{agents: [a, b]}]}}",
  }, [["a"], ["b"]]],
  ["two written groups apart", {
    ...agents({ a: "", b: "", c: "", d: "" }),
    "workflow.yaml": "flows: {default: {sequence: [{parallel: [a, b]}, {parallel: [c, d]}]}}",
  }, [["a", "b"], ["c", "d"]]],
  ["front matter over workflow.yaml", {
    ...agents({ a: "", b: "parallel: false", c: "wait_for: {agents: [d]}", d: "" }),
    "workflow.yaml": "flows: {default: {sequence: [{parallel: [a, b]}, c, d]}}",
  }, [["a"], ["b"], ["d"], ["c"]]],
];

for (const [title, files, stages] of PLANS) {
  Deno.test(`planFlow() makes ${title}`, async () => {
    assert.deepEqual(await stagesOf(files), stages);
  });
}

Deno.test("planFlow() names the flows there are when one is unknown", async () => {
  const { source } = await sourceOf(agents({ a: "" }));
  assert.throws(() => planFlow(source, "other"), { code: "FLOW_NOT_FOUND", message: /"default"/ });
});

Deno.test("planFlow() refuses agents that wait for each other", async () => {
  const { source } = await sourceOf(
    agents({
      a: "wait_for: {agents: [c]}",
      b: "wait_for: {agents: [a]}",
      c: "wait_for: {agents: [b]}",
    }),
  );
  assert.throws(() => planFlow(source, "default"), { message: /a → c → b → a/ });
});

Deno.test("planFlow() plans a chain of 1,000 agents that stand in the wrong order", async () => {
  const name = (index: number) => `a${String(index).padStart(4, "0")}`;
  const chain = Object.fromEntries(
    Array.from({ length: 1000 }, (_, index) => [
      name(index),
      index === 999 ? "" : `wait_for: {agents: [${name(index + 1)}]}`,
    ]),
  );
  const stages = await stagesOf(agents(chain));
  assert.deepEqual([stages[0], stages.at(-1), stages.length], [["a0999"], ["a0000"], 1000]);
});

Deno.test("toMermaid() shows waits, order and documents, and lets no id out of its label", async () => {
  const { source } = await sourceOf(agents({
    a: 'description: "]; click"',
    b: "wait_for: {agents: [a], docs: [brief]}",
    end: "",
  }));
  const graph = flowGraph(planFlow(source, "default"), source.agents);
  assert.deepEqual(graph.edges, [{ from: "a", to: "b" }]);
  assert.deepEqual(graph.stages, [["a"], ["b"], ["end"]]);
  assert.equal(
    toMermaid(graph),
    [
      "flowchart TD",
      '  a0["a"]',
      '  a1["b"]',
      '  a2["end"]',
      '  d0[("brief")]',
      "  d0 --> a1",
      "  a0 --> a1",
      "  a1 -.-> a2",
      "",
    ].join("\n"),
  );
});
