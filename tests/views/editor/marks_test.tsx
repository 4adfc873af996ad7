import assert from "node:assert/strict";
import { graphChanges } from "../../../builder/recent_graphs.ts";
import { Answer } from "../../../views/editor/answer.tsx";
import type { CanvasGraph } from "../../../views/editor/canvas_graph.ts";
import { fitText } from "../../../views/editor/fit_text.ts";
import { movedPath } from "../../../views/editor/path_data.ts";
import { sceneOf } from "../../../views/editor/scene.ts";
import { english } from "../../../views/text/texts.ts";

const state = { revision: 3, summary: "Move 1 node", undo: "Move 1 node", redo: "" };

const graph: CanvasGraph = {
  workflowId: "main",
  entryNodeId: "a",
  nodes: [
    { id: "a", type: "step", title: "Ask", at: { x: 0, y: 0 } },
    { id: "b", type: "end", at: { x: 300, y: 0 } },
    { id: "c", type: "step", at: { x: 300, y: 200 } },
  ],
  edges: [{ ref: "e1", from: "a", to: "b", label: "on" }, {
    ref: "e2",
    from: "a",
    to: "c",
    label: "off",
  }],
};

const ids = (values: Iterable<string> | "all") => [...values].sort();

Deno.test("graphChanges() names a node that moved and the edges at it, and nothing else", () => {
  const nodes = graph.nodes.map((node) =>
    node.id === "b" ? { ...node, at: { x: 310, y: 0 } } : { ...node }
  );
  const { nodeIds, edgeRefs } = graphChanges(graph, { ...graph, nodes });
  assert.deepEqual(ids(nodeIds), ["b"]);
  assert.deepEqual(ids(edgeRefs), ["e1"]);
});

Deno.test("graphChanges() names both nodes where the entry changes, and edges that are gone", () => {
  const { nodeIds } = graphChanges(graph, { ...graph, entryNodeId: "c" });
  assert.deepEqual(ids(nodeIds), ["a", "c"]);
  const { edgeRefs } = graphChanges(graph, { ...graph, edges: graph.edges.slice(1) });
  assert.deepEqual(ids(edgeRefs), ["e1"]);
});

Deno.test("graphChanges() names an edge whose lane changes when another joins it", () => {
  const edges = [...graph.edges, { ref: "e3", from: "a", to: "b", label: "else" }];
  assert.deepEqual(ids(graphChanges(graph, { ...graph, edges }).edgeRefs), ["e1", "e3"]);
});

Deno.test("Answer carries the marks asked for and names those that are gone", () => {
  const props = { scene: sceneOf(graph), state, texts: english };
  const html = String(<Answer {...props} nodeIds={["a", "gone"]} edgeRefs={["e1"]} />);
  assert.match(html, /id="node:a"/);
  assert.match(html, /id="edge:e1"/);
  assert.doesNotMatch(html, /id="node:b"/);
  assert.match(html, /data-removed="\[&quot;node:gone&quot;\]"/);
  assert.match(html, /data-revision="3"/);
});

Deno.test("Answer escapes scripts in every text of a graph", () => {
  const evil = `"><script>alert(1)</script>`;
  const hostile: CanvasGraph = {
    workflowId: evil,
    entryNodeId: evil,
    nodes: [{ id: evil, type: "step", title: evil, agentId: evil, at: { x: NaN, y: 1e308 } }],
    edges: [{ ref: evil, from: evil, to: evil, label: evil, conditionText: evil }],
  };
  const props = { scene: sceneOf(hostile), state: { ...state, summary: evil }, texts: english };
  const html = String(<Answer {...props} nodeIds="all" edgeRefs="all" select={[evil]} />);
  assert.doesNotMatch(html, /<script/);
  assert.doesNotMatch(html, /NaN|Infinity/);
});

Deno.test("Answer leaves out an edge without an end, and says that it is not drawn", () => {
  const edges = [{ ref: "e9", from: "a", to: "nowhere", label: "x" }];
  const scene = sceneOf({ ...graph, edges });
  const html = String(
    <Answer scene={scene} state={state} nodeIds={[]} edgeRefs="all" texts={english} />,
  );
  assert.doesNotMatch(html, /id="edge:e9"/);
  assert.match(html, /edge:e9/);
});

Deno.test("movedPath() moves absolute commands and leaves relative ones", () => {
  assert.equal(
    movedPath("M1 2l3 4H5V6A1 1 0 1 0 7 8Z", 100, 10),
    "M 101 12 l 3 4 H 105 V 16 A 1 1 0 1 0 107 18 Z",
  );
});

Deno.test("fitText() cuts what is too wide, and counts Chinese as wide", () => {
  assert.equal(fitText("Ask  for\na wish", 200, 13), "Ask for a wish");
  assert.ok(fitText("m".repeat(1e6), 100, 13).length < 15);
  assert.ok(fitText("流程编辑器的标题很长很长很长", 100, 13).length <= 8);
});
