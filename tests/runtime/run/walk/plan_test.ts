import assert from "node:assert/strict";
import { reportGraphs } from "../../../../runtime/run/walk/graph_report.ts";
import { choicesOf, type Path, planPaths } from "../../../../runtime/run/walk/plan_paths.ts";
import {
  planWalks,
  randomWalks,
  startsOf,
  type WalkGround,
} from "../../../../runtime/run/walk/plan_walks.ts";
import { randomPath } from "../../../../runtime/run/walk/random_path.ts";
import { seededRandom } from "../../../../runtime/run/walk/seeded_random.ts";
import { edgeKey, type UsableGraph } from "../../../../runtime/run/walk/usable_graph.ts";
import type { WorkflowGraph } from "../../../../schemas/package.ts";
import { type Edges, graphOf, longChain, type Nodes } from "./graphs.ts";
import { PATIENCE_MS } from "../../../patience.ts";

function groundOf(graphs: Record<string, WorkflowGraph>): WalkGround {
  const owners = Object.entries(graphs).map(([id, graph]) => ({ id, graph }));
  return {
    documents: new Map(Object.entries(graphs)),
    reports: new Map(reportGraphs(owners).map((report) => [report.workflowId, report])),
  };
}

function usable(graph: WorkflowGraph): UsableGraph {
  const [report] = reportGraphs([{ id: "main", graph }]);
  assert.ok(report);
  return report.graph;
}

/** Fails unless every path leads from the entry over edges of the graph to an end. */
function assertWhole(graph: UsableGraph, paths: readonly Path[]): void {
  for (const path of paths) {
    let at = graph.entryNodeId;
    for (const edge of path) {
      assert.equal(edge.from, at);
      assert.ok(graph.outgoing.get(at)?.includes(edge), edgeKey(edge));
      at = edge.to;
    }
    assert.equal(graph.nodes.get(at)?.type, "end");
  }
}

/** By definition: reachable from the entry, and an end reachable from it. Slow and plain. */
function coverable({ entryNodeId, nodes, outgoing }: UsableGraph): string[] {
  const from = (start: string) => {
    const seen = new Set([start]);
    for (const id of seen) for (const { to } of outgoing.get(id) ?? []) seen.add(to);
    return seen;
  };
  const leads = (id: string) => [...from(id)].some((other) => nodes.get(other)?.type === "end");
  return [...from(entryNodeId)].flatMap((id) => outgoing.get(id) ?? [])
    .filter(({ to }) => leads(to)).map(edgeKey).toSorted();
}

/** A graph of any shape, islands, dead ends and loops among its parts. */
function anyGraph(seed: number): WorkflowGraph {
  const random = seededRandom(seed);
  const pick = (below: number) => Math.floor(random() * below);
  const size = 1 + pick(12);
  const nodes: Record<string, string> = {};
  for (let index = 0; index < size; index += 1) nodes[`n${index}`] = pick(4) ? "decision" : "end";
  const edges = Array.from(
    { length: pick(size * 3) },
    (): [string, string, string] => [`n${pick(size)}`, `n${pick(size)}`, `l${pick(2)}`],
  );
  return graphOf(nodes, edges);
}

Deno.test("planPaths() takes every edge on a way to an end and no other, whatever the graph", () => {
  for (let seed = 0; seed < 2000; seed += 1) {
    const graph = usable(anyGraph(seed));
    const paths = planPaths(graph);
    assertWhole(graph, paths);
    const taken = new Set(paths.flat().map(edgeKey));
    assert.deepEqual([...taken].toSorted(), coverable(graph), `seed ${seed}`);
  }
});

const SHAPES: readonly [string, Nodes, Edges, string[]][] = [
  ["one empty path where the entry is an end", { end: "end" }, [], [""]],
  ["no path where there is no end", { a: "step", b: "step" }, [["a", "b"], ["b", "a"]], []],
  [
    "a loop once, then the way out",
    { a: "step", b: "decision", end: "end" },
    [["a", "b"], ["b", "end"], ["b", "a"]],
    ["b a b end"],
  ],
  [
    "a self-loop once",
    { a: "decision", end: "end" },
    [["a", "a"], ["a", "end"]],
    ["a end"],
  ],
  [
    "each of two edges to one target",
    { a: "decision", end: "end" },
    [["a", "end", "yes"], ["a", "end", "no"]],
    ["yes", "no"],
  ],
  [
    "a path for each branch",
    { a: "decision", b: "step", c: "step", end: "end" },
    [["a", "b"], ["a", "c"], ["b", "end"], ["c", "end"]],
    ["b end", "c end"],
  ],
];

for (const [title, nodes, edges, expected] of SHAPES) {
  Deno.test(`planPaths() plans ${title}`, () => {
    const paths = planPaths(usable(graphOf(nodes, edges)));
    assert.deepEqual(paths.map((path) => path.map(({ label }) => label).join(" ")), expected);
  });
}

Deno.test("planPaths() covers 1,000 nodes soon, in paths that a walk can hold", () => {
  const graph = usable(longChain(1000));
  const started = performance.now();
  const paths = planPaths(graph);
  assert.ok(performance.now() - started < PATIENCE_MS, `${performance.now() - started} ms`);
  assertWhole(graph, paths);
  assert.equal(new Set(paths.flat().map(edgeKey)).size, graph.edges.length);
  assert.ok(paths.length <= 20, `${paths.length} paths`);
  assert.ok(paths.every(({ length }) => length < 10 * graph.nodes.size));
});

Deno.test("planPaths() relies on a condition of the shell only where there is no other way", () => {
  const conditionExpr = { var: "x" };
  const ground = groundOf({
    main: graphOf({ call: "call:child", far: "step", end: "end", other: "end" }, [
      ["call", "end", "short", { conditionExpr }],
      ["call", "far", "long", { isDefault: true }],
      ["far", "call", "again"],
      ["far", "other", "leave"],
    ]),
    child: graphOf({ end: "end" }, []),
  });
  const [first, ...others] = planPaths(ground.reports.get("main")?.graph as UsableGraph);
  assert.deepEqual(first?.map(({ label }) => label), ["long", "again", "long", "leave"]);
  assert.deepEqual(others.map((path) => path.map(({ label }) => label)), [["short"]]);
});

Deno.test("choicesOf() gives one choice per visit, and names the node where a label is shared", () => {
  const graph = graphOf({ a: "decision", b: "decision", end: "end" }, [
    ["a", "b", "go"],
    ["a", "end", "go"],
    ["b", "a", "back"],
    ["b", "end", "done"],
    ["b", "end", "stop"],
  ]);
  const [ab, aEnd, ba] = graph.edges;
  assert.ok(ab && aEnd && ba);
  assert.deepEqual([...choicesOf(graph, [ab, ba, ab, ba, aEnd])], [
    ["a", ["go -> b", "go -> b", "go -> end"]],
    ["b", ["back", "back"]],
  ]);
});

Deno.test("choicesOf() leaves out nodes with one way on, and those where the shell chooses", () => {
  const graph = graphOf({ a: "step", call: "call:x", end: "end", other: "end" }, [
    ["a", "call"],
    ["call", "end"],
    ["call", "other"],
  ]);
  assert.equal(choicesOf(graph, graph.edges.slice(0, 2)).size, 0);
});

const BRANCHES: [Nodes, Edges] = [
  { a: "decision", b: "end", c: "end", d: "end" },
  [["a", "b"], ["a", "c"], ["a", "d"]],
];

Deno.test("planWalks() goes through every path of a workflow that is called two calls deep", () => {
  const ground = groundOf({
    main: graphOf({ way: "decision", skip: "end", call: "call:middle", end: "end" }, [
      ["way", "skip"],
      ["way", "call"],
      ["call", "end"],
    ]),
    middle: graphOf({ way: "decision", call: "call:deep", end: "end" }, [
      ["way", "end"],
      ["way", "call"],
      ["call", "end"],
    ]),
    deep: graphOf(...BRANCHES),
  });
  const walks = planWalks(ground, "main").map(({ decisions }) => decisions);
  const isDeep = (walk: typeof walks[number]) =>
    walk["main/way"]?.[0] === "call" && walk["middle/way"]?.[0] === "call";
  const deep = walks.filter(isDeep).map((walk) => walk["deep/a"]?.[0]);
  assert.deepEqual(deep.toSorted(), ["b", "c", "d"]);
  assert.ok(walks.some((walk) => walk["main/way"]?.[0] === "skip"));
  assert.ok(
    walks.some((walk) => walk["main/way"]?.[0] === "call" && walk["middle/way"]?.[0] === "end"),
  );
  assert.ok(walks.length <= 6, `${walks.length} walks`);
});

Deno.test("planWalks() takes new paths of caller and called workflow in the same walk", () => {
  const ground = groundOf({
    main: graphOf({ call: "call:deep", way: "decision", b: "end", c: "end" }, [
      ["call", "way"],
      ["way", "b"],
      ["way", "c"],
    ]),
    deep: graphOf(...BRANCHES),
  });
  assert.equal(planWalks(ground, "main").length, 3);
});

Deno.test("startsOf() begins at the default workflow and at those that no other start calls", () => {
  const calls = (id: string) => graphOf({ a: `call:${id}`, end: "end" }, [["a", "end"]]);
  const end = graphOf({ end: "end" }, []);
  const rows: [Record<string, WorkflowGraph>, string[]][] = [
    [{ main: calls("x"), x: end }, ["main"]],
    [{ main: end, x: end, y: calls("x") }, ["main", "y"]],
    [{ x: end, main: calls("x") }, ["x", "main"]],
    [{ main: end, x: calls("y"), y: calls("x") }, ["main", "x"]],
  ];
  for (const [graphs, starts] of rows) {
    assert.deepEqual(startsOf(groundOf(graphs), Object.keys(graphs)), starts);
  }
});

Deno.test("seededRandom() gives the numbers of mulberry32", () => {
  const random = seededRandom(1);
  const numbers = [random(), random(), random()].map((value) => Math.round(value * 2 ** 32));
  assert.deepEqual(numbers, [2693262067, 11749833, 2265367787]);
});

Deno.test("randomPath() ends at an end whatever the seed, as long as one can be reached", () => {
  const graph = usable(longChain(101));
  for (let seed = 0; seed < 200; seed += 1) {
    const path = randomPath(graph, seededRandom(seed));
    assertWhole(graph, [path]);
    assert.ok(path.length < 10 * graph.nodes.size);
  }
});

Deno.test("randomPath() stops at a dead end, and in a loop without exit after a while", () => {
  const stuck = usable(graphOf({ a: "step", b: "step" }, [["a", "b"]]));
  assert.equal(randomPath(stuck, seededRandom(1)).length, 1);
  const round = usable(graphOf({ a: "step", b: "step" }, [["a", "b"], ["b", "a"]]));
  assert.equal(randomPath(round, seededRandom(1)).length, 30);
});

Deno.test("randomWalks() draws the same walks from the same seed and others from another", () => {
  const ground = groundOf({ main: longChain(21) });
  const draw = (seed: number) =>
    randomWalks(ground, "main", { count: 5, random: seededRandom(seed) });
  assert.deepEqual(draw(7), draw(7));
  assert.notDeepEqual(draw(7), draw(8));
});
