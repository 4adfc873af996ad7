import assert from "node:assert/strict";
import { strongComponents } from "../../../../runtime/run/walk/components.ts";
import { type GraphReport, reportGraphs } from "../../../../runtime/run/walk/graph_report.ts";
import type { WorkflowGraph } from "../../../../schemas/package.ts";
import { type Edges, graphOf, longChain, type Nodes } from "./graphs.ts";
import { PATIENCE_MS } from "../../../patience.ts";

function reportOn(nodes: Nodes, edges: Edges): GraphReport {
  return reportGraph(graphOf(nodes, edges));
}

function reportGraph(graph: WorkflowGraph): GraphReport {
  const [report] = reportGraphs([{ id: "main", graph }]);
  assert.ok(report);
  return report;
}

/** What a report finds fault with, in short. */
function faultsOf(report: GraphReport) {
  return {
    canComplete: report.canComplete,
    nodes: report.unreachableNodes,
    edges: report.unreachableEdges.map(({ edge }) => `${edge.from} ${edge.label}`),
    deadEnds: report.deadEnds.map(({ nodeId }) => nodeId),
    loops: report.loopsWithoutExit,
    withoutEnd: report.nodesWithoutEnd,
  };
}

const NO_FAULT = { nodes: [], edges: [], deadEnds: [], loops: [], withoutEnd: [] };
const CAN = { canComplete: true, ...NO_FAULT };
const CANNOT = { canComplete: false, ...NO_FAULT };

const GRAPHS: readonly [string, Nodes, Edges, ReturnType<typeof faultsOf>][] = [
  ["a single end", { end: "end" }, [], CAN],
  ["a step without a way on", { a: "step" }, [], { ...CANNOT, deadEnds: ["a"], withoutEnd: ["a"] }],
  ["a self-loop with a way out", { a: "decision", end: "end" }, [["a", "a"], ["a", "end"]], CAN],
  [
    "a self-loop without a way out",
    { a: "decision", b: "step", end: "end" },
    [["a", "b"], ["a", "end"], ["b", "b"]],
    { ...CAN, loops: [["b"]], withoutEnd: ["b"] },
  ],
  [
    "a way into a loop without exit",
    { a: "step", way: "step", b: "step", c: "step" },
    [["a", "way"], ["way", "b"], ["b", "c"], ["c", "b"]],
    { ...CANNOT, loops: [["b", "c"]], withoutEnd: ["a", "way", "b", "c"] },
  ],
  [
    "two loops without exit, one behind the other",
    { a: "step", b: "step", c: "step", d: "step" },
    [["a", "b"], ["b", "a"], ["b", "c"], ["c", "d"], ["d", "c"]],
    { ...CANNOT, loops: [["a", "b"], ["c", "d"]], withoutEnd: ["a", "b", "c", "d"] },
  ],
  ["two edges to one target", { a: "decision", end: "end" }, [
    ["a", "end", "yes"],
    ["a", "end", "no"],
  ], CAN],
  ["an edge that is there twice", { a: "step", end: "end" }, [["a", "end"], ["a", "end"]], CAN],
  [
    "an island with a loop and an end of its own",
    { a: "step", end: "end", x: "step", y: "decision", z: "end" },
    [["a", "end"], ["x", "y"], ["y", "x"], ["y", "z"]],
    { ...CAN, nodes: ["x", "y", "z"], edges: ["x y", "y x", "y z"] },
  ],
  [
    "an end that only an island reaches",
    { a: "step", b: "step", x: "step", end: "end" },
    [["a", "b"], ["x", "end"]],
    {
      ...CANNOT,
      nodes: ["x", "end"],
      edges: ["x end"],
      deadEnds: ["b"],
      withoutEnd: ["a", "b"],
    },
  ],
  [
    "edges behind an end node",
    { a: "step", end: "end", later: "step" },
    [["a", "end"], ["end", "later"], ["later", "a"]],
    { ...CAN, nodes: ["later"], edges: ["end later", "later a"] },
  ],
  [
    "edges from and to nodes that are not there",
    { a: "step", b: "step", end: "end" },
    [["a", "b"], ["a", "end"], ["b", "ghost"], ["ghost", "end"]],
    { ...CAN, edges: ["b ghost", "ghost end"], deadEnds: ["b"], withoutEnd: ["b"] },
  ],
  [
    "names that objects have already",
    { constructor: "step", toString: "decision", valueOf: "end" },
    [["constructor", "toString"], ["toString", "constructor"], ["toString", "valueOf"]],
    CAN,
  ],
];

for (const [title, nodes, edges, faults] of GRAPHS) {
  Deno.test(`reportGraphs() says what is wrong with ${title}`, () => {
    assert.deepEqual(faultsOf(reportOn(nodes, edges)), faults);
  });
}

Deno.test("reportGraphs() says that nothing is reached where the entry is not there", () => {
  const graph = { ...graphOf({ a: "step", end: "end" }, [["a", "end"]]), entryNodeId: "ghost" };
  const faults = faultsOf(reportGraph(graph));
  assert.deepEqual(faults, { ...CANNOT, nodes: ["a", "end"], edges: ["a end"] });
});

Deno.test("reportGraphs() makes a call of a workflow that cannot complete a dead end, at any depth", () => {
  const reports = reportGraphs([
    {
      id: "main",
      graph: graphOf({ call: "call:middle", end: "end" }, [["call", "end"]]),
    },
    { id: "middle", graph: graphOf({ deeper: "call:stuck", end: "end" }, [["deeper", "end"]]) },
    { id: "stuck", graph: graphOf({ a: "step" }, []) },
    { id: "well", graph: graphOf({ end: "end" }, []) },
  ]);
  assert.deepEqual(reports.map(({ canComplete }) => canComplete), [false, false, false, true]);
  assert.deepEqual(reports[0]?.deadEnds, [
    { nodeId: "call", reason: 'the workflow "middle" cannot complete' },
  ]);
  assert.deepEqual(reports[0]?.unreachableNodes, ["end"]);
});

Deno.test("reportGraphs() lets a workflow complete that has a way round a call which cannot", () => {
  const [main] = reportGraphs([
    {
      id: "main",
      graph: graphOf({ a: "decision", call: "call:main", end: "end" }, [
        ["a", "call"],
        ["a", "end"],
        ["call", "end"],
      ]),
    },
  ]);
  assert.equal(main?.canComplete, true);
});

for (
  const [kind, reason] of [
    ["call:nowhere", 'the package has no workflow "nowhere" to call'],
    ["call", "it names no workflow to call"],
  ] as const
) {
  Deno.test(`reportGraphs() says of a dead end that ${reason}`, () => {
    const { deadEnds, canComplete } = reportOn({ a: kind, end: "end" }, [["a", "end"]]);
    assert.deepEqual({ deadEnds, canComplete }, {
      deadEnds: [{ nodeId: "a", reason }],
      canComplete: false,
    });
  });
}

Deno.test("reportGraphs() ends with two workflows that only call each other", () => {
  const reports = reportGraphs([
    { id: "one", graph: graphOf({ call: "call:two", end: "end" }, [["call", "end"]]) },
    { id: "two", graph: graphOf({ call: "call:one", end: "end" }, [["call", "end"]]) },
  ]);
  assert.deepEqual(reports.map(({ canComplete }) => canComplete), [false, false]);
});

Deno.test("reportGraphs() tells edges behind a call that need their condition from those never taken", () => {
  const conditionExpr = { "==": [1, 1] };
  const [report] = reportGraphs([
    {
      id: "main",
      graph: graphOf({ call: "call:child", a: "end", b: "end", c: "end" }, [
        ["call", "a", "a", { isDefault: true }],
        ["call", "b", "b", { conditionExpr }],
        ["call", "c", "c", { conditionText: "the moon is full" }],
      ]),
    },
    { id: "child", graph: graphOf({ end: "end" }, []) },
  ]);
  assert.deepEqual(report?.conditionalEdges.map(({ to }) => to), ["b"]);
  assert.deepEqual(report?.unreachableEdges.map(({ edge }) => edge.to), ["c"]);
  assert.deepEqual(report?.unreachableNodes, ["c"]);
});

Deno.test("reportGraphs() is soon done with 1,000 nodes, and with a loop of 20,000", () => {
  const ring: Record<string, string> = {};
  for (let index = 0; index < 20_000; index += 1) ring[`r${index}`] = "step";
  const edges = Object.keys(ring).map((id, index, ids): [string, string] => [
    id,
    ids[(index + 1) % ids.length] ?? "",
  ]);
  const started = performance.now();
  assert.equal(reportGraph(longChain(1000)).canComplete, true);
  assert.ok(performance.now() - started < PATIENCE_MS);
  const [loop] = reportOn(ring, edges).loopsWithoutExit;
  assert.equal(loop?.length, 20_000);
  assert.ok(performance.now() - started < PATIENCE_MS);
});

Deno.test("strongComponents() agrees with reachability both ways on every graph of a few nodes", () => {
  const ids = ["a", "b", "c", "d"];
  const pairs = ids.flatMap((from) => ids.filter((to) => to !== from).map((to) => [from, to]));
  for (let bits = 0; bits < 2 ** pairs.length; bits += 1) {
    const edges = pairs.filter((_, index) => bits & (1 << index));
    const next = (from: string) => edges.flatMap(([a, b]) => a === from ? b ?? "" : []);
    const reach = (from: string) => {
      const seen = new Set([from]);
      for (const id of seen) for (const to of next(id)) seen.add(to);
      return seen;
    };
    const reached = new Map(ids.map((id) => [id, reach(id)]));
    const expected = new Set(
      ids.map((id) =>
        ids.filter((other) => reached.get(id)?.has(other) && reached.get(other)?.has(id)).join()
      ),
    );
    const found = strongComponents(ids, next).map((members) => members.join());
    assert.deepEqual(found.toSorted(), [...expected].toSorted(), JSON.stringify(edges));
  }
});
